"""A chain file: the charters from first to current, for desks and servers. Spec §8.7."""

from collections.abc import Sequence
from typing import Final

from silent_courier.protocol.errors import MalformedCharterError
from silent_courier.protocol.sizes import CHARTER_LEN_MAX, LENGTH_PREFIX_LEN

_MAGIC: Final = b"SCCN\x01"


def encode_chain(charters: Sequence[bytes]) -> bytes:
    """Magic, then each charter file after its 4-byte length."""
    return _MAGIC + b"".join(
        len(charter).to_bytes(LENGTH_PREFIX_LEN, "big") + charter for charter in charters
    )


def parse_chain(data: bytes) -> tuple[bytes, ...]:
    """The charter files of a chain file; nothing is verified yet.

    Raises:
        MalformedCharterError: other magic, or lengths that do not add up.
    """
    if data[: len(_MAGIC)] != _MAGIC:
        raise MalformedCharterError
    charters: list[bytes] = []
    position = len(_MAGIC)
    while position < len(data):
        start = position + LENGTH_PREFIX_LEN
        position = start + int.from_bytes(data[position:start], "big")
        if position > len(data) or position - start > CHARTER_LEN_MAX:
            raise MalformedCharterError
        charters.append(data[start:position])
    if not charters:
        raise MalformedCharterError
    return tuple(charters)
