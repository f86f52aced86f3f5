"""The headers of every answer are those that are written out, each once."""

import pytest

from silent_courier.protocol.strict_headers import PORTAL_POLICY, strict_headers, wrong_headers
from tests.headers import POLICIES, assert_exact

FORBIDDEN = {b"date", b"server", b"etag", b"last-modified", b"set-cookie"}


def test_headers_are_the_exact_ones() -> None:
    assert_exact(strict_headers(next(iter(POLICIES)), b"image/png", 7))


def test_only_policy_type_and_length_differ() -> None:
    one, other = strict_headers(b"a", b"b", 1), strict_headers(b"c", b"d", 2)

    assert {name for (name, left), (_, right) in zip(one, other, strict=True) if left != right} == {
        b"content-security-policy",
        b"content-type",
        b"content-length",
    }


def test_none_tells_time_software_or_visitor() -> None:
    assert not {name for name, _ in strict_headers(b"", b"", 0)} & FORBIDDEN


HTML = b"text/html; charset=utf-8"
GIVEN = strict_headers(PORTAL_POLICY, HTML, 7)
LOOSER = PORTAL_POLICY.replace(b"style-src 'self'", b"style-src *")


def test_what_a_server_sends_is_right_in_any_case_and_order_and_at_a_connections_end() -> None:
    for given in (
        GIVEN,
        GIVEN[::-1],
        [(name.title(), value) for name, value in GIVEN],
        [*GIVEN, (b"Connection", b"close")],
    ):
        assert wrong_headers(given, HTML, 7) == []


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ((b"refresh", b"0; url=/en/other"), [b"refresh"]),
        ((b"Link", b"<https://x/>; rel=stylesheet"), [b"link"]),
        ((b"set-cookie", b"a=b"), [b"set-cookie"]),
        ((b"content-security-policy", LOOSER), [b"content-security-policy"]),
        ((b"content-type", HTML), [b"content-type"]),
        ((b"connection", b"keep-alive"), [b"connection"]),
    ],
)
def test_header_too_many_is_wrong(more: tuple[bytes, bytes], wrong: list[bytes]) -> None:
    assert wrong_headers([*GIVEN, more], HTML, 7) == wrong


def test_connection_ends_once() -> None:
    twice = [*GIVEN, *[(b"connection", b"close")] * 2]
    assert wrong_headers(twice, HTML, 7) == [b"connection"]


@pytest.mark.parametrize("number", range(len(GIVEN)))
def test_header_too_few_or_with_another_value_is_wrong(number: int) -> None:
    (name, value), rest = GIVEN[number], [*GIVEN[:number], *GIVEN[number + 1 :]]

    assert wrong_headers(rest, HTML, 7) == [name]
    assert wrong_headers([*rest, (name, value + b" ")], HTML, 7) == [name]


def test_policy_that_only_holds_the_right_words_is_wrong() -> None:
    assert wrong_headers(strict_headers(LOOSER, HTML, 7), HTML, 7) == [b"content-security-policy"]
