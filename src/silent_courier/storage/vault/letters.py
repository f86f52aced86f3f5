"""Every letter this desk has seen on the server's list, and what became of it. Spec §14.6.

A letter is known by the SHA-256 of its sealed bytes, from the moment it is listed: what was
not fetched yet is fetched next time, and what was filed is never filed again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from silent_courier.protocol.frame import frame
from silent_courier.protocol.sizes import (
    LETTER_PLAINTEXT_LEN,
    RETENTION_DAYS_MAX,
    TRAILER_LEN,
)
from silent_courier.storage.vault.database import Vault


class State(StrEnum):
    """What became of a letter."""

    LISTED = "listed"  # to be fetched
    FILED = "filed"
    COVER = "cover"
    UNOPENED = "unopened"  # sealed to none of our keys; a colleague may help
    QUARANTINED = "quarantined"
    DELETED = "deleted"  # with its thread; its hash stays, so that it is not fetched again


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter that was opened, whatever it turned out to be.

    Args:
        hash: SHA-256 of its sealed bytes.
        arrival: the day it came, as far as the list can be believed.
        key_day: whose day key opened it; None for one that a colleague passed on.
        passed_by: that colleague's device slot.
        file_key, header: of the age file; empty for one that came in parts of its plaintext.
        plaintext: 16 KiB; of a letter in parts, its payload and trailer alone.
        sealed: its bytes, empty when it came without.
        released: a person looked at it in quarantine and answers for the day on which it came.
    """

    hash: bytes
    arrival: int
    plaintext: bytes = field(repr=False)
    key_day: int | None = None
    passed_by: int | None = None
    file_key: bytes = field(default=b"", repr=False)
    header: bytes = b""
    sealed: bytes = field(default=b"", repr=False)
    released: bool = False

    @property
    def is_history(self) -> bool:
        """Whether a colleague passed it on in parts, so that no sealed letter vouches for it."""
        return self.passed_by is not None and not self.header


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided about an opened letter, and the two parts of its plaintext."""

    state: State
    kind: str | None = None
    reason: str | None = None
    entry: bytes | None = None
    signer: int | None = None
    payload: bytes | None = field(default=None, repr=False)
    trailer: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class QuarantinedLetter:
    """A letter that was not filed, with the reason and what could be read of it."""

    hash: bytes
    arrival: int
    state: State
    reason: str
    signer: int | None
    payload: bytes | None


def note_listing(
    vault: Vault, day: int, hashes: Iterable[bytes], first_day: int, today: int | None = None
) -> int:
    """Take in one day's list; how many letters on it are new.

    Args:
        vault: the vault.
        day: the server's day of arrival.
        hashes: SHA-256 of every letter of that day.
        first_day: what is new now did not arrive before this day, whatever the list says.
        today: by our own clock; the letter's arrival where nobody looked at it.
    """
    before = _count(vault)
    arrival = max(day, first_day)
    with vault.transaction():
        vault.run("UPDATE letter SET on_server = 0 WHERE day = ?", day)
        vault.run_many(
            "INSERT INTO letter (hash, day, arrival, seen, state) VALUES (?, ?, ?, ?, 'listed')"
            " ON CONFLICT (hash) DO UPDATE SET day = excluded.day, on_server = 1",
            [(letter, day, arrival, arrival if today is None else today) for letter in hashes],
        )
    return _count(vault) - before


def note_days(vault: Vault, days: Iterable[int]) -> None:
    """No letter of another day is on the server any more."""
    with vault.transaction():
        kept = set(days)
        for (day,) in vault.rows("SELECT DISTINCT day FROM letter WHERE on_server"):
            if day not in kept:
                vault.run("UPDATE letter SET on_server = 0 WHERE day IS ?", day)


def count_on_server(vault: Vault, day: int) -> int:
    """How many letters of this day we believe the server to hold."""
    row = vault.row("SELECT count(*) FROM letter WHERE day = ? AND on_server", day)
    return int(row[0]) if row else 0


def to_fetch(vault: Vault) -> list[bytes]:
    """Letters that are listed but were not fetched yet, oldest first."""
    rows = vault.rows(
        "SELECT hash FROM letter WHERE state = 'listed' AND on_server ORDER BY day, hash"
    )
    return [row[0] for row in rows]


def state_of(vault: Vault, letter: bytes) -> State | None:
    """What became of this letter; None when it was never seen."""
    row = vault.row("SELECT state FROM letter WHERE hash = ?", letter)
    return State(row[0]) if row else None


def reason_of(vault: Vault, letter: bytes) -> str | None:
    """Why this letter stands apart, if it does."""
    row = vault.row("SELECT reason FROM letter WHERE hash = ?", letter)
    return row[0] if row else None


def arrival_of(vault: Vault, letter: bytes) -> int | None:
    """The day this letter came, if it was ever listed."""
    row = vault.row("SELECT arrival FROM letter WHERE hash = ?", letter)
    return int(row[0]) if row else None


def seen_on(vault: Vault, letter: bytes) -> int:
    """Our own day when this letter was first listed; 0 when it never was."""
    row = vault.row("SELECT seen FROM letter WHERE hash = ?", letter)
    return int(row[0] or 0) if row else 0


def seq_of(vault: Vault, letter: bytes) -> int:
    """This letter's number, in the order in which letters became known here; 0 when unknown."""
    row = vault.row("SELECT seq FROM letter WHERE hash = ?", letter)
    return int(row[0]) if row else 0


def is_on_server(vault: Vault, letter: bytes) -> bool:
    """Whether the server listed this letter when it was last asked."""
    return vault.row("SELECT 1 FROM letter WHERE hash = ? AND on_server", letter) is not None


def note_unopened(vault: Vault, letter: bytes, reason: str) -> None:
    """None of our keys opens it."""
    vault.run(
        "UPDATE letter SET state = 'unopened', reason = ? WHERE hash = ? AND state = 'listed'",
        reason,
        letter,
    )


def unopened_by_day(vault: Vault, first: int) -> dict[int, int]:
    """How many letters none of our keys opens and nobody has passed on, by day of arrival."""
    rows = vault.rows(
        "SELECT arrival, count(*) FROM letter WHERE state = 'unopened' AND arrival >= ?"
        " GROUP BY arrival",
        first,
    )
    return {row[0]: row[1] for row in rows}


def note_malformed(vault: Vault, letter: bytes, reason: str) -> None:
    """It is not even a letter."""
    vault.run("UPDATE letter SET state = 'quarantined', reason = ? WHERE hash = ?", reason, letter)


def keep(vault: Vault, opened: Opened, outcome: Outcome) -> None:
    """Write down what an opened letter turned out to be."""
    keeps_keys = outcome.state is not State.COVER
    quarantined = outcome.state is State.QUARANTINED
    vault.run(
        "INSERT INTO letter (hash, arrival, on_server, state) VALUES (?, ?, 0, 'listed')"
        " ON CONFLICT (hash) DO NOTHING",
        opened.hash,
        opened.arrival,
    )
    vault.run(
        "UPDATE letter SET state = ?, reason = ?, kind = ?, entry = ?, signer = ?, passed_by = ?,"
        " key_day = ?, file_key = ?, header = ?, payload = ?, trailer = ?, sealed = ?"
        " WHERE hash = ?",
        outcome.state,
        outcome.reason,
        outcome.kind,
        outcome.entry,
        outcome.signer,
        opened.passed_by,
        opened.key_day,
        (opened.file_key or None) if keeps_keys else None,
        opened.header or None,
        outcome.payload if quarantined else None,
        outcome.trailer if keeps_keys else None,
        (opened.sealed or None) if keeps_keys and opened.key_day is not None else None,
        opened.hash,
    )


def header_is_known(vault: Vault, header: bytes, but: bytes) -> bool:
    """Whether another opened letter has this age header."""
    row = vault.row("SELECT 1 FROM letter WHERE header = ? AND hash != ?", header, but)
    return row is not None


def quarantine(vault: Vault, of_each: int | None = None) -> list[QuarantinedLetter]:
    """All that was opened, or should have been, and was not filed, newest first.

    What none of our keys opens is not among it: it waits for a colleague, and most are covers.

    of_each: how many at most that stand apart for one reason, so that one does not hide another.
    """
    rows = [
        row
        for reason in quarantine_counts(vault)
        for row in vault.rows(
            "SELECT hash, arrival, state, reason, signer, payload, seq FROM letter"
            " WHERE state = 'quarantined' AND reason = ?"
            " ORDER BY arrival DESC, seq DESC LIMIT ?",
            reason,
            -1 if of_each is None else of_each,
        )
    ]
    rows.sort(key=lambda row: (row[1], row[6]), reverse=True)
    return [QuarantinedLetter(row[0], row[1], State(row[2]), *row[3:6]) for row in rows]


def quarantine_counts(vault: Vault) -> dict[str, int]:
    """How many letters stand apart, by reason."""
    rows = vault.rows(
        "SELECT reason, count(*) FROM letter WHERE state = 'quarantined' GROUP BY reason"
    )
    return {row[0]: int(row[1]) for row in rows}


def set_aside(vault: Vault) -> list[bytes]:
    """The hashes of all that stand apart and of which something can be read."""
    rows = vault.rows("SELECT hash FROM letter WHERE state = 'quarantined' AND payload NOT NULL")
    return [row[0] for row in rows]


def quarantined_payload(vault: Vault, letter: bytes) -> bytes:
    """The payload of a letter in quarantine."""
    row = vault.row("SELECT payload FROM letter WHERE hash = ?", letter)
    return bytes(row[0] or b"") if row else b""


def apart(
    vault: Vault,
    reason: str,
    *,
    kind: str | None = None,
    signer: int | None = None,
    limit: int | None = None,
) -> list[bytes]:
    """The hashes of letters that were opened and stand apart for this reason, oldest first."""
    rows = vault.rows(
        "SELECT hash FROM letter WHERE state = 'quarantined' AND reason = ?"
        " AND trailer IS NOT NULL AND (? IS NULL OR kind = ?) AND (? IS NULL OR signer = ?)"
        " ORDER BY seq LIMIT ?",
        reason,
        *(kind, kind, signer, signer),
        -1 if limit is None else limit,
    )
    return [row[0] for row in rows]


def reopen(vault: Vault, letter: bytes) -> Opened | None:
    """A letter in quarantine as it was when it had been opened."""
    row = vault.row(
        "SELECT hash, arrival, payload, trailer, key_day, passed_by, file_key, header, sealed"
        " FROM letter WHERE hash = ? AND state = 'quarantined' AND trailer IS NOT NULL",
        letter,
    )
    if row is None:
        return None
    return Opened(
        hash=row[0],
        arrival=row[1],
        plaintext=_plaintext(row[2], in_parts=row[7] is None) + row[3],
        key_day=row[4],
        passed_by=row[5],
        file_key=row[6] or b"",
        header=row[7] or b"",
        sealed=row[8] or b"",
    )


def reopened(vault: Vault, reasons: Sequence[str]) -> list[Opened]:
    """All in quarantine for one of these reasons, as they were when they had been opened."""
    found = (reopen(vault, name) for reason in reasons for name in apart(vault, reason))
    return [opened for opened in found if opened is not None]


def _plaintext(payload: bytes, *, in_parts: bool) -> bytes:
    return payload if in_parts else frame(payload, LETTER_PLAINTEXT_LEN - TRAILER_LEN)


def forget_file_keys(vault: Vault) -> None:
    """Forget the file keys of letters that are gone from the server: they open nothing now."""
    if vault.run("UPDATE letter SET file_key = NULL WHERE file_key NOT NULL AND NOT on_server"):
        vault.forget()


def hashes_of(vault: Vault, day: int) -> list[bytes]:
    """Every letter that was ever listed under this day, sorted."""
    return [row[0] for row in vault.rows("SELECT hash FROM letter WHERE day = ? ORDER BY 1", day)]


def find_quarantined(vault: Vault, prefix: str) -> list[bytes]:
    """The hashes of letters in quarantine whose hex begins so, at most two."""
    rows = vault.rows(
        "SELECT hash FROM letter WHERE state = 'quarantined'"
        " AND substr(lower(hex(hash)), 1, ?) = ? LIMIT 2",
        len(prefix),
        prefix,
    )
    return [row[0] for row in rows]


def find(vault: Vault, prefix: str) -> list[bytes]:
    """The hashes of filed letters whose hex begins so, at most two."""
    rows = vault.rows(
        "SELECT hash FROM letter WHERE state = 'filed' AND entry IS NOT NULL"
        " AND substr(lower(hex(hash)), 1, ?) = ? LIMIT 2",
        len(prefix),
        prefix,
    )
    return [row[0] for row in rows]


def sealed_of(vault: Vault, letter: bytes) -> tuple[bytes, int] | None:
    """A letter's sealed bytes and the day of the key that opens them, while both are kept."""
    row = vault.row(
        "SELECT sealed, key_day FROM letter WHERE hash = ? AND sealed IS NOT NULL", letter
    )
    return (row[0], row[1]) if row else None


def filed_by_day(vault: Vault, first: int, last: int) -> dict[int, int]:
    """How many letters of sources stand in threads, by the day on which the server had them."""
    rows = vault.rows(
        "SELECT letter.day, count(*) FROM letter JOIN entry ON entry.id = letter.entry"
        " WHERE letter.day BETWEEN ? AND ? AND entry.kind = 'letter' GROUP BY letter.day",
        first,
        last,
    )
    return dict(rows)


def sources_above(vault: Vault, day: int, limit: int) -> list[bytes]:
    """Who has written more than so many letters on this day, whoever wrote most first."""
    rows = vault.rows(
        "SELECT entry.source FROM letter JOIN entry ON entry.id = letter.entry"
        " WHERE letter.day = ? AND entry.kind = 'letter'"
        " GROUP BY entry.source HAVING count(*) > ? ORDER BY count(*) DESC, entry.source",
        day,
        limit,
    )
    return [bytes(row[0]) for row in rows]


def drop_old(vault: Vault, today: int) -> None:
    """Forget covers and unopened letters that no server can hold any more."""
    vault.run(
        "DELETE FROM letter WHERE NOT on_server AND arrival < ?"
        " AND state IN ('cover', 'unopened', 'listed')",
        today - 2 * RETENTION_DAYS_MAX,
    )


def _count(vault: Vault) -> int:
    row = vault.row("SELECT count(*) FROM letter")
    return int(row[0]) if row else 0
