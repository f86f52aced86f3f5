"""Threads: what one source wrote and what was answered, and the keys to answer with. Spec §14.7.

An entry is a payload under its own id: a letter, a reply or a note. A pin is the thread key
that a source's letters carried, stepped to the current week; older ones are forgotten.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from silent_courier.protocol.thread import ThreadKey
from silent_courier.storage.vault import search
from silent_courier.storage.vault.database import Row, Vault


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a thread; `payload` is its JSON as it was sealed. A source's has no device."""

    id: bytes
    source: bytes
    kind: str
    day: int
    device: int | None
    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ThreadSummary:
    """A thread as the list shows it; `last_letter` is the id of the newest letter, if any."""

    source: bytes
    letters: int
    replies: int
    notes: int
    attachments: int
    unread: int
    first_day: int
    last_day: int
    devices: tuple[int, ...]
    last_letter: bytes | None


@dataclass(frozen=True, slots=True)
class Provenance:
    """How an entry came here: the letter it stood in, and who passed that on."""

    letter: bytes
    passed_by: int | None


def add(vault: Vault, entry: Entry, *, unread: bool) -> None:
    """File an entry, and what can be searched of it; the caller made sure that its id is new."""
    with vault.transaction():
        vault.run(
            "INSERT INTO entry (id, source, kind, day, device, unread, payload, sync)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT syncs FROM self))",
            entry.id,
            entry.source,
            entry.kind,
            entry.day,
            entry.device,
            unread,
            entry.payload,
        )
        search.put_entry(vault, entry.id, entry.payload)


def find_entry(vault: Vault, entry: bytes) -> Entry | None:
    """The entry with this payload id."""
    row = vault.row(f"SELECT {_ENTRY} FROM entry WHERE id = ?", entry)  # noqa: S608 - constant
    return Entry(*row) if row else None


def find_entries(vault: Vault, ids: Iterable[bytes]) -> list[Entry]:
    """Those of these entries that are here, as they came."""
    found = [(row[0], Entry(*row[1:])) for entry in ids for row in _with_seq(vault, entry)]
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0])]


def _with_seq(vault: Vault, entry: bytes) -> list[Row]:
    return vault.rows(f"SELECT seq, {_ENTRY} FROM entry WHERE id = ?", entry)  # noqa: S608


def remove(vault: Vault, entry: bytes) -> None:
    """Take out an entry that was never posted."""
    vault.run("DELETE FROM entry WHERE id = ?", entry)


def entries(vault: Vault, source: bytes) -> list[Entry]:
    """A thread, oldest first. What one sync brought of one day has no order that anybody knows of:
    letters come first, then what answers them.
    """
    rows = vault.rows(
        f"SELECT {_ENTRY} FROM entry WHERE source = ? ORDER BY {_ORDER}",  # noqa: S608
        source,
    )
    return [Entry(*row) for row in rows]


def provenance(vault: Vault, source: bytes) -> dict[bytes, Provenance]:
    """By entry: the letter that brought it, the first where there were several."""
    rows = vault.rows(
        "SELECT letter.entry, letter.hash, letter.passed_by FROM letter"
        " JOIN entry ON entry.id = letter.entry"
        " WHERE entry.source = ? AND letter.state = 'filed' ORDER BY letter.seq DESC",
        source,
    )
    return {row[0]: Provenance(row[1], row[2]) for row in rows}


def source_letters(vault: Vault, source: bytes) -> list[bytes]:
    """The hashes of the letters that brought what the source itself wrote."""
    rows = vault.rows(
        "SELECT letter.hash FROM letter JOIN entry ON entry.id = letter.entry"
        " WHERE entry.source = ? AND entry.kind = 'letter' AND letter.state = 'filed'",
        source,
    )
    return [row[0] for row in rows]


def mark_read(vault: Vault, source: bytes) -> None:
    """A person has seen all of this thread."""
    vault.run("UPDATE entry SET unread = 0 WHERE source = ? AND unread", source)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The day of a thread's first letter that has no answer, and that nobody acknowledged."""

    unanswered: int
    unacknowledged: int | None


def waiting(vault: Vault, source: bytes | None = None) -> dict[bytes, Waiting]:
    """The threads in which a letter of the source comes after the last answer; or this one."""
    only, values = _only(source)
    rows = vault.rows(
        "WITH answer AS (SELECT source, max((day << 32) + seq) AS at FROM entry"  # noqa: S608
        f" WHERE kind = 'reply'{only} GROUP BY source)"
        " SELECT entry.source, min(entry.day),"
        " min(CASE WHEN coalesce(opening.acknowledged, 0) THEN NULL ELSE entry.day END)"
        " FROM entry LEFT JOIN answer ON answer.source = entry.source"
        " LEFT JOIN opening ON opening.entry = entry.id"
        " WHERE entry.kind = 'letter' AND (entry.day << 32) + entry.seq > coalesce(answer.at, -1)"
        f"{only.replace('source', 'entry.source')} GROUP BY entry.source",
        *values,
        *values,
    )
    return {row[0]: Waiting(row[1], row[2]) for row in rows}


def last_letters(vault: Vault, source: bytes | None = None) -> dict[bytes, int]:
    """By source: the day of its newest letter; of all, or of this one."""
    only, values = _only(source)
    rows = vault.rows(
        f"SELECT source, max(day) FROM entry WHERE kind = 'letter'{only} GROUP BY source",  # noqa: S608
        *values,
    )
    return {row[0]: row[1] for row in rows}


def summaries(vault: Vault, source: bytes | None = None) -> list[ThreadSummary]:
    """Every thread, newest first, of one day the one in which something was filed last; or that of
    one source alone. Reads an index, and no payload."""
    only, values = _only(source)
    rows = vault.rows(
        "SELECT source,"  # noqa: S608 - constant
        " sum(kind = 'letter'), sum(kind = 'reply'), sum(kind = 'note'),"
        " sum((SELECT count(*) FROM attachment WHERE attachment.entry = entry.id)),"
        " sum(unread), min(day), max(day),"
        " group_concat(DISTINCT CASE WHEN kind = 'reply' THEN device END)"
        f" FROM entry WHERE true{only} GROUP BY source"
        " ORDER BY max((day << 32) + seq) DESC",
        *values,
    )
    newest = vault.rows(
        # max() makes SQLite take the other columns from the row that has it.
        "SELECT source, id,"  # noqa: S608 - constant
        " max((day << 32) + seq) FROM entry"
        f" WHERE kind = 'letter'{only} GROUP BY source",
        *values,
    )
    letters = {row[0]: row[1] for row in newest}
    return [_summary(row, letters.get(row[0])) for row in rows]


def payload_of(vault: Vault, entry: bytes) -> bytes:
    """What this entry says; nothing where there is none."""
    row = vault.row("SELECT payload FROM entry WHERE id = ?", entry)
    return bytes(row[0]) if row else b""


def sources(vault: Vault) -> list[bytes]:
    """The ids of all sources that have a thread here."""
    return [row[0] for row in vault.rows("SELECT DISTINCT source FROM entry ORDER BY source")]


def find(vault: Vault, prefix: str) -> list[bytes]:
    """The ids of sources whose hex begins so, at most two."""
    if _WHOLE.fullmatch(prefix):
        rows = vault.rows(
            "SELECT source FROM entry WHERE source = ? LIMIT 1", bytes.fromhex(prefix)
        )
        return [row[0] for row in rows]
    rows = vault.rows(
        "SELECT DISTINCT source FROM entry WHERE substr(lower(hex(source)), 1, ?) = ? LIMIT 2",
        len(prefix),
        prefix,
    )
    return [row[0] for row in rows]


def pin(vault: Vault, source: bytes, generation: int) -> ThreadKey | None:
    """The thread key pinned for this source and generation."""
    row = vault.row(
        "SELECT key, generation, week FROM pin WHERE source = ? AND generation = ?",
        source,
        generation,
    )
    return ThreadKey(*row) if row else None


def newest_pin(vault: Vault, source: bytes) -> ThreadKey | None:
    """The pinned key of the newest generation under which this source has written."""
    row = vault.row(
        "SELECT key, generation, week FROM pin WHERE source = ? ORDER BY generation DESC LIMIT 1",
        source,
    )
    return ThreadKey(*row) if row else None


def set_pin(vault: Vault, source: bytes, key: ThreadKey) -> None:
    """Pin this key; the older one is overwritten."""
    vault.run(
        "INSERT INTO pin (source, generation, week, key) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (source, generation) DO UPDATE SET week = excluded.week, key = excluded.key",
        source,
        key.generation,
        key.week,
        key.key,
    )


def step_pins(vault: Vault, week: int, step: Callable[[ThreadKey, int], ThreadKey]) -> None:
    """Step every pin to this week, and forget the pins that a newer generation has replaced."""
    behind = vault.rows("SELECT source, key, generation, week FROM pin WHERE week < ?", week)
    with vault.transaction():
        for source, *key in behind:
            set_pin(vault, source, step(ThreadKey(*key), week))
        replaced = vault.run(
            "DELETE FROM pin WHERE EXISTS (SELECT 1 FROM pin AS newer"
            " WHERE newer.source = pin.source AND newer.generation > pin.generation)"
        )
    if behind or replaced:
        vault.forget()


_WHOLE = re.compile(r"[0-9a-f]{64}")
_ORDER = "day, sync, CASE kind WHEN 'letter' THEN 0 WHEN 'reply' THEN 1 ELSE 2 END, seq"
_ENTRY = "id, source, kind, day, device, payload"


def _only(source: bytes | None) -> tuple[str, tuple[bytes, ...]]:
    return ("", ()) if source is None else (" AND source = ?", (source,))


def _summary(row: Row, last_letter: bytes | None) -> ThreadSummary:
    devices = (row[8] or "").split(",")
    return ThreadSummary(
        source=row[0],
        letters=row[1],
        replies=row[2],
        notes=row[3],
        attachments=row[4],
        unread=row[5],
        first_day=row[6],
        last_day=row[7],
        devices=tuple(sorted(int(device) for device in devices if device)),
        last_letter=last_letter,
    )
