"""The charter: who the organisation is, signed by its root. Spec §8.

A charter file is a JSON body and one or two root signatures over those very
bytes; nothing is put into a canonical form. It is trusted only as the end of a
chain that begins at the organisation's id.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from silent_courier.protocol.errors import (
    CharterExpiredError,
    CharterSerialError,
    CharterSignatureError,
    MalformedCharterError,
    MalformedPayloadError,
    WrongOrganisationError,
    WrongPortalError,
)
from silent_courier.protocol.payload import Day, Generation, Hex32
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.root import (
    RootPublic,
    SignedBody,
    parse_signed_body,
    verify_root,
)
from silent_courier.protocol.sizes import (
    BOARD_CELLS_MAX,
    CHARTER_LEN_MAX,
    DEVICES_MAX,
    GENERATIONS,
    HANDLERS_MAX,
    LETTER_SLOTS_MAX,
    SLOTS_PER_HANDLER,
)
from silent_courier.protocol.strict_json import parse_document

MAGIC: Final = b"SCCH\x01"
SIGNED_LABEL: Final = b"courier/charter\0"
SECONDS_PER_DAY: Final = 86_400
# Control, format, surrogate, private, line and paragraph separator. Not what is unassigned, which
# is another set in every version of Unicode.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_ONION: Final = ".onion"

Address = Annotated[str, Meta(pattern=r"\A[a-z0-9.:\[\]-]{1,128}\Z")]
Label = Annotated[str, Meta(min_length=1, max_length=60)]


class RootKeys(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The root's two public keys; both must verify."""

    ed25519: Hex32
    ml_dsa_65: Annotated[str, Meta(pattern=r"\A[0-9a-f]{3904}\Z")]


class Handler(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A handler: a number that is never reused, a label, and the generation that ended them."""

    handler: Annotated[int, Meta(ge=0, lt=HANDLERS_MAX)]
    label: Label
    left_generation: Generation | None = None


class Device(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A device slot (handler × 4 + 0 to 3) and its Ed25519 signing key."""

    device: Annotated[int, Meta(ge=0, lt=DEVICES_MAX)]
    key: Hex32


class Parameters(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every part of the system has to agree on. Spec §8.2."""

    epoch_seconds: Annotated[int, Meta(ge=1, le=SECONDS_PER_DAY)] = 3600
    births_per_epoch: Annotated[int, Meta(ge=1, le=256)] = 2
    cell_life_epochs_min: Annotated[int, Meta(ge=1, le=2**20)] = 30 * 24
    cell_life_epochs_max: Annotated[int, Meta(ge=1, le=2**20)] = 44 * 24
    cells_per_day: Annotated[int, Meta(ge=1, le=2**20)]
    minimum_handlers: Annotated[int, Meta(ge=1, le=HANDLERS_MAX)]
    sign_of_life_days: Annotated[int, Meta(ge=1, le=30)] = 7
    letter_slots: Annotated[int, Meta(ge=1, le=LETTER_SLOTS_MAX)]


class CharterBody(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="charter"
):
    """The body of a charter. Spec §8.2."""

    version: Literal[1] = 1
    name: Annotated[str, Meta(min_length=1, max_length=120)]
    org_id: Hex32 | None
    previous: Hex32 | None
    serial: Annotated[int, Meta(ge=1, le=2**31)]
    issued: Day
    expires: Day
    anchor_day: Day
    generation_days: Annotated[tuple[Day, ...], Meta(min_length=1, max_length=GENERATIONS)]
    portal: Address
    desk: Address
    root: RootKeys
    parameters: Parameters
    handlers: Annotated[tuple[Handler, ...], Meta(min_length=1, max_length=HANDLERS_MAX)]
    devices: Annotated[tuple[Device, ...], Meta(min_length=1, max_length=DEVICES_MAX)]

    @property
    def generation(self) -> int:
        """The current generation, counted from 1."""
        return len(self.generation_days)


@dataclass(frozen=True, slots=True)
class Charter:
    """A verified charter: its body, its hash, and the organisation's id (32 bytes each)."""

    body: CharterBody
    hash: bytes
    org_id: bytes

    @property
    def current_handlers(self) -> tuple[Handler, ...]:
        """The handlers who have not left."""
        return tuple(h for h in self.body.handlers if h.left_generation is None)

    @property
    def current_devices(self) -> dict[int, bytes]:
        """Signing public key by slot, of the handlers who have not left."""
        current = {handler.handler for handler in self.current_handlers}
        return {d: key for d, key in self.all_devices.items() if handler_of(d) in current}

    @property
    def all_devices(self) -> dict[int, bytes]:
        """Signing public key by slot, of all handlers there ever were."""
        return {device.device: bytes.fromhex(device.key) for device in self.body.devices}

    def label_of(self, device: int) -> str:
        """The label of the handler whose device this is."""
        return next(h.label for h in self.body.handlers if h.handler == handler_of(device))


def is_visible(name: str) -> bool:
    """Whether nothing in a name is obeyed by a screen, or unseen: two names must look different."""
    return not any(unicodedata.category(character) in _INVISIBLE for character in name)


def handler_of(device: int) -> int:
    """The handler whose slot this is."""
    return device // SLOTS_PER_HANDLER


def encode_body(body: CharterBody) -> bytes:
    """The JSON that is signed and hashed.

    Raises:
        MalformedCharterError: a value breaks the schema or the rules of §8.3.
    """
    data = msgspec.json.encode(body)
    _parse_body(data)
    return data


def charter_hash(body: bytes) -> bytes:
    """SHA-256 of a charter's body; of the first charter, the organisation's id."""
    return sha256(body)


def verify_chain(files: Sequence[bytes], org_id: bytes) -> Charter:
    """Verify a chain of charters from the first to the current. Spec §8.3.

    Args:
        files: the first charter, every root rotation, the current one (once each); untrusted.
        org_id: the 32 bytes the reader was told.

    Returns:
        The last charter of the chain.

    Raises:
        MalformedCharterError, CharterSignatureError, CharterSerialError
        WrongOrganisationError: the chain does not begin at `org_id`.
    """
    if not files:
        raise MalformedCharterError
    first = _parse_file(files[0])
    if charter_hash(first.body) != org_id:  # 1. begins at the id we were told
        raise WrongOrganisationError
    body = _parse_body(first.body)
    if body.org_id is not None:
        raise MalformedCharterError
    root = _root(body)
    _verify_signatures(first, [root])  # 2. signed by its own root
    signed = first
    for file in files[1:]:
        signed = _parse_file(file)
        body, root = _verify_next(signed, body, root, org_id)  # 3. each signed by the last root
    return Charter(body, charter_hash(signed.body), org_id)


def check_dates(charter: Charter, day: int) -> None:
    """Raises CharterExpiredError unless `day` lies between the charter's dates, one day early."""
    if not charter.body.issued - 1 <= day <= charter.body.expires:
        raise CharterExpiredError


def check_portal(charter: Charter, host: str) -> None:
    """Raises WrongPortalError unless an onion is the one that the charter names. Spec §10.3.

    Args:
        charter: verified, and had from this host.
        host: in lower case, without a port; what is no onion has no name to compare.
    """
    if host.endswith(_ONION) and host != charter.body.portal.split(":")[0]:
        raise WrongPortalError


def _verify_next(
    signed: SignedBody, before: CharterBody, root: RootPublic, org_id: bytes
) -> tuple[CharterBody, RootPublic]:
    body = _parse_body(signed.body)
    if body.org_id != org_id.hex():
        raise WrongOrganisationError
    if body.serial <= before.serial or body.anchor_day != before.anchor_day:
        raise CharterSerialError
    next_root = _root(body)
    _verify_signatures(signed, [root] if next_root == root else [root, next_root])
    return body, next_root


def _verify_signatures(signed: SignedBody, roots: Sequence[RootPublic]) -> None:
    if len(signed.signatures) != len(roots):
        raise CharterSignatureError
    for root, signature in zip(roots, signed.signatures, strict=True):
        if not verify_root(root, SIGNED_LABEL + signed.body, signature):
            raise CharterSignatureError


def _root(body: CharterBody) -> RootPublic:
    return RootPublic(bytes.fromhex(body.root.ed25519), bytes.fromhex(body.root.ml_dsa_65))


def _parse_file(file: bytes) -> SignedBody:
    if len(file) > CHARTER_LEN_MAX:
        raise MalformedCharterError
    return parse_signed_body(file, MAGIC)


def _parse_body(data: bytes) -> CharterBody:
    try:
        body = msgspec.convert(parse_document(data), type=CharterBody)
    except (msgspec.ValidationError, MalformedPayloadError):
        raise MalformedCharterError from None
    if not _is_consistent(body):
        raise MalformedCharterError
    return body


def _is_consistent(body: CharterBody) -> bool:
    handlers = [handler.handler for handler in body.handlers]
    devices = [device.device for device in body.devices]
    return (
        (body.org_id is None) == (body.previous is None) == (body.serial == 1)
        and all(map(is_visible, (body.name, *(handler.label for handler in body.handlers))))
        and body.issued <= body.expires
        and body.parameters.cell_life_epochs_min <= body.parameters.cell_life_epochs_max
        and body.parameters.births_per_epoch * body.parameters.cell_life_epochs_max
        <= BOARD_CELLS_MAX
        and list(body.generation_days) == sorted(body.generation_days)
        and handlers == sorted(set(handlers))
        and devices == sorted(set(devices))
        and {handler_of(device) for device in devices} == set(handlers)
        and any(handler.left_generation is None for handler in body.handlers)
        and all(
            h.left_generation is None or 2 <= h.left_generation <= body.generation
            for h in body.handlers
        )
    )
