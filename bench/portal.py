"""What a visit with a browser costs: bytes, requests, and CPU of the page at each level.

Firefox as Tor Browser is set, over loopback; proof of work included, a person's time left out. To
read ends where what was found is shown: the page waits minutes before it hands in its cover, whose
work is that of a letter. The baseline is the challenge scheme's client in the same Firefox: noble's
ristretto255, one multiplication a message, and nothing else of that scheme.
"""

import asyncio
import gzip
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from bench.browser import build_challenge, challenge_ms, pages_cpu_s
from bench.figures import Figure
from bench.processes import program
from bench.served import served
from bench.server import CONNECTIONS, per_second, read_many
from bench.wire import Wire
from bench.world import open_world
from silent_courier.organisation.roster import Rhythm
from silent_courier.protocol.board_format import parse_board
from silent_courier.server.limits import Limits
from silent_courier.server.portal.assets import load_assets
from silent_courier.tor.transport import Transport
from tests.e2e.browser.bidi import Tab
from tests.e2e.browser.firefox import Level, open_firefox
from tests.e2e.house import House, open_house
from tests.tampering import Passing, tampering

FIRST_PAGE_KB: Final = 150
SCRIPT_KB: Final = 60
VISIT_MS: Final = 3000
BIRTHS: Final = 4
"""At lives of 30 to 44 days this makes a board of some 3,500 cells."""

LEVELS: Final[tuple[Level, ...]] = ("standard", "safer")
MESSAGES: Final = (1000, 3000)
WITHIN_S: Final = 120.0
TEXT: Final = "What I saw, when and where. " * 20
Act = Literal["write", "read"]

_PASTE: Final = """((field, text) => {{
  field.value = text;
  field.dispatchEvent(new Event("input", {{ bubbles: true }}));
}})(document.querySelector("{0}"), "{1}")"""


@dataclass(slots=True)
class _Visits:
    """CPU of pages in ms by level and act; bytes and requests of a writer's visit."""

    cells: int = 0
    cpu: dict[tuple[Level, Act], list[float]] = field(default_factory=dict)
    challenge: dict[tuple[Level, int], float] = field(default_factory=dict)
    passed: list[Passing] = field(default_factory=list)


def figures(*, quick: bool) -> Iterator[Figure]:
    """Pages a second, sizes, and visits at each level that runs scripts."""
    yield _pages_per_second(1000 if quick else 4000)
    rounds = 1 if quick else 3
    visits = asyncio.run(_measure(rounds, MESSAGES[:1] if quick else MESSAGES))
    yield from _sizes(visits)
    for level in LEVELS:
        for act in ("write", "read"):
            yield from _cpu(visits, level, act)


def _pages_per_second(count: int) -> Figure:
    with (
        open_world() as world,
        served(world) as server,
        tempfile.TemporaryDirectory(prefix="courier-bench-") as name,
    ):
        host = world.charter.body.portal
        page = asyncio.run(_fetch(server.portal, host))
        answer = Path(name) / "page"
        answer.write_bytes(page)
        with program("bare", Path(name) / "bare.sock", answer) as child:
            bare = Path(child.hear()["portal"])
            ours, beside = per_second(
                count,
                lambda: read_many(server.portal, "/ru/", count, page, host=host),
                lambda: read_many(bare, "/ru/", count, page, proxied=False),
            )
    return Figure(
        f"server: pages of {len(page):,} bytes given, {CONNECTIONS} connections",
        ours,
        "/s",
        baseline="bare asyncio and h11, the same bytes",
        baseline_value=beside,
        at_least=True,
    )


async def _fetch(path: Path, host: str) -> bytes:
    async with Wire(path) as wire:
        return await wire.ask("GET", "/ru/", host=host)


def _sizes(visits: _Visits) -> Iterator[Figure]:
    first = visits.passed[: _first_page_len(visits.passed)]
    size = sum(len(each.body) for each in first) / 1000
    yield Figure("portal: first page with all its files", size, "kB", FIRST_PAGE_KB)
    scripts = [load_assets().contents[name] for name in ("portal.js", "worker.js")]
    packed = sum(len(gzip.compress(script, 9)) for script in scripts) / 1000
    yield Figure("portal: its scripts, gzipped", packed, "kB", SCRIPT_KB)
    rest = visits.passed[len(first) :]
    board = next(len(each.body) for each in rest if each.path == "/v1/board")
    name = f"portal: a visit that writes, board of {visits.cells:,} cells"
    yield Figure(f"{name}: requests after the first page", float(len(rest)), "")
    size = sum(len(each.body) for each in rest) / 1e6
    yield Figure(
        f"{name}: received after the first page",
        size,
        "MB",
        baseline="its board alone",
        baseline_value=board / 1e6,
    )


def _first_page_len(passed: Sequence[Passing]) -> int:
    return next(n for n, each in enumerate(passed) if each.path == "/en/letterbox")


def _cpu(visits: _Visits, level: Level, act: Act) -> Iterator[Figure]:
    value = statistics.median(visits.cpu[level, act])
    limit = VISIT_MS if level == "safer" else None
    what = {"write": "a whole visit that writes", "read": "to read, until it is shown"}[act]
    name = f"portal: CPU of the page, {level.title()}, {what}, board of {visits.cells:,} cells"
    for (at, messages), beside in visits.challenge.items():
        if at == level:
            baseline = f"challenge scheme, client in the same browser, {messages:,} messages"
            yield Figure(name, value, "ms", limit, baseline=baseline, baseline_value=beside)


async def _measure(rounds: int, messages: Sequence[int]) -> _Visits:
    visits = _Visits()
    challenge = build_challenge()
    rhythm = Rhythm(births_per_epoch=BIRTHS)
    with tempfile.TemporaryDirectory(prefix="courier-bench-") as name:
        directory = Path(name)
        async with open_house(
            directory / "h", rhythm=rhythm, limits=Limits(), begin=time.time()
        ) as house:
            visits.cells = await _count_cells(house)
            await _count_bytes(house, directory / "count", visits)
            for number in range(1 + rounds):
                for level in LEVELS:
                    profile = directory / f"{level}-{number}"
                    async with open_firefox(profile, level) as tab:
                        costs = await _visit(house.server.portal_url, tab, profile)
                        if number > 0:
                            for act, cost in costs.items():
                                visits.cpu.setdefault((level, act), []).append(cost)
            for level in LEVELS:
                profile = directory / f"{level}-challenge"
                async with open_firefox(profile, level) as tab:
                    await tab.run(challenge)
                    for count in messages:
                        cost = await challenge_ms(tab, profile, count)
                        visits.challenge[level, count] = cost
    return visits


async def _count_cells(house: House) -> int:
    async with Transport(
        house.server.portal_url, socks=None, random_bytes=secrets.token_bytes
    ) as transport:
        answer = await transport.request("GET", "/v1/board", max_len=100_000_000)
    return len(parse_board(answer.body).cells)


async def _count_bytes(house: House, profile: Path, visits: _Visits) -> None:
    def note(passing: Passing) -> Passing:
        visits.passed.append(passing)
        return passing

    assert house.server.portal_listen is not None
    with tampering(house.server.portal_listen, note) as address:
        async with open_firefox(profile, "standard") as tab:
            await tab.go(f"http://{address}/en/")
            await _write(f"http://{address}", tab)


async def _visit(portal: str, tab: Tab, profile: Path) -> dict[Act, float]:
    """One letter, and one look for answers; CPU of the page for each, in ms."""
    await tab.go(f"{portal}/en/")
    costs: dict[Act, float] = {}
    before = pages_cpu_s(profile)
    words = await _write(portal, tab)
    costs["write"] = (pages_cpu_s(profile) - before) * 1000
    await tab.go(f"{portal}/en/")
    before = pages_cpu_s(profile)
    await _read(portal, tab, words)
    costs["read"] = (pages_cpu_s(profile) - before) * 1000
    return costs


async def _write(portal: str, tab: Tab) -> Sequence[str]:
    await tab.go(f"{portal}/en/letterbox#write")
    await tab.wait("document.querySelector('#text')?.checkVisibility()", WITHIN_S)
    await tab.run(_PASTE.format("#text", TEXT))
    await tab.click("#letter [type=submit]")
    await tab.wait("document.querySelector('#word-list li')", WITHIN_S)
    words: list[str] = await tab.run(
        "[...document.querySelectorAll('#word-list span')].map((word) => word.textContent)"
    )
    await tab.click("#written")
    await tab.wait("document.querySelector('#typed-fields input')")
    asked: list[int] = await tab.run(
        "[...document.querySelectorAll('#typed-fields input')].map((box) => Number(box.dataset.n))"
    )
    for number in asked:
        await tab.run(_PASTE.format(f"#typed-{number}", words[number - 1]))
    await tab.click("#typed [type=submit]")
    await tab.wait("document.querySelector('#sent:not([hidden])')", WITHIN_S)
    return words


async def _read(portal: str, tab: Tab, words: Sequence[str]) -> None:
    await tab.go(f"{portal}/en/letterbox#read")
    await tab.wait("document.querySelector('#own')?.checkVisibility()", WITHIN_S)
    await tab.run(_PASTE.format("#own", " ".join(words)))
    await tab.click("#ask [type=submit]")
    await tab.wait("document.querySelector('#answers:not([hidden])')", WITHIN_S)
