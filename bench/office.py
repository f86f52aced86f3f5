"""What handlers wait for at a desk that is full: the start, the list, a thread, a search."""

import functools
import io
import itertools
import random
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2
from PIL import Image

from bench.figures import Figure, median_cpu_ms
from bench.processes import program
from bench.sample import DAY
from bench.world import PASSPHRASE, World, open_world
from silent_courier.desk import Desk, list_threads, read_thread, search_all
from silent_courier.desk.sandbox.drawing import draw, sandbox_problem
from silent_courier.desk.sandbox.pixels import Picture
from silent_courier.protocol.kept import KeptLetterPayload, encode_kept
from silent_courier.protocol.payload import NotePayload, encode_payload
from silent_courier.protocol.sizes import ID_LEN, LETTER_PAYLOAD_MAX
from silent_courier.storage.vault import search, threads
from silent_courier.storage.vault.folding import folded_text
from silent_courier.storage.vault.threads import Entry

THREADS, QUICK_THREADS = 10_000, 1_000
ENTRIES_A_THREAD = 5
WORDS_A_TEXT = 120
SEED = 7
SEARCH_MS = 50
READ_MS = 100
START_S = 2
MEMORY_MB = 300
PAGE_S = 5
ROUNDS = 5
SAMPLE = 2_000


def figures(*, quick: bool) -> Iterator[Figure]:
    """A vault with so many threads is filled, and then a handler sits down at it."""
    count = QUICK_THREADS if quick else THREADS
    with open_world() as world:
        desk = world.desks[0]
        full = _fill(desk, count)
        yield from _at_work(desk, full)
        yield _index_anew(desk)
        desk.vault.close()
        yield from _in_a_process(world, full)
    yield from _pages()


@dataclass(frozen=True, slots=True)
class Full:
    """What was filed: how many entries, a thread, and things to look for, common and rare."""

    threads: int
    entries: int
    thread: str
    looked_for: tuple[str, ...]


class _Words:
    """Texts of made-up words, some frequent and most rare, as in a language; a few in Chinese."""

    def __init__(self) -> None:
        self._chance = random.Random(SEED)
        letters = "абвгдежзиклмнопрстуфхцчшщыьэюя"
        self.words = [
            "".join(self._chance.choices(letters, k=self._chance.randint(2, 10)))
            for _ in range(40_000)
        ]
        self._weights = list(itertools.accumulate(1 / (n + 1) for n in range(len(self.words))))

    def text(self, number: int) -> str:
        """The text of the entry with this number."""
        if number % 10 == 0:
            return "".join(chr(0x4E00 + self._chance.randrange(2_000)) for _ in range(200))
        drawn = self._chance.choices(self.words, cum_weights=self._weights, k=WORDS_A_TEXT)
        return " ".join(drawn)


def _fill(desk: Desk, count: int) -> Full:
    """So many threads of letters and notes, filed as a sync files them, but in one transaction."""
    made, number = _Words(), 0
    sources = [secrets.token_bytes(32) for _ in range(count)]
    with desk.vault.transaction():
        for source in sources:
            for place in range(ENTRIES_A_THREAD):
                number += 1
                _file(desk, source, place, made.text(number))
    words = made.words
    looked_for = (
        *("а", "аб", words[0], words[5], words[900], words[30_000], "ъъъ"),
        *(f"{words[0]} {words[1]} {words[2]}", f"{words[5]} {words[900]}", "а б в"),
        *("一", "一丁", "丁七万"),
    )
    return Full(count, number, sources[0].hex(), looked_for)


def _file(desk: Desk, source: bytes, place: int, text: str) -> None:
    entry, nobody = secrets.token_bytes(ID_LEN), "00" * 32
    if place in (0, 2):
        letter = KeptLetterPayload(
            id=entry.hex(),
            org_id=nobody,
            charter=nobody,
            day=DAY,
            generation=1,
            source_id=source.hex(),
            language="ru",
            text=text,
        )
        kept = Entry(entry, source, "letter", DAY, None, encode_kept(letter))
    else:
        note = NotePayload(
            id=entry.hex(),
            org_id=nobody,
            charter=nobody,
            day=DAY,
            generation=1,
            source_id=source.hex(),
            text=text,
        )
        kept = Entry(entry, source, "note", DAY, 0, encode_payload(note, LETTER_PAYLOAD_MAX))
    threads.add(desk.vault, kept, unread=place == 0)


def _at_work(desk: Desk, full: Full) -> Iterator[Figure]:
    times = {
        words: median_cpu_ms(functools.partial(search_all, desk, words), ROUNDS)
        for words in full.looked_for
    }
    slowest = max(times, key=lambda words: times[words])
    yield Figure(
        f"desk: CPU of the slowest of {len(times)} searches, {full.entries:,} messages",
        times[slowest],
        "ms",
        SEARCH_MS,
        baseline="the same words looked for in every letter, without an index",
        baseline_value=median_cpu_ms(lambda: _scan(desk, slowest), 1),
    )
    yield Figure(
        f"desk: CPU of opening a thread of {ENTRIES_A_THREAD} entries, {full.threads:,} threads",
        median_cpu_ms(lambda: read_thread(desk, full.thread, mark_read=False), ROUNDS),
        "ms",
        READ_MS,
    )
    yield Figure(
        f"desk: CPU of reading the whole list, {full.threads:,} threads",
        median_cpu_ms(lambda: list_threads(desk), 3),
        "ms",
    )


def _scan(desk: Desk, words: str) -> int:
    folded = [" ".join(term) for term in search.terms_of(words)]
    rows = desk.vault.rows("SELECT payload FROM entry")
    texts = (folded_text(search.text_of(row[0])) for row in rows)
    return sum(all(f" {word}" in f" {text}" for word in folded) for text in texts)


def _index_anew(desk: Desk) -> Figure:
    """As after an upgrade from a vault without an index, for some of the entries."""
    kept = desk.vault.rows("SELECT seq, id FROM entry LIMIT ?", SAMPLE)
    with desk.vault.transaction():
        search.forget(desk.vault, [row[1] for row in kept])
        desk.vault.run_many("INSERT INTO unsearched VALUES (?)", [(row[0],) for row in kept])
    start = time.process_time()
    while search.index_some(desk.vault, 200):
        pass
    return Figure(
        "desk: messages of an older vault taken into the index, for each second of CPU",
        len(kept) / (time.process_time() - start),
        "/s",
        at_least=True,
    )


def _in_a_process(world: World, full: Full) -> Iterator[Figure]:
    place, looked_for = world.desk_directory(0), full.looked_for[0]
    with program("office", place, PASSPHRASE, world.clock.offset, full.thread, looked_for) as child:
        if child.hear()["threads"] != full.threads:
            raise RuntimeError("the desk does not list every thread")
        elapsed = child.cpu_s()
        child.hear()
        peak = child.peak_mb()
    yield Figure(
        f"desk: CPU from the command to the list, {full.threads:,} threads",
        elapsed,
        "s",
        START_S,
    )
    yield Figure(
        f"desk: peak memory, {full.threads:,} threads listed, one read, one search",
        peak,
        "MB",
        MEMORY_MB,
    )


def _pages() -> Iterator[Figure]:
    """Drawing in the sandbox, and the sandbox alone."""
    for name, kind, content in (
        ("a photo of 12 megapixels", "JPEG", _photo()),
        ("a page of a PDF", "pdf", _pdf()),
    ):
        cost = _median_s(functools.partial(_draw, kind, content))
        yield Figure(f"desk: {name} drawn in the sandbox", cost, "s", PAGE_S)
    yield Figure(
        "desk: the sandbox alone, begun and ended for a line of text",
        _median_s(sandbox_problem),
        "s",
    )


def _draw(kind: str, content: bytes) -> None:
    shown = draw(kind, [content])
    assert isinstance(shown, Picture), shown


def _photo() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((4000, 3000), 60).convert("RGB").save(file, "JPEG", quality=85)
    return file.getvalue()


def _pdf() -> bytes:
    document, file = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(595, 842)
    document.save(file)
    return file.getvalue()


def _median_s(work: Callable[[], object]) -> float:
    """By the clock, after a time that does not count: what the sandbox's end takes along cannot be
    asked how much it used.
    """
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
