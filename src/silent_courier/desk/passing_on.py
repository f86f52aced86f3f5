"""Passing letters on to colleagues who could not open them when they came. Spec §14.5.

Of those who have a letter and are there, the lowest slot passes it on, so that not everybody
does; a handler's request overrides that. What goes out is sealed to all who are there.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from silent_courier.desk.desk import Desk
from silent_courier.desk.roster import Roster
from silent_courier.protocol.kept import KeptLetterPayload, encode_kept, parse_passed
from silent_courier.protocol.payload import (
    HISTORY_PART_LEN,
    RESEALED_LETTERS_MAX,
    ColleaguePayload,
    HistoryPayload,
    ResealedLetter,
    ResealPayload,
    encode_payload,
)
from silent_courier.protocol.sizes import ID_LEN, LETTER_PAYLOAD_MAX
from silent_courier.storage.vault import outbox, passing, presence, threads
from silent_courier.storage.vault.passing import Passable

LETTERS_A_SYNC: Final = 64
"""Colleague letters that one sync may add for this; the next one goes on."""


def plan(desk: Desk, roster: Roster, own_device: int) -> int:
    """Queue what is to be passed on now; how many letters that is for.

    Nothing is planned while an earlier plan is still to be posted.
    """
    if any(is_passing_on(letter.payload) for letter in outbox.letters(desk.vault)):
        return 0
    chosen: dict[bytes, Passable] = {}
    for target in sorted(roster.present - {own_device}):
        mine = list(_for_target(desk, roster, own_device, target))
        chosen.update((letter.hash, letter) for letter in mine)
        if not mine:
            passing.no_longer_want(desk.vault, target)
    payloads = list(_payloads(desk, roster, list(chosen.values())))[:LETTERS_A_SYNC]
    with desk.vault.transaction():
        for payload in payloads:
            content = encode_payload(payload, LETTER_PAYLOAD_MAX)
            outbox.add_letter(desk.vault, bytes.fromhex(payload.id), content, bulk=True)
    return len(chosen)


def is_passing_on(payload: bytes) -> bool:
    """Whether a queued payload passes letters on."""
    return json.loads(payload)["kind"] in ("reseal", "history")


def passed_letters(payload: bytes) -> list[bytes]:
    """Which letters a payload passes on, by their hashes; of a history the last part counts."""
    content = json.loads(payload)
    if content["kind"] == "reseal":
        return [bytes.fromhex(item["letter"]) for item in content["letters"]]
    if content["kind"] == "history" and content["part"] + 1 == content["parts"]:
        return [bytes.fromhex(content["letter"])]
    return []


def _for_target(desk: Desk, roster: Roster, own_device: int, target: int) -> Iterator[Passable]:
    wanted = target in passing.wanted(desk.vault)
    for day in passing.days_with_letters(desk.vault):
        # Of days to come there is no keyring yet; the next syncs will know.
        if day > roster.keyring.day:
            continue
        up_to = presence.EVERY if wanted else presence.lacks_up_to(desk.vault, day, target)
        for letter in passing.passable(desk.vault, day, target, up_to) if up_to else ():
            holders = passing.holders(desk.vault, letter.hash) | presence.could_open(
                desk.vault, day, letter.seq, roster.live
            )
            if wanted or own_device == _whose_turn(roster, holders, own_device, target):
                yield letter


def _whose_turn(roster: Roster, holders: frozenset[int], own_device: int, target: int) -> int:
    return min({own_device, *(holders & roster.live)} - {target})


def _payloads(
    desk: Desk, roster: Roster, letters: Sequence[Passable]
) -> Iterator[ColleaguePayload]:
    sealed = [letter for letter in letters if letter.on_server and letter.file_key]
    for start in range(0, len(sealed), RESEALED_LETTERS_MAX):
        yield _reseal(desk, roster, sealed[start : start + RESEALED_LETTERS_MAX])
    for letter in letters:
        if not (letter.on_server and letter.file_key):
            yield from _history(desk, roster, letter)


def _reseal(desk: Desk, roster: Roster, letters: Sequence[Passable]) -> ResealPayload:
    keys = tuple(
        ResealedLetter(letter=letter.hash.hex(), file_key=(letter.file_key or b"").hex())
        for letter in letters
    )
    return ResealPayload(
        id=desk.random(ID_LEN).hex(),
        org_id=roster.charter.org_id.hex(),
        charter=roster.charter.hash.hex(),
        day=desk.today,
        generation=roster.charter.body.generation,
        letters=keys,
    )


def _with_pin(desk: Desk, payload: bytes) -> bytes:
    """A source's letter with this week's thread key: the newcomer could not answer without."""
    kept = parse_passed(payload)
    if not isinstance(kept, KeptLetterPayload):
        return payload
    pin = threads.pin(desk.vault, bytes.fromhex(kept.source_id), kept.generation)
    if pin is None:
        return payload
    return encode_kept(msgspec.structs.replace(kept, thread_key=pin.key.hex(), week=pin.week))


def _history(desk: Desk, roster: Roster, letter: Passable) -> Iterator[HistoryPayload]:
    content = _with_pin(desk, letter.payload) + letter.trailer
    starts = range(0, len(content), HISTORY_PART_LEN)
    for part, start in enumerate(starts):
        yield HistoryPayload(
            id=desk.random(ID_LEN).hex(),
            org_id=roster.charter.org_id.hex(),
            charter=roster.charter.hash.hex(),
            day=desk.today,
            generation=roster.charter.body.generation,
            letter=letter.hash.hex(),
            part=part,
            parts=len(starts),
            data=content[start : start + HISTORY_PART_LEN].hex(),
        )
