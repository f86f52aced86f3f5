import pytest

from silent_courier.desk.app.gate import is_own_request

HOST = "127.0.0.1:8123"
OWN = (b"host", b"127.0.0.1:8123")
ORIGIN = (b"origin", b"http://127.0.0.1:8123")
KIND = (b"content-type", b"application/json")


def test_the_page_may_be_opened_and_may_ask() -> None:
    assert is_own_request("GET", [OWN], HOST)
    assert is_own_request("GET", [OWN, (b"sec-fetch-site", b"none")], HOST)
    assert is_own_request("POST", [OWN, ORIGIN, KIND, (b"sec-fetch-site", b"same-origin")], HOST)


@pytest.mark.parametrize("host", [b"evil.example:8123", b"127.0.0.1", b"localhost:8123", b""])
def test_a_name_that_was_turned_to_this_machine_is_refused(host: bytes) -> None:
    assert not is_own_request("GET", [(b"host", host)], HOST)
    assert not is_own_request("POST", [(b"host", host), ORIGIN, KIND], HOST)


@pytest.mark.parametrize(
    "origin", [b"http://evil.example", b"null", b"http://127.0.0.1:8124", b"https://127.0.0.1:8123"]
)
def test_a_foreign_page_is_refused(origin: bytes) -> None:
    assert not is_own_request("POST", [OWN, (b"origin", origin), KIND], HOST)
    assert not is_own_request("GET", [OWN, (b"origin", origin)], HOST)


def test_a_request_across_sites_is_refused_even_without_an_origin() -> None:
    for site in (b"cross-site", b"same-site"):
        assert not is_own_request("GET", [OWN, (b"sec-fetch-site", site)], HOST)


def test_a_post_without_an_origin_or_of_a_form_is_refused() -> None:
    assert not is_own_request("POST", [OWN, KIND], HOST)
    assert not is_own_request("POST", [OWN, ORIGIN], HOST)
    assert not is_own_request("POST", [OWN, ORIGIN, (b"content-type", b"text/plain")], HOST)


def test_a_header_that_stands_there_twice_is_refused() -> None:
    assert not is_own_request("GET", [OWN, OWN], HOST)
    assert not is_own_request("POST", [OWN, ORIGIN, ORIGIN, KIND], HOST)
    none = (b"sec-fetch-site", b"none")
    assert not is_own_request("GET", [OWN, none, none], HOST)
