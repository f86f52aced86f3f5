"""A frame is as long as it is made for, and holds nothing but its payload and zeros."""

import pytest

from silent_courier.protocol.errors import (
    MalformedCellError,
    MalformedLetterError,
    PayloadTooLongError,
)
from silent_courier.protocol.frame import frame, unframe


@pytest.mark.parametrize("payload", [b"", b"x", b"x" * 59, b"x" * 60, b"\0\0"])
def test_payload_comes_back_from_a_frame_of_one_length(payload: bytes) -> None:
    framed = frame(payload, 64)

    assert len(framed) == 64
    assert unframe(framed, MalformedLetterError) == payload


def test_payload_one_byte_too_long_is_refused() -> None:
    with pytest.raises(PayloadTooLongError):
        frame(bytes(61), 64)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0\0",
        b"\0\0\0\1",
        b"\0\0\0\5four",
        b"\xff\xff\xff\xffdata",
        b"\0\0\0\1xy",
        b"\0\0\0\0\0\0\1",
    ],
    ids=["empty", "cut prefix", "no payload", "one short", "huge", "padding", "last padding"],
)
def test_other_bytes_are_refused_as_the_caller_says(data: bytes) -> None:
    for malformed in (MalformedLetterError, MalformedCellError):
        with pytest.raises(malformed):
            unframe(data, malformed)
