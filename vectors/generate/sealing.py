"""Letters sealed with recorded stanzas, and plaintexts of letters put together by hand."""

from collections.abc import Sequence
from typing import Final

from silent_courier.protocol.age import HybridIdentity
from silent_courier.protocol.age.header import format_header
from silent_courier.protocol.age.payload import seal_payload
from silent_courier.protocol.frame import frame
from silent_courier.protocol.signing import DeviceKey, sign
from silent_courier.protocol.sizes import DEVICE_LEN, LETTER_PLAINTEXT_LEN, TRAILER_LEN
from vectors.generate.draw import draw
from vectors.generate.organisation import ORG_ID, day_identity
from vectors.generate.recorded import wrap

FILE_KEY: Final = draw("letter/file-key", 16)
NOBODY: Final = HybridIdentity(draw("letter/nobody", 32))
READERS: Final = (day_identity(0), day_identity(4))
NO_TRAILER: Final = bytes(TRAILER_LEN)


def seal(
    plaintext: bytes,
    label: str,
    identities: Sequence[HybridIdentity] = (*READERS, NOBODY),
    file_key: bytes = FILE_KEY,
) -> bytes:
    """An age file with a recorded header; the label chooses the payload's nonce."""
    header = format_header([wrap(identity, file_key) for identity in identities], file_key)
    return header + seal_payload(plaintext, file_key, draw(f"letter/nonce/{label}", 16))


def plaintext(data: bytes, trailer: bytes = NO_TRAILER) -> bytes:
    """A letter's 16 KiB around this payload."""
    return frame(data, LETTER_PLAINTEXT_LEN - TRAILER_LEN) + trailer


def signed_trailer(
    data: bytes, key: DeviceKey, org_id: bytes = ORG_ID, label: str = "letter"
) -> bytes:
    """The trailer that this device would write."""
    return key.device.to_bytes(DEVICE_LEN, "big") + sign(label, org_id, key, data)


def flip(data: bytes, position: int, bit: int = 0) -> bytes:
    """The same bytes with one bit turned over; positions count from the end when negative."""
    changed = bytearray(data)
    changed[position] ^= 1 << bit
    return bytes(changed)
