"""The index over everything that was written: letters, answers, notes, forms, files. Spec §14.14.

Kept in the transaction that files an entry, and by `forget` in the one that deletes it; FTS5
overwrites what leaves it. What is looked for is data: no word of it reaches the query language.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from silent_courier.storage.vault.database import Row, Vault
from silent_courier.storage.vault.folding import Word, folded_text, words

ABOUT: Final = "about"
TERMS_MAX: Final = 16
LOOKED_FOR_MAX: Final = 200
"""Characters; what is typed beyond is not looked at."""

Term = tuple[str, ...]
"""One word, found by its beginning; or the signs of a script without spaces, found as a run."""


@dataclass(frozen=True, slots=True)
class Found:
    """One place that has every term: an entry's own words, those of one of its attachments, or
    what handlers set on the thread (`ABOUT`, no entry, no day).
    """

    entry: bytes
    source: bytes
    kind: str
    day: int
    device: int | None
    file: str | None
    text: str = field(repr=False)


def put_entry(vault: Vault, entry: bytes, payload: bytes) -> None:
    """Take in an entry's text and form; what is no payload has no words."""
    _put(vault, entry, None, text_of(payload), None)


def put_file(vault: Vault, entry: bytes, attachment: int, name: str, shown: str = "") -> None:
    """Take in an attachment's name and the text of its preview, in the place of what was there."""
    _remove(vault, _rows(vault, "attachment = ?", attachment))
    _put(vault, entry, attachment, f"{name}\n{shown}", shown)


def has_text(vault: Vault, attachment: int) -> bool:
    """Whether the text of this attachment's preview is in the index."""
    row = vault.row("SELECT 1 FROM searchable WHERE attachment = ? AND shown != ''", attachment)
    return row is not None


ROOM: Final = 64 * 1024
"""Characters that are taken in or out at once: some hundredths of a second."""


def put_about(vault: Vault, source: bytes, texts: Iterable[str], room: int = ROOM) -> int:
    """Take in what handlers set on a thread, in the place of what was there.

    Each text is found by itself, and what is there already stays as it is.

    Returns:
        How much of `room` characters is left; below 0 when there is more to do another time.
    """
    wanted = {text: None for text in texts if text}
    rows = vault.rows("SELECT seq, shown FROM searchable WHERE entry = ?", source)
    there = {shown for _, shown in rows}
    goes = [(seq, shown) for seq, shown in rows if shown not in wanted]
    comes = [text for text in wanted if text not in there]
    with vault.transaction():
        for seq, shown in goes:
            if room <= 0:
                return -1
            room -= len(shown or "")
            _remove(vault, [seq])
        for text in comes:
            if room <= 0:
                return -1
            room -= len(text)
            _put(vault, source, None, text, text)
    return max(0, room)


def put_names(vault: Vault, entry: bytes) -> None:
    """Take in the names of all of an entry's attachments."""
    for seq, name in vault.rows("SELECT seq, name FROM attachment WHERE entry = ?", entry):
        put_file(vault, entry, seq, name)


def forget(vault: Vault, entries: Iterable[bytes]) -> None:
    """Take these entries, or what was set on these threads, out of the index.

    With entries go their attachments, and what was found out about their content: call it before
    their rows go, in one transaction. `Vault.forget` afterwards clears the journal of them, too.
    """
    for entry in entries:
        _remove(vault, _rows(vault, "entry = ?", entry))
        vault.run(
            "DELETE FROM attachment_fact WHERE attachment IN"
            " (SELECT seq FROM attachment WHERE entry = ?)",
            entry,
        )


def terms_of(looked_for: str) -> tuple[Term, ...]:
    """What to look for: each word by itself, neighbouring signs together."""
    terms: list[Term] = []
    before: Word | None = None
    for word in words(unicodedata.normalize("NFC", looked_for[:LOOKED_FOR_MAX])):
        if before and before.is_sign and word.is_sign and before.end == word.start:
            terms[-1] += (word.folded,)
        else:
            terms.append((word.folded,))
        before = word
    return tuple(terms[:TERMS_MAX])


def find(vault: Vault, terms: Sequence[Term], limit: int) -> list[Found]:
    """What has all of the terms, newest first; nothing when there are none."""
    if not terms:
        return []
    rows = vault.rows(
        "SELECT searchable.entry, entry.source, entry.kind, entry.day, entry.device,"
        " searchable.attachment, attachment.name, searchable.shown, entry.payload"
        " FROM search JOIN searchable ON searchable.seq = search.rowid"
        " LEFT JOIN entry ON entry.id = searchable.entry"
        " LEFT JOIN attachment ON attachment.seq = searchable.attachment"
        " WHERE search MATCH ? AND (entry.id NOT NULL"
        "  OR EXISTS (SELECT 1 FROM entry AS about WHERE about.source = searchable.entry))"
        " ORDER BY search.rowid DESC LIMIT ?",
        " AND ".join(_quoted(term) for term in terms),
        limit,
    )
    return [_found(row) for row in rows]


def left_to_index(vault: Vault) -> int:
    """How many entries of a vault from before the index are not in it yet."""
    row = vault.row("SELECT count(*) FROM unsearched")
    return int(row[0]) if row else 0


def index_some(vault: Vault, limit: int) -> int:
    """Take in so many of those, oldest first, in one transaction; how many there were."""
    rows = vault.rows(
        "SELECT unsearched.seq, entry.id, entry.payload FROM unsearched"
        " LEFT JOIN entry ON entry.seq = unsearched.seq ORDER BY unsearched.seq LIMIT ?",
        limit,
    )
    with vault.transaction():
        for seq, entry, payload in rows:
            vault.run("DELETE FROM unsearched WHERE seq = ?", seq)
            # It may have been deleted meanwhile.
            if entry is not None:
                put_entry(vault, entry, payload)
                put_names(vault, entry)
    return len(rows)


def text_of(payload: bytes) -> str:
    """All that the writer of an entry wrote; the names of a form's questions are the protocol's."""
    try:
        # It was parsed strictly when it was filed; thirty of these are read for every search.
        content = _DECODER.decode(payload)
    except msgspec.MsgspecError:
        return ""
    return "\n".join([content.text, *(each.answer for each in content.form)])


class _Answer(msgspec.Struct):
    answer: str


class _Written(msgspec.Struct):
    text: str
    form: tuple[_Answer, ...] = ()


_DECODER: Final = msgspec.json.Decoder(_Written)


def _put(vault: Vault, entry: bytes, attachment: int | None, text: str, shown: str | None) -> None:
    with vault.transaction():
        vault.run(
            "INSERT INTO searchable (entry, attachment, shown) VALUES (?, ?, ?)",
            entry,
            attachment,
            shown,
        )
        vault.run(
            "INSERT INTO search (rowid, body) VALUES (last_insert_rowid(), ?)", folded_text(text)
        )


def _rows(vault: Vault, condition: str, value: object) -> list[int]:
    rows = vault.rows(f"SELECT seq FROM searchable WHERE {condition}", value)  # noqa: S608
    return [row[0] for row in rows]


def _remove(vault: Vault, rows: Sequence[int]) -> None:
    with vault.transaction():
        for row in rows:
            vault.run("DELETE FROM search WHERE rowid = ?", row)
            vault.run("DELETE FROM searchable WHERE seq = ?", row)


def _quoted(term: Term) -> str:
    """A phrase for FTS5. A folded word has letters, digits and marks alone, so no quote ends it."""
    phrase = '"' + " ".join(term) + '"'
    return phrase if len(term) > 1 else f"{phrase}*"


def _found(row: Row) -> Found:
    entry, source, kind, day, device, attachment, name, shown, payload = row
    if source is None:
        return Found(b"", entry, ABOUT, 0, None, None, shown or "")
    if attachment is None:
        return Found(entry, source, kind, day, device, None, text_of(payload))
    return Found(entry, source, kind, day, device, name or "", f"{name}\n{shown or ''}")
