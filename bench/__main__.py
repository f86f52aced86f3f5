"""`python -m bench [--quick] [--only PART]`: one table on the screen, one JSON file."""

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import protocol
from bench.figures import Figure

PARTS: dict[str, Callable[..., Iterator[Figure]]] = {"protocol": protocol.figures}
RESULTS = Path(__file__).parent / "results"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, for a first look")
    parser.add_argument("--only", choices=sorted(PARTS), help="one part alone")
    arguments = parser.parse_args()
    parts = [arguments.only] if arguments.only else list(PARTS)
    figures: list[Figure] = []
    for part in parts:
        print(f"measuring {part} …", file=sys.stderr, flush=True)
        figures += PARTS[part](quick=arguments.quick)
    Console(width=150).print(_table(figures))
    print(f"written to {_write(figures)}")
    return 0 if all(figure.holds is not False for figure in figures) else 1


def _table(figures: list[Figure]) -> Table:
    table = Table(title="Silent Courier: medians on this machine")
    for column in ("figure", "median", "limit", "", "baseline in the same run", "median", "ratio"):
        right = column in ("median", "ratio", "limit")
        table.add_column(column, justify="right" if right else "left")
    for figure in figures:
        table.add_row(*_row(figure))
    return table


def _row(figure: Figure) -> tuple[str, ...]:
    sign = "≥" if figure.at_least else "≤"
    return (
        figure.name,
        f"{figure.value:,.2f} {figure.unit}",
        "" if figure.limit is None else f"{sign} {figure.limit:,g}",
        {True: "holds", False: "FAILS", None: ""}[figure.holds],
        figure.baseline,
        "" if figure.baseline_value is None else f"{figure.baseline_value:,.2f} {figure.unit}",
        "" if figure.ratio is None else f"{figure.ratio:,.1f}×",
    )


def _write(figures: list[Figure]) -> Path:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / "bench.json"
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    document = {"machine": machine, "figures": [figure.as_json() for figure in figures]}
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


if __name__ == "__main__":
    sys.exit(main())
