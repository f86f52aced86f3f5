"""The access list, from root to server, and a desk's request, from desk to root. Spec §8.5, §8.6.

The access list is not public: it says which devices may reach the desk onion.
"""

from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from silent_courier.protocol.charter import Charter, Label, is_visible
from silent_courier.protocol.errors import (
    CharterSignatureError,
    MalformedCharterError,
    MalformedPayloadError,
    WrongOrganisationError,
)
from silent_courier.protocol.payload import Hex32
from silent_courier.protocol.primitives import ed25519_public, ed25519_sign, ed25519_verify, sha256
from silent_courier.protocol.root import RootPublic, parse_signed_body, verify_root
from silent_courier.protocol.sizes import CHARTER_LEN_MAX, DEVICES_MAX, ED25519_SIGNATURE_LEN
from silent_courier.protocol.strict_json import parse_document

MAGIC: Final = b"SCAC\x01"
SIGNED_LABEL: Final = b"courier/access\0"
_REQUEST_MAGIC: Final = b"SCRQ\x01"
_REQUEST_LABEL: Final = b"courier/request\0"

T = TypeVar("T")

DEVICE_FINGERPRINT_DIGITS: Final = 32


class DeviceAccess(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One device: its tor client key (x25519 public) and the SHA-256 of its bearer token."""

    device: Annotated[int, Meta(ge=0, lt=DEVICES_MAX)]
    tor_client_key: Hex32
    token_hash: Hex32


class AccessBody(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="access"
):
    """Body of an access list; holds for the one charter it names."""

    version: Literal[1] = 1
    org_id: Hex32
    charter: Hex32
    devices: tuple[DeviceAccess, ...]


class RequestBody(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="request"
):
    """What a new desk asks the organisation to enrol."""

    version: Literal[1] = 1
    label: Label
    signing_key: Hex32
    tor_client_key: Hex32
    token_hash: Hex32


@dataclass(frozen=True, slots=True)
class Access:
    """A verified access list: tor client key and token hash by device slot."""

    tor_client_keys: dict[int, bytes]
    token_hashes: dict[int, bytes]


def verify_access(file: bytes, charter: Charter) -> Access:
    """Verify an access list against the charter it must go with. Spec §8.5.

    Raises:
        MalformedCharterError, CharterSignatureError
        WrongOrganisationError: it goes with another organisation or another charter.
    """
    if len(file) > CHARTER_LEN_MAX:
        raise MalformedCharterError
    signed = parse_signed_body(file, MAGIC)
    keys = charter.body.root
    root = RootPublic(bytes.fromhex(keys.ed25519), bytes.fromhex(keys.ml_dsa_65))
    if len(signed.signatures) != 1 or not verify_root(
        root, SIGNED_LABEL + signed.body, signed.signatures[0]
    ):
        raise CharterSignatureError
    body = _convert(signed.body, AccessBody)
    if body.org_id != charter.org_id.hex() or body.charter != charter.hash.hex():
        raise WrongOrganisationError
    return Access(
        {entry.device: bytes.fromhex(entry.tor_client_key) for entry in body.devices},
        {entry.device: bytes.fromhex(entry.token_hash) for entry in body.devices},
    )


def encode_request(body: RequestBody, signing_seed: bytes) -> bytes:
    """A request file: magic, JSON, and the 64-byte signature of the key it asks to enrol."""
    if ed25519_public(signing_seed).hex() != body.signing_key:
        raise ValueError("a request is signed by the key it names")
    data = msgspec.json.encode(body)
    return _REQUEST_MAGIC + data + ed25519_sign(signing_seed, _REQUEST_LABEL + data)


def device_fingerprint(signing_key: bytes) -> str:
    """A device's key as people read it to each other before it is enrolled: 128 bits. Spec §8.8."""
    text = sha256(signing_key).hex()[:DEVICE_FINGERPRINT_DIGITS]
    return " ".join(text[i : i + 4] for i in range(0, DEVICE_FINGERPRINT_DIGITS, 4))


def parse_request(file: bytes) -> RequestBody:
    """Read a request and check that its sender holds the signing key. Spec §8.6.

    Raises:
        MalformedCharterError: not a request.
        CharterSignatureError: not signed by the key it names.
    """
    if len(file) > CHARTER_LEN_MAX or file[: len(_REQUEST_MAGIC)] != _REQUEST_MAGIC:
        raise MalformedCharterError
    data = file[len(_REQUEST_MAGIC) : -ED25519_SIGNATURE_LEN]
    body = _convert(data, RequestBody)
    if not is_visible(body.label):
        raise MalformedCharterError
    signature = file[-ED25519_SIGNATURE_LEN:]
    if not ed25519_verify(bytes.fromhex(body.signing_key), signature, _REQUEST_LABEL + data):
        raise CharterSignatureError
    return body


def _convert(data: bytes, kind: type[T]) -> T:
    try:
        return msgspec.convert(parse_document(data), type=kind)
    except (msgspec.ValidationError, MalformedPayloadError):
        raise MalformedCharterError from None
