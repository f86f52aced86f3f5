"""A sample organisation with any number of handlers, made in memory for measuring."""

import secrets
from dataclasses import dataclass

from silent_courier.protocol import age
from silent_courier.protocol.charter import (
    MAGIC,
    SIGNED_LABEL,
    Charter,
    CharterBody,
    Device,
    Handler,
    Parameters,
    RootKeys,
    charter_hash,
    encode_body,
    verify_chain,
)
from silent_courier.protocol.payload import LetterPayload
from silent_courier.protocol.root import RootKey, encode_signed_body
from silent_courier.protocol.signing import DeviceKey
from silent_courier.protocol.sizes import SLOTS_PER_HANDLER
from silent_courier.protocol.thread import ThreadKey, derive_auth, derive_thread_key

DAY = 20_780


@dataclass(frozen=True, slots=True)
class Sample:
    """A charter, the devices' signing keys and one day's identities."""

    charter: Charter
    devices: list[DeviceKey]
    identities: list[age.HybridIdentity]

    @property
    def recipients(self) -> list[age.HybridRecipient]:
        """The day's recipients."""
        return [identity.recipient() for identity in self.identities]


def make_sample(handlers: int) -> Sample:
    """An organisation with this many handlers of one device each."""
    root = RootKey(secrets.token_bytes(32), secrets.token_bytes(32))
    devices = [
        DeviceKey(number * SLOTS_PER_HANDLER, secrets.token_bytes(32)) for number in range(handlers)
    ]
    body = encode_body(_body(root, devices))
    file = encode_signed_body(MAGIC, SIGNED_LABEL, body, [root])
    charter = verify_chain([file], charter_hash(body))
    return Sample(charter, devices, [age.HybridIdentity(secrets.token_bytes(32)) for _ in devices])


def _body(root: RootKey, devices: list[DeviceKey]) -> CharterBody:
    return CharterBody(
        name="Sample",
        org_id=None,
        previous=None,
        serial=1,
        issued=DAY,
        expires=DAY + 365,
        anchor_day=DAY,
        generation_days=(DAY,),
        portal="127.0.0.1:1",
        desk="127.0.0.1:2",
        root=RootKeys(ed25519=root.public.ed25519.hex(), ml_dsa_65=root.public.ml_dsa_65.hex()),
        parameters=Parameters(
            cells_per_day=8, minimum_handlers=1, letter_slots=max(4, 2 * len(devices))
        ),
        handlers=tuple(Handler(handler=i, label=f"H{i}") for i in range(len(devices))),
        devices=tuple(Device(device=key.device, key=key.public.hex()) for key in devices),
    )


def make_letter(sample: Sample, entropy: bytes, text: str) -> tuple[LetterPayload, ThreadKey]:
    """A letter of week 0 and the thread key it carries."""
    org_id = sample.charter.org_id
    thread_key = derive_thread_key(entropy, org_id, 1, 0)
    letter = LetterPayload(
        id=secrets.token_hex(16),
        org_id=org_id.hex(),
        charter=sample.charter.hash.hex(),
        day=DAY,
        generation=1,
        auth=derive_auth(entropy, org_id, 1).hex(),
        thread_key=thread_key.key.hex(),
        week=0,
        language="en",
        text=text,
    )
    return letter, thread_key
