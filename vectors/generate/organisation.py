"""The organisation that all vectors are about, and everybody in it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from silent_courier.protocol.age import HybridIdentity
from silent_courier.protocol.chain import encode_chain
from silent_courier.protocol.charter import MAGIC, SIGNED_LABEL, Charter, verify_chain
from silent_courier.protocol.primitives import ed25519_sign, sha256
from silent_courier.protocol.root import RootKey
from silent_courier.protocol.signing import DeviceKey
from silent_courier.protocol.sizes import LENGTH_PREFIX_LEN
from silent_courier.protocol.thread import ThreadKey, derive_thread_key
from vectors.generate.draw import draw
from vectors.generate.recorded import sign_ml_dsa_65

Json = dict[str, Any]

ANCHOR_DAY: Final = 20_720
TODAY: Final = 20_780
WEEK: Final = 9

FIRST_ROOT: Final = RootKey(draw("root/1/ed25519", 32), draw("root/1/ml-dsa-65", 32))
NEXT_ROOT: Final = RootKey(draw("root/2/ed25519", 32), draw("root/2/ml-dsa-65", 32))
OTHER_ROOT: Final = RootKey(draw("root/3/ed25519", 32), draw("root/3/ml-dsa-65", 32))

ENTROPY: Final = draw("source/entropy", 16)
STRANGER: Final = draw("stranger/entropy", 16)

# Anna has one device, Борис two, and the third handler leaves in the second generation.
SLOTS: Final = (0, 4, 5, 8)


def device_key(slot: int) -> DeviceKey:
    """The signing key of this device slot."""
    return DeviceKey(slot, draw(f"device/{slot}", 32))


def day_identity(slot: int, day: int = TODAY) -> HybridIdentity:
    """The private day key of this device slot."""
    return HybridIdentity(draw(f"day-key/{slot}/{day}", 32))


def thread_key(week: int = WEEK, generation: int = 1) -> ThreadKey:
    """The source's thread key."""
    return derive_thread_key(ENTROPY, ORG_ID, generation, week)


def root_public(key: RootKey) -> Json:
    """The root's keys as a charter names them."""
    return {"ed25519": key.public.ed25519.hex(), "ml_dsa_65": key.public.ml_dsa_65.hex()}


def first_body() -> Json:
    """The body of the first charter, ready to be changed."""
    return {
        "kind": "charter",
        "version": 1,
        "name": "Редакция примера",
        "org_id": None,
        "previous": None,
        "serial": 1,
        "issued": ANCHOR_DAY,
        "expires": ANCHOR_DAY + 365,
        "anchor_day": ANCHOR_DAY,
        "generation_days": [ANCHOR_DAY],
        "portal": "portal.example.onion",
        "desk": "desk.example.onion",
        "root": root_public(FIRST_ROOT),
        "parameters": _parameters(),
        "handlers": [
            {"handler": 0, "label": "Anna"},
            {"handler": 1, "label": "Борис"},
            {"handler": 2, "label": "نور"},
        ],
        "devices": [{"device": s, "key": device_key(s).public.hex()} for s in SLOTS],
    }


def _parameters() -> Json:
    return {
        "epoch_seconds": 3600,
        "births_per_epoch": 2,
        "cell_life_epochs_min": 720,
        "cell_life_epochs_max": 1056,
        "cells_per_day": 12,
        "minimum_handlers": 2,
        "sign_of_life_days": 7,
        "letter_slots": 4,
    }


def next_body(**changes: object) -> Json:
    """The body of a second charter that follows the first, with these changes."""
    return {
        **first_body(),
        "org_id": ORG_ID.hex(),
        "previous": ORG_ID.hex(),
        "serial": 2,
        "issued": ANCHOR_DAY + 30,
        "expires": ANCHOR_DAY + 395,
        **changes,
    }


def revoked_body(*beginnings: int) -> Json:
    """The second charter after the third handler left, and later generations began on these days.

    The handler belonged to all of them but the last.
    """
    days = [ANCHOR_DAY, *(beginnings or (TODAY - 3,))]
    handlers = first_body()["handlers"]
    handlers[2]["left_generation"] = len(days)
    return next_body(handlers=handlers, generation_days=days)


def to_json(body: Json) -> bytes:
    """Compact JSON, in the order of the fields."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def root_signature(key: RootKey, message: bytes) -> bytes:
    """Both halves, the second as it was recorded."""
    return ed25519_sign(key.ed25519_seed, message) + sign_ml_dsa_65(key.ml_dsa_65_seed, message)


def signed_file(
    body: bytes, keys: Sequence[RootKey], magic: bytes = MAGIC, label: bytes = SIGNED_LABEL
) -> bytes:
    """A file with these root signatures, whatever its body says."""
    signatures = b"".join(root_signature(key, label + body) for key in keys)
    return magic + len(body).to_bytes(LENGTH_PREFIX_LEN, "big") + body + signatures


@dataclass(frozen=True, slots=True)
class Chain:
    """Charter files from the first to the current one, and the id they begin at."""

    files: tuple[bytes, ...]
    org_id: bytes

    @property
    def file(self) -> bytes:
        """The chain file."""
        return encode_chain(self.files)

    @property
    def charter(self) -> Charter:
        """The current charter, verified."""
        return verify_chain(self.files, self.org_id)

    def then(self, body: Json, *keys: RootKey) -> "Chain":
        """The chain with one more charter, signed by these roots."""
        return Chain((*self.files, signed_file(to_json(body), keys)), self.org_id)


def chain_of(body: Json, *keys: RootKey) -> Chain:
    """The chain of a first charter alone."""
    data = to_json(body)
    return Chain((signed_file(data, keys or (FIRST_ROOT,)),), sha256(data))


ORG_ID: Final = sha256(to_json(first_body()))
OTHER_ORG_ID: Final = draw("other/org-id", 32)
FIRST: Final = chain_of(first_body())
REVOKED: Final = FIRST.then(revoked_body(), FIRST_ROOT)
DEVICE_KEYS: Final = tuple(f"{slot} {device_key(slot).public.hex()}" for slot in SLOTS)
