"""Who exported a case, and that nothing in it was changed since. Spec §14.20.

A device signs the SHA-256 of a list of files, under a charter and for a day. Whoever has the
organisation's charter can check it years later, also when the handler has left.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from silent_courier.protocol.charter import Charter
from silent_courier.protocol.errors import CaseSignatureError, MalformedCaseError, ProtocolError
from silent_courier.protocol.payload import Hex32
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.signing import DeviceKey, DevicePublic, sign, verify
from silent_courier.protocol.sizes import DAY_LEN
from silent_courier.protocol.strict_json import parse_document

LABEL = "case-export"
Hex64 = Annotated[str, Meta(pattern="^[0-9a-f]{128}$")]


class CaseSeal(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The signed statement; `sums` is the hash of the list of files."""

    version: Literal[1] = 1
    kind: Literal["case-export"] = "case-export"
    org_id: Hex32
    charter: Hex32
    device: Annotated[int, Meta(ge=0, le=255)]
    day: Annotated[int, Meta(ge=0, le=2**32 - 1)]
    sums: Hex32
    signature: Hex64


def seal_case(charter: Charter, key: DeviceKey, day: int, sums: bytes) -> bytes:
    """The JSON that this device signs a list of files with."""
    digest = sha256(sums)
    seal = CaseSeal(
        org_id=charter.org_id.hex(),
        charter=charter.hash.hex(),
        device=key.device,
        day=day,
        sums=digest.hex(),
        signature=sign(LABEL, charter.org_id, key, _content(charter.hash, day, digest)).hex(),
    )
    return msgspec.json.encode(seal)


def parse_case_seal(data: bytes) -> CaseSeal:
    """A seal as it lies beside a case; nothing is verified yet. MalformedCaseError."""
    try:
        return msgspec.convert(parse_document(data), CaseSeal)
    except (ProtocolError, msgspec.ValidationError):
        raise MalformedCaseError from None


def verify_case_seal(seal: CaseSeal, charter: Charter, sums: bytes) -> None:
    """Hold a seal against the organisation's charter and the list of files.

    A device that has been revoked since counts: the charter says whose it was.

    Raises:
        CaseSignatureError: another organisation, no device of it, another list, or no signature.
    """
    digest, key = sha256(sums), charter.all_devices.get(seal.device)
    if seal.org_id != charter.org_id.hex() or seal.sums != digest.hex() or key is None:
        raise CaseSignatureError
    content = _content(bytes.fromhex(seal.charter), seal.day, digest)
    signer = DevicePublic(seal.device, key)
    if not verify(LABEL, charter.org_id, signer, content, bytes.fromhex(seal.signature)):
        raise CaseSignatureError


def _content(charter_hash: bytes, day: int, digest: bytes) -> bytes:
    return charter_hash + day.to_bytes(DAY_LEN, "big") + digest
