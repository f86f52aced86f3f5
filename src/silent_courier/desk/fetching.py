"""Fetching letters: the server's lists, then what of them is not here yet. Spec §12, §14.6.

A letter is on our own list before it is fetched, so a sync that breaks off is gone on with. What
the server gives is believed only as far as its hash goes; one bad letter costs that letter.
"""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from silent_courier.desk.filing import file_passed, file_sealed
from silent_courier.desk.remote import LETTERS_A_READ
from silent_courier.desk.report import Trouble
from silent_courier.desk.session import Session
from silent_courier.protocol.errors import UnexpectedAnswerError
from silent_courier.protocol.letter import letter_hash
from silent_courier.protocol.sizes import RETENTION_DAYS_MAX
from silent_courier.storage.vault import day_keys, identity, letters, passing, presence
from silent_courier.storage.vault.letters import Outcome, State
from silent_courier.storage.vault.passing import FileKey

_DAYS_BACK: Final = RETENTION_DAYS_MAX + 2
_COLLEAGUES: Final = ("reply", "note", "reseal", "history")
_SILENT: Final = ("mark", "digest", "change")


async def list_letters(session: Session) -> bool:
    """Bring our list up to date: every day that is new or that holds another number of letters.

    True when no day's list was refused.
    """
    vault, today = session.desk.vault, session.desk.today
    held = await session.server.days()
    days = {day: count for day, count in held.items() if today - _DAYS_BACK <= day <= today + 1}
    letters.note_days(vault, days)
    # What appears only now came after the last list, whatever day the server gives it.
    last_seen = identity.listed_until(vault) - 1
    complete = True
    for number, (day, count) in enumerate(days.items()):
        session.progress("letters", number, len(days))
        if day >= last_seen or count != letters.count_on_server(vault, day):
            complete &= await _list_day(session, day, last_seen)
    if complete:
        identity.set_listed_until(vault, today)
    presence.saw_keyring(vault, session.roster.keyring.day, session.roster.present)
    presence.saw_signs(vault, session.roster.alive)
    letters.forget_file_keys(vault)
    return complete


async def fetch_letters(session: Session) -> None:
    """Fetch and file what is listed and not here."""
    todo = letters.to_fetch(session.desk.vault)
    keys = day_keys.living(session.desk.vault)
    done = 0
    for batch in _batches(todo):
        for letter, sealed in await _read(session, batch):
            arrival = letters.arrival_of(session.desk.vault, letter) or session.desk.today
            count(session, file_sealed(session.reading, sealed, arrival, keys))
            done += 1
            session.progress("letters", done, len(todo))
            await asyncio.sleep(0)


async def fetch_passed(session: Session) -> None:
    """Fetch and file the letters for which a colleague has sent the file key."""
    vault = session.desk.vault
    keys = passing.file_keys(vault)
    by_letter = {letter: list(group) for letter, group in groupby(keys, lambda key: key.hash)}
    for batch in _batches(list(by_letter)):
        found = dict(await _read(session, batch, expected=False))
        for letter in batch:
            _file_passed(session, by_letter[letter], found.get(letter))
            await asyncio.sleep(0)


def count(session: Session, outcome: Outcome, *, passed: bool = False) -> None:
    """Count what became of a letter."""
    counts = session.tally.counts
    if outcome.state is State.COVER:
        counts["covers"] += 1
    elif outcome.state is State.UNOPENED:
        counts["not_opened"] += 1
    elif outcome.state is State.QUARANTINED:
        counts["quarantined"] += 1
    elif outcome.kind in _SILENT:
        return
    elif passed:
        counts["resealed"] += 1
    elif outcome.kind in _COLLEAGUES:
        counts["colleague_letters"] += 1
    else:
        counts["letters"] += 1


async def _list_day(session: Session, day: int, last_seen: int) -> bool:
    try:
        hashes = await session.server.letters_of(day)
    except UnexpectedAnswerError:
        session.tally.trouble(Trouble.LISTING_REFUSED)
        return False
    letters.note_listing(session.desk.vault, day, hashes, last_seen, session.desk.today)
    return True


async def _read(
    session: Session, batch: Sequence[bytes], *, expected: bool = True
) -> list[tuple[bytes, bytes]]:
    """The letters of a batch that are there and are what they are called."""
    found: list[tuple[bytes, bytes]] = []
    for letter, sealed in zip(batch, await session.server.read_letters(batch), strict=True):
        if sealed and letter_hash(sealed) == letter:
            found.append((letter, sealed))
        elif sealed:
            session.tally.trouble(Trouble.WRONG_LETTER)
        elif expected:
            session.tally.trouble(Trouble.LETTER_GONE)
    return found


def _file_passed(session: Session, keys: Sequence[FileKey], sealed: bytes | None) -> None:
    vault = session.desk.vault
    if sealed is None:
        # What is listed may come next time; what is not, nobody can fetch.
        for key in keys:
            if not letters.is_on_server(vault, key.hash):
                passing.drop_file_key(vault, key)
        return
    for key in keys:
        arrival = letters.arrival_of(vault, key.hash) or session.desk.today
        outcome = file_passed(session.reading, sealed, arrival, key)
        if outcome is not None:
            count(session, outcome, passed=True)
            passing.keep_promise(vault, key)
            passing.drop_used_file_keys(vault)
            return
        session.tally.trouble(Trouble.WRONG_FILE_KEY)
        passing.drop_file_key(vault, key)


def _batches(hashes: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (
        hashes[start : start + LETTERS_A_READ] for start in range(0, len(hashes), LETTERS_A_READ)
    )
