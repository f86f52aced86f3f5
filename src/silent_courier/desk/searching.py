"""Searching everything that was written, as a person types. Spec §14.14.

A hit comes with a piece of the text as it was written, cut into what was found and what stands
around it: plain values, never markup.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from silent_courier.desk.alias import alias_of
from silent_courier.desk.dates import iso_date
from silent_courier.desk.desk import Desk
from silent_courier.desk.naming import sources_called
from silent_courier.desk.reading import label_of
from silent_courier.storage.vault import charters, identity, search
from silent_courier.storage.vault.folding import Word, words
from silent_courier.storage.vault.search import Found, Term

HITS_MAX: Final = 30
BEFORE: Final = 60
AFTER: Final = 140
"""Characters of a snippet before and after the first thing found."""
INDEXED_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a snippet."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that has all that was looked for. file: the attachment's name, else None.

    kind: of the entry; `about`: what handlers set on the thread, with neither entry nor date;
    `thread`: one whose two words were looked for, with neither as well.
    """

    thread: str
    alias: str
    entry: str
    kind: str
    date: str
    by: str | None
    file: str | None
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What was found, newest first; whether there is more; entries that are not indexed yet."""

    hits: tuple[Hit, ...]
    more: bool
    left_to_index: int


def search_all(desk: Desk, looked_for: str, limit: int = HITS_MAX) -> Results:
    """Everything with all of these words, each by its beginning; NotJoinedError."""
    org_id = identity.membership(desk.vault).org_id
    charter = charters.current(desk.vault, org_id)
    terms = search.terms_of(looked_for)
    found = search.find(desk.vault, terms, limit + 1)
    called = [_called(org_id, source) for source in sources_called(desk, looked_for)]
    hits = [_hit(org_id, terms, one, label_of(charter, one.device)) for one in found[:limit]]
    return Results((*called, *hits), len(found) > limit, search.left_to_index(desk.vault))


def index_more(desk: Desk) -> int:
    """Take in some of what an older program has filed; how many entries are left."""
    search.index_some(desk.vault, INDEXED_AT_ONCE)
    return search.left_to_index(desk.vault)


def snippet(text: str, terms: Sequence[Term]) -> tuple[Piece, ...]:
    """The first place of a text that has one of the terms, and some of what stands around it."""
    whole = unicodedata.normalize("NFC", text)
    spans: list[tuple[int, int]] = []
    run: list[Word] = []
    longest = max((len(term) for term in terms), default=1)
    for word in words(whole):
        if spans and word.start > spans[0][0] + AFTER:
            break
        run = [*run[-longest + 1 :], word] if longest > 1 else [word]
        starts = [run[-len(term)].start for term in terms if _ends_with(run, term)]
        if starts:
            spans.append((min(starts), word.end))
    return _cut(whole, spans)


def _ends_with(run: Sequence[Word], term: Term) -> bool:
    if len(term) == 1:
        return run[-1].folded.startswith(term[0])
    return tuple(word.folded for word in run[-len(term) :]) == term


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    first = spans[0][0] if spans else 0
    start, end = max(0, first - BEFORE), min(len(text), first + AFTER)
    pieces, at = [], start
    for begin, finish in spans:
        if begin < at or finish > end:
            continue
        pieces += [Piece(text[at:begin], hit=False), Piece(text[begin:finish], hit=True)]
        at = finish
    pieces.append(Piece(text[at:end], hit=False))
    if start:
        pieces[0] = Piece("…" + pieces[0].text, hit=False)
    if end < len(text):
        pieces[-1] = Piece(pieces[-1].text + "…", hit=False)
    return tuple(piece for piece in pieces if piece.text)


def _called(org_id: bytes, source: bytes) -> Hit:
    alias = alias_of(org_id, source)
    name = (Piece(alias, hit=True),)
    return Hit(source.hex(), alias, "", "thread", "", by=None, file=None, snippet=name)


def _hit(org_id: bytes, terms: Sequence[Term], found: Found, by: str | None) -> Hit:
    return Hit(
        thread=found.source.hex(),
        alias=alias_of(org_id, found.source),
        entry=found.entry.hex(),
        kind=found.kind,
        date=iso_date(found.day) if found.day else "",
        by=by,
        file=found.file,
        snippet=snippet(found.text, terms),
    )
