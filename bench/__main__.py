"""`python -m bench [--quick] [--only PART]`: one table on the screen, one JSON file."""

import argparse
import json
import os
import platform
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import checks, desk, flood, memory, office, portal, protocol, server, upkeep
from bench.figures import Figure
from bench.world import RESULTS

WIDTH = 170
QUIET = 0.25
"""Of the cores, at most so many busy already."""

COLUMNS = ("figure", "median", "limit", "", "baseline in the same run", "median", "ratio")
PARTS: dict[str, Callable[..., Iterator[Figure]]] = {
    "protocol": protocol.figures,
    "checks": checks.figures,
    "server": server.figures,
    "flood": flood.figures,
    "desk": desk.figures,
    "office": office.figures,
    "upkeep": upkeep.figures,
    "memory": memory.figures,
    "portal": portal.figures,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, for a first look")
    parser.add_argument("--markdown", action="store_true", help="a table for docs/figures.md")
    parser.add_argument("--only", choices=sorted(PARTS), help="one part alone")
    arguments = parser.parse_args()
    # Whoever ends a run also ends what it started, and leaves no gigabytes behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    load = os.getloadavg()[0]
    if load > QUIET * (os.cpu_count() or 1):
        print(f"something else is running (load {load:.1f}): the figures suffer", file=sys.stderr)
    parts = [arguments.only] if arguments.only else list(PARTS)
    figures: list[Figure] = []
    broken = [part for part in parts if not _measure(part, arguments.quick, figures)]
    if arguments.markdown:
        print(_markdown(figures))
    else:
        Console(width=WIDTH).print(_table(figures))
    print(f"written to {_write(figures, arguments.only, arguments.quick, load)}")
    if broken:
        print(f"could not be measured: {', '.join(broken)}")
    return 1 if broken or any(figure.holds is False for figure in figures) else 0


def _measure(part: str, quick: bool, figures: list[Figure]) -> bool:
    """Add a part's figures; whether all of them could be taken."""
    print(f"measuring {part} …", end=" ", file=sys.stderr, flush=True)
    start = time.monotonic()
    try:
        figures += PARTS[part](quick=quick)
    except Exception:  # noqa: BLE001 - the other parts' minutes should not be lost
        traceback.print_exc()
        return False
    print(f"{time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    return True


def _table(figures: list[Figure]) -> Table:
    table = Table(title="Silent Courier: medians on this machine")
    for column in COLUMNS:
        right = column in ("median", "ratio", "limit")
        table.add_column(column, justify="right" if right else "left")
    for figure in figures:
        table.add_row(*figure.as_row())
    return table


def _markdown(figures: list[Figure]) -> str:
    rows = [COLUMNS, ("---",) * len(COLUMNS), *(figure.as_row() for figure in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _write(figures: list[Figure], part: str | None, quick: bool, load: float) -> Path:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{part or 'bench'}{'-quick' if quick else ''}.json"
    document = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": _machine(load),
        "figures": [figure.as_json() for figure in figures],
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _machine(load: float) -> dict[str, object]:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30, 1),
        "load": round(load, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
