"""Holding what colleagues were shown against what we were: withheld letters show. Spec §14.11.

Each desk tells the others, signed and sealed, which letters the server listed under each day that
is over. Speaks of hashes alone; what is in a letter is not looked at.
"""

from typing import Final

from silent_courier.desk.alarms import AlarmKind, raise_alarm
from silent_courier.desk.desk import Desk
from silent_courier.desk.roster import Roster
from silent_courier.protocol.charter import handler_of
from silent_courier.protocol.payload import PREFIXES_MAX, DigestPayload, encode_payload
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.sizes import ID_LEN, LETTER_PAYLOAD_MAX
from silent_courier.storage.vault import digests, letters, outbox
from silent_courier.storage.vault.digests import DayDigest

DAYS_COMPARED: Final = 14
PREFIX_LEN: Final = 8
_LETTERS_NAMED: Final = 20


def queue_digests(desk: Desk, roster: Roster) -> int:
    """Queue a digest of each day that is over; how many. The whole list was just seen.

    A desk that has just joined begins with the day it joined on.
    """
    over = roster.keyring.day - 1
    told = digests.digested(desk.vault)
    days = range(max(told + 1, over - DAYS_COMPARED + 1), over + 1) if told else range(0)
    with desk.vault.transaction():
        for day in days:
            payload = make_digest(desk, roster, day)
            content = encode_payload(payload, LETTER_PAYLOAD_MAX)
            outbox.add_letter(desk.vault, bytes.fromhex(payload.id), content)
        digests.set_digested(desk.vault, over)
    return len(days)


def make_digest(desk: Desk, roster: Roster, day: int) -> DigestPayload:
    """What this desk was shown of a day."""
    shown = letters.hashes_of(desk.vault, day)
    prefixes = b"".join(letter[:PREFIX_LEN] for letter in shown)
    return DigestPayload(
        id=desk.random(ID_LEN).hex(),
        org_id=roster.charter.org_id.hex(),
        charter=roster.charter.hash.hex(),
        day=desk.today,
        generation=roster.charter.body.generation,
        listed=day,
        count=len(shown),
        digest=sha256(b"".join(shown)).hex(),
        prefixes=prefixes.hex() if len(shown) <= PREFIXES_MAX else "",
    )


def compare(desk: Desk, roster: Roster, own_device: int) -> None:
    """Hold every colleague's digest against our own list; the whole list was just seen."""
    over = roster.keyring.day - 1
    digests.drop_before(desk.vault, over - DAYS_COMPARED)
    for theirs in digests.between(desk.vault, over - DAYS_COMPARED, over):
        if theirs.device != own_device and theirs.device in roster.charter.current_devices:
            _compare_day(desk, roster, theirs)


def _compare_day(desk: Desk, roster: Roster, theirs: DayDigest) -> None:
    shown = letters.hashes_of(desk.vault, theirs.day)
    if (len(shown), sha256(b"".join(shown))) == (theirs.count, theirs.digest):
        return
    label = roster.charter.label_of(theirs.device)
    ours = {letter[:PREFIX_LEN] for letter in shown}
    told = _split(theirs.prefixes)
    if len(told) != theirs.count or ours == told:
        counts = (str(len(shown)), str(theirs.count))
        _raise(desk, AlarmKind.LISTS_DIFFER, theirs, label, *counts)
        return
    if alone := ours - told:
        _raise(desk, AlarmKind.SHOWN_HERE_ALONE, theirs, label, *_names(alone))
    if withheld := told - ours:
        _raise(desk, AlarmKind.WITHHELD, theirs, label, *_names(withheld))


def _raise(desk: Desk, kind: AlarmKind, theirs: DayDigest, *details: str) -> None:
    slot = f"{handler_of(theirs.device)}/{theirs.device}"
    raise_alarm(desk, kind, theirs.day, slot, *details)


def _split(prefixes: bytes) -> set[bytes]:
    return {prefixes[i : i + PREFIX_LEN] for i in range(0, len(prefixes), PREFIX_LEN)}


def _names(prefixes: set[bytes]) -> list[str]:
    """The beginnings of hashes, by which a letter can be found; the first few, and how many."""
    named = [prefix.hex() for prefix in sorted(prefixes)[:_LETTERS_NAMED]]
    more = len(prefixes) - len(named)
    return [*named, f"+{more}"] if more else named
