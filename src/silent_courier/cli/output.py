"""What is printed, and how: listings, JSON, progress. Results on stdout, all else on stderr.

Text from outside never reaches the terminal raw: control characters are shown, not obeyed, since a
letter may come from anybody. On a terminal listings are tables and progress is a bar; elsewhere
both are plain lines.
"""

import json
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from silent_courier.protocol.calendar import SECONDS_PER_DAY

_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_DIRECTIONS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
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
    click.echo(json.dumps(_plain(value), ensure_ascii=False, indent=1))


def printable(text: str) -> str:
    """Several lines from outside, with control characters made visible."""
    return _CONTROLS.sub(lambda match: f"\\x{ord(match[0]):02x}", text.replace("\r\n", "\n"))


def printable_line(text: str) -> str:
    """One line from outside: a name, a label. Turns of direction are made visible too."""
    line = printable(text.replace("\n", " ").replace("\t", " "))
    return _DIRECTIONS.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def counted(number: int, one: str, many: str = "") -> str:
    """`1 letter`, `2 letters`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def format_day(day: int) -> str:
    """2026-11-23, from days since 1970; the bare number of one that no calendar has."""
    try:
        return datetime.fromtimestamp(day * SECONDS_PER_DAY, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return f"day {day}"


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A listing: a table on a terminal, else lines of cells between tabs."""
    cells = [[printable_line(str(cell)) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in cells:
            say("\t".join(row))
        return
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


class View(Protocol):
    """Where progress is shown."""

    def show(self, step: str, done: int, total: int) -> None:
        """So much of this step is done; a total of 0 is not known."""

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


class _Bars:
    """One bar for each step."""

    def __init__(self) -> None:
        self._tasks: dict[str, TaskID] = {}
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def show(self, step: str, done: int, total: int) -> None:
        if not self._bars.live.is_started:
            self._bars.start()
        if step not in self._tasks:
            self._tasks[step] = self._bars.add_task(step, total=None)
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
