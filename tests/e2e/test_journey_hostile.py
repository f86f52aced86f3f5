"""A stranger pours poison into the letterbox: every honest letter is read, and each once."""

import asyncio
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from silent_courier import desk as desks
from silent_courier.protocol.age import HybridRecipient
from silent_courier.protocol.keyring import VerifiedKeyring, choose_day_statements
from silent_courier.protocol.letter import seal_plaintext
from silent_courier.protocol.payload import LetterPayload
from silent_courier.protocol.sizes import LETTER_PLAINTEXT_LEN
from silent_courier.source.compose import Draft, compose_letter
from silent_courier.source.portal import Portal, post_letter, take_ticket
from silent_courier.source.progress import untold
from silent_courier.source.seal import seal_for
from silent_courier.source.visit import read
from tests.e2e.house import House, open_house

HONEST = 20


def compose(keyring: VerifiedKeyring, text: str) -> LetterPayload:
    """A letter of a source nobody has heard of before."""
    return compose_letter(
        Draft(text),
        (),
        secrets.token_bytes(16),
        charter=keyring.charter,
        entropy=secrets.token_bytes(16),
        day=keyring.day,
    )


def seal_raw(keyring: VerifiedKeyring, payload: bytes) -> bytes:
    """A letter whose plaintext holds whatever a stranger likes."""
    recipients = [HybridRecipient(s.recipient) for s in choose_day_statements(keyring)]
    plaintext = len(payload).to_bytes(4, "big") + payload
    slots = keyring.charter.body.parameters.letter_slots
    padded = plaintext.ljust(LETTER_PLAINTEXT_LEN, b"\0")
    return seal_plaintext(padded, recipients, slots, secrets.token_bytes)


def altered_json(change: Callable[[dict[str, Any]], None]) -> Callable[[VerifiedKeyring], bytes]:
    def make(keyring: VerifiedKeyring) -> bytes:
        fields = json.loads(msgspec.json.encode(compose(keyring, "poison")))
        change(fields)
        return json.dumps(fields).encode()

    return make


def spliced(old: bytes, new: bytes) -> Callable[[VerifiedKeyring], bytes]:
    def make(keyring: VerifiedKeyring) -> bytes:
        return msgspec.json.encode(compose(keyring, "poison")).replace(old, new)

    return make


POISON: dict[str, Callable[[VerifiedKeyring], bytes]] = {
    "half a character": spliced(b'"poison"', rb'"\ud800"'),
    "eight thousand brackets": lambda _: b"[" * 8000,
    "brackets in the text's place": spliced(b'"poison"', b"[" * 7000 + b"]" * 7000),
    "a number of five thousand digits": spliced(b'"poison"', b"1" * 5000),
    "a key twice": spliced(b'"text"', b'"text":"a","text"'),
    "not a number": spliced(b'"poison"', b"NaN"),
    "another organisation": altered_json(lambda f: f.update(org_id="00" * 32)),
    "a version to come": altered_json(lambda f: f.update(version=2)),
    "a field too many": altered_json(lambda f: f.update(more="x")),
    "a kind that only handlers write": altered_json(lambda f: f.update(kind="note")),
    "weeks ahead": altered_json(lambda f: f.update(week=400)),
    "a generation to come": altered_json(lambda f: f.update(generation=7)),
    "not text at all": lambda _: b"\xff\xfe\x00",
    "nothing": lambda _: b"",
}


async def open_keyring(house: House, portal: Portal) -> VerifiedKeyring:
    return (await read(portal, house.org_id, bytes(16), house.clock)).keyring


async def test_poison_among_letters_stops_none_and_a_replayed_letter_appears_once(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house, house.source_transport() as transport:
        portal = Portal(transport, secrets.token_bytes, asyncio.sleep, untold)
        keyring = await open_keyring(house, portal)
        honest = [
            seal_for(keyring, compose(keyring, f"letter {n}"), secrets.token_bytes)
            for n in range(HONEST)
        ]
        poison = [seal_raw(keyring, make(keyring)) for make in POISON.values()]
        flipped = [flip(honest[0], place) for place in (5, 60, 2_000, 9_000, -1)]
        for letter in [*honest, *poison, *flipped, *honest[:3]]:
            await post_letter(portal, letter, await take_ticket(portal))
        reports = await house.sync()

        for label, report in reports.items():
            previews = sorted(row.preview for row in desks.list_threads(house.desk(label)))
            assert previews == sorted(f"letter {n}" for n in range(HONEST))
            assert report.letters == HONEST
            assert report.quarantined + report.not_opened == len(poison) + len(flipped)
            assert all(row.sentence for row in desks.list_quarantine(house.desk(label)))
        assert (await house.sync("Анна"))["Анна"].letters == 0


def flip(letter: bytes, place: int) -> bytes:
    altered = bytearray(letter)
    altered[place] ^= 1
    return bytes(altered)
