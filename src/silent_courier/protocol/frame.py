"""The frame every payload stands in: length, JSON, zeros. Spec §4.2.

A frame always has the length it is made for, so that what is inside does not show.
"""

from silent_courier.protocol.errors import PayloadTooLongError, ProtocolError
from silent_courier.protocol.sizes import LENGTH_PREFIX_LEN


def frame(payload: bytes, length: int) -> bytes:
    """4-byte big-endian length, `payload`, zeros: `length` bytes in all.

    Raises:
        PayloadTooLongError: the payload does not fit.
    """
    if LENGTH_PREFIX_LEN + len(payload) > length:
        raise PayloadTooLongError
    prefixed = len(payload).to_bytes(LENGTH_PREFIX_LEN, "big") + payload
    return prefixed.ljust(length, b"\0")


def unframe(data: bytes, malformed: type[ProtocolError]) -> bytes:
    """The payload of a frame; raises `malformed` unless all the rest is zeros."""
    end = LENGTH_PREFIX_LEN + int.from_bytes(data[:LENGTH_PREFIX_LEN], "big")
    if len(data) < LENGTH_PREFIX_LEN or end > len(data) or data.count(0, end) != len(data) - end:
        raise malformed
    return data[LENGTH_PREFIX_LEN:end]
