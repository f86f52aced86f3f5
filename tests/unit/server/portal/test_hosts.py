"""A page is ours only under our own names."""

import pytest

from silent_courier.server.portal.hosts import is_from_own_page, is_own, own_hosts

ONION = "a" * 56 + ".onion"


def _asks(*hosts: str) -> dict[str, object]:
    return {"headers": [(b"host", host.encode()) for host in hosts]}


@pytest.mark.parametrize("host", [ONION, ONION.upper(), "127.0.0.1:8001", "localhost:8001"])
def test_own_names_are_ours(host: str) -> None:
    assert is_own(_asks(host), own_hosts(ONION, "127.0.0.1:8001"))


@pytest.mark.parametrize(
    "host",
    [
        f"{ONION}.to",
        f"www.{ONION}",
        f"{ONION}:80",
        "localhost",
        "127.0.0.1:8002",
        "evil.example",
        "",
    ],
)
def test_other_names_are_not(host: str) -> None:
    assert not is_own(_asks(host), own_hosts(ONION, "127.0.0.1:8001"))


def test_no_name_and_two_names_are_not_ours() -> None:
    assert not is_own(_asks(), own_hosts(ONION, None))
    assert not is_own(_asks(ONION, ONION), own_hosts(ONION, None))


def _posts(*headers: tuple[str, str]) -> bool:
    scope = {"headers": [(name.encode(), value.encode()) for name, value in headers]}
    return is_from_own_page(scope, own_hosts(ONION, "127.0.0.1:8001"))


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("origin", "null"),),
        (("origin", "null"), ("sec-fetch-site", "same-origin")),
        (("origin", f"http://{ONION}"), ("sec-fetch-site", "same-origin")),
        (("origin", "http://127.0.0.1:8001"),),
        (("sec-fetch-site", "none"),),
    ],
)
def test_forms_of_our_own_pages_are_taken_as_each_browser_sends_them(
    headers: tuple[tuple[str, str], ...],
) -> None:
    assert _posts(*headers)


@pytest.mark.parametrize(
    "headers",
    [
        (("origin", "null"), ("sec-fetch-site", "cross-site")),
        (("sec-fetch-site", "same-site"),),
        (("sec-fetch-site", ""),),
        (("origin", "http://evil.example"),),
        (("origin", f"http://{ONION}:8080"), ("sec-fetch-site", "same-origin")),
        (("origin", f"https://{ONION}.to"),),
        (("origin", "http://127.0.0.1:8002"),),
        (("origin", ""),),
        (("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")),
        (("origin", f"http://{ONION}"), ("origin", "http://evil.example")),
    ],
)
def test_forms_of_a_strangers_page_are_not(headers: tuple[tuple[str, str], ...]) -> None:
    assert not _posts(*headers)


def test_behind_tor_alone_this_machine_is_a_stranger() -> None:
    assert own_hosts(ONION, None) == {ONION.encode()}
