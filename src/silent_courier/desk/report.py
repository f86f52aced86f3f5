"""What a sync did: counted while it runs, handed over when it ends."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Trouble(StrEnum):
    """What went wrong without stopping the sync: a constant sentence for the handler."""

    LISTING_REFUSED = "The server gave no list of the letters of a day."
    WRONG_LETTER = "The server gave other bytes for a letter than it had listed."
    LETTER_GONE = "A letter that the server lists is not there."
    WRONG_FILE_KEY = "A colleague's key for a letter did not open it."
    STATEMENT_REFUSED = "The server did not take a statement of this desk."
    DAY_KEY_REFUSED = "The server holds other day keys of this desk than this vault."
    NOT_IN_KEYRING = "The keyring does not show this desk's day key; letters to colleagues wait."
    OVER_QUOTA = "Today's quota of cells is used up; the rest is posted later."
    CELL_REFUSED = "The server holds another cell in the place of an answer of this desk."
    LETTER_REFUSED = "The server did not take a letter to colleagues."
    SERVER_FULL = "The server cannot take anything now."
    COPIED = (
        "Another copy of this vault has been at work: answers from here could be recognised as"
        " belonging together, so none is posted. Enrol this desk anew."
    )
    CHUNK_DAMAGED = "A part of an attachment is damaged on the server."
    CHUNK_REFUSED = "The server did not hand out a part of an attachment."
    BOARD_NOT_SEEN = "The public board could not be looked at as a source sees it."
    PORTAL_NOT_SEEN = "The portal's pages could not be looked at as a source sees them."
    PORTAL_NOT_SIGNED = (
        "This desk runs another release than the one whose portal it has signed: sign anew when the"
        " server runs it, too (`courier desk sign-portal`)."
    )
    MANIFEST_REFUSED = "The server did not take the signed list of the portal's files."
    VAULT_FULL = "The disk is full: not every attachment could be kept."


@dataclass(frozen=True, slots=True)
class SyncReport:
    """How many of each in one sync. Troubles are sentences.

    waiting: cells still to post. letters_waiting: for colleagues. alarms: how many nobody has
    dismissed.
    """

    letters: int
    covers: int
    colleague_letters: int
    resealed: int
    quarantined: int
    not_opened: int
    cells_posted: int
    letters_posted: int
    waiting: int
    chunks: int
    attachments: int
    expires_in_days: int
    troubles: tuple[str, ...]
    alarms: int = 0
    letters_waiting: int = 0


NOT_EMPTIED: Final = (Trouble.LISTING_REFUSED, Trouble.WRONG_LETTER, Trouble.LETTER_GONE)
"""After one of these nobody can say that the letterbox was emptied."""


class Tally:
    """Counts while a sync runs."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._troubles: dict[Trouble, None] = {}

    def trouble(self, trouble: Trouble) -> None:
        """Note what went wrong, once."""
        self._troubles[trouble] = None

    def had(self, troubles: Iterable[Trouble]) -> bool:
        """Whether one of these was noted."""
        return any(trouble in self._troubles for trouble in troubles)

    def report(
        self, *, waiting: int, expires_in_days: int, alarms: int = 0, letters_waiting: int = 0
    ) -> SyncReport:
        """All of it."""
        counts = self.counts
        return SyncReport(
            letters=counts["letters"],
            covers=counts["covers"],
            colleague_letters=counts["colleague_letters"],
            resealed=counts["resealed"],
            quarantined=counts["quarantined"],
            not_opened=counts["not_opened"],
            cells_posted=counts["cells_posted"],
            letters_posted=counts["letters_posted"],
            waiting=waiting,
            letters_waiting=letters_waiting,
            chunks=counts["chunks"],
            attachments=counts["attachments"],
            expires_in_days=expires_in_days,
            alarms=alarms,
            troubles=tuple(trouble.value for trouble in self._troubles),
        )
