"""Alarms: what no honest server, colleague or clock causes, until a handler dismisses it. §14.12.

Raising one changes nothing else: the sync goes on wherever it can. Letters that were put apart
are alarms of their own kind and stand in the quarantine.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from silent_courier.desk.auditing import Act, record
from silent_courier.desk.dates import iso_date
from silent_courier.desk.desk import Desk
from silent_courier.storage.vault import alarms
from silent_courier.storage.vault.alarms import Cause


class AlarmKind(StrEnum):
    """What happened."""

    SHOWN_HERE_ALONE = "shown-here-alone"
    WITHHELD = "withheld"
    NOT_OPENED = "not-opened"
    LISTS_DIFFER = "lists-differ"
    TWO_DAY_KEYS = "two-day-keys"
    FOREIGN_DAY_KEY = "foreign-day-key"
    NOT_IN_KEYRING = "not-in-keyring"
    CELLS_MISSING = "cells-missing"
    OLD_BOARD = "old-board"
    CHARTER_ENDS = "charter-ends"
    CHARTER_CONFLICT = "charter-conflict"
    VAULT_COPIED = "vault-copied"
    PORTAL_CHANGED = "portal-changed"
    TOO_MANY = "too-many"
    DAY_KEYS_END = "day-keys-end"
    CLOCK = "clock"
    FLOOD = "flood"
    FLOODING_THREAD = "flooding-thread"

    @property
    def sentence(self) -> str:
        """One sentence for the handler."""
        return _SENTENCES[self]


_SENTENCES: Final = {
    AlarmKind.SHOWN_HERE_ALONE: "Letters of this day were shown to this desk, and a colleague's"
    " desk was not shown them.",
    AlarmKind.WITHHELD: "Letters of this day were shown to a colleague's desk and withheld from"
    " this one.",
    AlarmKind.NOT_OPENED: "Letters came on this day that are sealed to no living day key of this"
    " desk, which was there: they were held back for more than a week, or are not for it.",
    AlarmKind.LISTS_DIFFER: "A colleague's desk was shown other letters of this day than this one.",
    AlarmKind.TWO_DAY_KEYS: "A device has stated two day keys for one day: somebody else may hold"
    " its signing key.",
    AlarmKind.FOREIGN_DAY_KEY: "The keyring names a day key of this desk that this vault did not"
    " make: somebody else may hold its signing key.",
    AlarmKind.NOT_IN_KEYRING: "The keyring leaves out this desk's day key, so sources do not seal"
    " letters to it.",
    AlarmKind.CELLS_MISSING: "Answers of this desk are not on the public board, and must be by"
    " now.",
    AlarmKind.OLD_BOARD: "The public board is an old one, so answers do not reach sources.",
    AlarmKind.CHARTER_ENDS: "The charter ends soon and has to be renewed.",
    AlarmKind.VAULT_COPIED: "Another copy of this vault has been at work, so nothing is answered"
    " from here: enrol this desk anew.",
    AlarmKind.PORTAL_CHANGED: "The portal showed a visitor other files than one of us signed. Ask"
    " whoever runs the server: after an update, one desk of the same release signs anew; if there"
    " was none, tell sources by another way not to write there.",
    AlarmKind.TOO_MANY: "A colleague's desk sends more than a person can write: somebody else may"
    " have it. What was beyond all measure is kept apart, and nothing is lost.",
    AlarmKind.DAY_KEYS_END: "This desk has stated no day key beyond this day, so from then on"
    " sources do not seal letters to it.",
    AlarmKind.CLOCK: "Since this day the clock of this computer and the server's day do not agree,"
    " so nothing is fetched. Day keys are kept meanwhile.",
    AlarmKind.FLOOD: "Far more letters came on this day than on those before.",
    AlarmKind.FLOODING_THREAD: "One source has written very many letters on this day.",
    AlarmKind.CHARTER_CONFLICT: "The server has shown a charter that contradicts the one this desk"
    " knows.",
}


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm as it is shown. `date`: the day it is about; `details`: labels, letters, numbers."""

    id: int
    kind: str
    date: str
    sentence: str
    details: tuple[str, ...]
    raised: str
    dismissed: bool


def list_alarms(desk: Desk, *, dismissed: bool = False) -> tuple[AlarmRow, ...]:
    """The alarms that stand, newest first; with `dismissed`, also those that do not any more."""
    return tuple(
        AlarmRow(
            id=alarm.seq,
            kind=alarm.kind,
            date=iso_date(alarm.day),
            sentence=AlarmKind(alarm.kind).sentence,
            details=alarm.details,
            raised=iso_date(alarm.raised),
            dismissed=alarm.dismissed,
        )
        for alarm in alarms.every(desk.vault)
        if dismissed or not alarm.dismissed
    )


def dismiss(desk: Desk, alarm: int) -> bool:
    """Put an alarm away; it comes back when more of the same is found. False: there is none."""
    if not alarms.dismiss(desk.vault, alarm):
        return False
    record(desk, Act.DISMISSED, detail=str(alarm))
    return True


def end_alarm(desk: Desk, kind: AlarmKind) -> None:
    """What this kind told is over by itself, and left nothing to ask about."""
    alarms.end(desk.vault, kind)


def raise_alarm(desk: Desk, kind: AlarmKind, day: int, subject: str = "", *details: str) -> None:
    """Raise an alarm about this day, once for each subject."""
    alarms.raise_alarm(desk.vault, Cause(kind, day, subject), details, desk.today)
