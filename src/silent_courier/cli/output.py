"""What is printed, and how: listings, JSON, progress. Results on stdout, all else on stderr.

Text from outside never reaches the terminal raw, since a letter may come from anybody: characters
that are obeyed or not seen are shown as their codes, and each line stands behind a bar, so that
none can pass for a line of ours. JSON is ASCII for the same reason. On a terminal listings are
tables and progress is a bar; elsewhere both are plain lines.
"""

import json
import shutil
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from silent_courier.protocol.calendar import SECONDS_PER_DAY

BAR: Final = "│ "
"""Before each line of a text from outside."""

SHORT_ID: Final = 8
"""So many hex digits of an id stand in listings."""

_JOINERS: Final = frozenset("\u200c\u200d")
"""Persian and Indic words are spelt with these; they move nothing and hide nothing of a text."""

_BYTE_MAX: Final = 0xFF
_PLANE_MAX: Final = 0xFFFF
_HOME_AND_CLEAR: Final = "\x1b[H\x1b[2J"
_SCREEN_OF_ITS_OWN: Final = f"\x1b[?1049h{_HOME_AND_CLEAR}"
# Cleared first, for terminals that have no second screen.
_CLEARED_AND_BACK: Final = f"{_HOME_AND_CLEAR}\x1b[?1049l"
_QUIET_S: Final = 5.0
"""Between two plain progress lines of one step."""


def say(text: str = "") -> None:
    """A line of the result, on stdout."""
    click.echo(text)


def tell(text: str) -> None:
    """A line about what happens, on stderr."""
    click.echo(text, err=True)


def say_json(value: object) -> None:
    """The result as JSON on stdout; dataclasses become objects."""
    click.echo(json.dumps(_plain(value), ensure_ascii=True, indent=1))


@contextmanager
def passing_screen() -> Iterator[None]:
    """What is printed meanwhile on the terminal goes with it, and is in no scrollback."""
    click.echo(_SCREEN_OF_ITS_OWN, nl=False)
    try:
        yield
    finally:
        click.echo(_CLEARED_AND_BACK, nl=False)


def printable(text: str) -> str:
    """Several lines from outside; what a terminal obeys, or nobody sees, as its code."""
    allowed = _JOINERS | {"\n", "\t"}
    return "".join(c if c in allowed else _visible(c) for c in text.replace("\r\n", "\n"))


def printable_line(text: str) -> str:
    """One line from outside: a name, a label. Nothing in it is invisible."""
    return "".join(map(_visible, text.replace("\n", " ").replace("\t", " ")))


def quoted(text: str, bar: str = BAR) -> str:
    """Several lines from outside behind a bar, also where the terminal would break a long one."""
    width = shutil.get_terminal_size().columns - len(bar) if sys.stdout.isatty() else 0
    lines = (part for line in printable(text).split("\n") for part in _broken(line, width))
    return "\n".join(f"{bar}{line}".rstrip(" ") for line in lines)


def counted(number: int, one: str, many: str = "") -> str:
    """`1 letter`, `2 letters`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def format_day(day: int) -> str:
    """2026-11-23, from days since 1970; the bare number of one that no calendar has."""
    try:
        return datetime.fromtimestamp(day * SECONDS_PER_DAY, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return f"day {day}"


def at_terminal() -> bool:
    """Whether somebody sees the result; else a program or a file takes it, line by line."""
    return sys.stdout.isatty()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A listing: a table on a terminal, else lines of cells between tabs."""
    cells = [[printable_line(str(cell)) for cell in row] for row in rows]
    if not at_terminal():
        for row in cells:
            say("\t".join(row))
        return
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def print_two_lined(
    columns: Sequence[str], rows: Iterable[tuple[Sequence[object], str]], align_end: frozenset[int]
) -> None:
    """A table for a terminal: under the last cell of each row stands a line more, cut to fit."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for number, column in enumerate(columns):
        last = number == len(columns) - 1
        table.add_column(
            column, justify="right" if number in align_end else "left", no_wrap=not last, ratio=last
        )
    for cells, below in rows:
        table.add_row(*(Text(printable_line(str(cell))) for cell in cells))
        line = Text(printable_line(below), style="dim", no_wrap=True, overflow="ellipsis")
        table.add_row(*("" for _ in columns[:-1]), line)
    Console().print(table)


def _visible(character: str) -> str:
    # C: control, format (marks of direction among them), surrogate, private, unassigned. Zl, Zp:
    # line and paragraph separator.
    category = unicodedata.category(character)
    if category[0] != "C" and category not in {"Zl", "Zp"}:
        return character
    code = ord(character)
    if code <= _BYTE_MAX:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _PLANE_MAX else f"\\U{code:08x}"


def _broken(line: str, width: int) -> list[str]:
    """The line in pieces that fit into the width; whole where there is none."""
    if width <= 0:
        return [line]
    return [piece.plain for piece in Text(line).wrap(Console(width=width), width)] or [""]


class View(Protocol):
    """Where progress is shown."""

    def show(self, step: str, done: int, total: int) -> None:
        """So much of this step is done; a total of 0 is not known."""

    def show_percent(self, step: str, percent: int) -> None:
        """So much of a step that goes in leaps, so that nobody knows how long the rest takes."""

    def clear(self) -> None:
        """Make room for other output; the next `show` goes on."""


@contextmanager
def progress() -> Iterator[View]:
    """Shows progress on stderr while the block runs: bars on a terminal, else lines."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    bars = _Bars()
    try:
        yield bars
    finally:
        bars.clear()


class _Remaining(TimeRemainingColumn):
    """The time that is left, where the pace until now says anything about it."""

    def render(self, task: Task) -> Text:
        return Text("") if task.fields["leaps"] else super().render(task)


class _Bars:
    """One bar for each step."""

    def __init__(self) -> None:
        self._tasks: dict[str, TaskID] = {}
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            _Remaining(),
            console=Console(stderr=True),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def show(self, step: str, done: int, total: int) -> None:
        self._update(step, done, total, leaps=False)

    def show_percent(self, step: str, percent: int) -> None:
        self._update(step, percent, 100, leaps=True)

    def _update(self, step: str, done: int, total: int, *, leaps: bool) -> None:
        if not self._bars.live.is_started:
            self._bars.start()
        if step not in self._tasks:
            self._tasks[step] = self._bars.add_task(step, total=None, leaps=leaps)
        self._bars.update(self._tasks[step], completed=done, total=total or None)

    def clear(self) -> None:
        self._bars.stop()


class _Lines:
    """One line when a step begins, then one now and then."""

    def __init__(self) -> None:
        self._said: dict[str, float] = {}

    def show(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._said.get(step, -_QUIET_S) < _QUIET_S:
            return
        first = step not in self._said
        self._said[step] = now
        share = f" {done * 100 // total} %" if total and not first else ""
        tell(f"{step}{share} …")

    def show_percent(self, step: str, percent: int) -> None:
        self.show(step, percent, 100)

    def clear(self) -> None:
        """Lines are in nobody's way."""


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.hex() if isinstance(value, bytes) else value
