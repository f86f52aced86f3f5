"""The headers of every answer are those that are written out, each once."""

from silent_courier.protocol.strict_headers import strict_headers
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
