"""`python -m model`: print the tables, hold the documentation against them, explain a verdict."""

import argparse
import sys
from collections.abc import Sequence

from model.actors import ACTORS
from model.checks import CHECKS
from model.derivations import DERIVATIONS
from model.goals import GOALS
from model.matrix import compute, explain
from model.page import NEEDED, changes, named, regenerate, tables
from model.places import problems
from model.prose import prose_problems
from scripts.tracked import ROOT, shown, tracked_files

THREAT_MODEL = ROOT / "docs" / "threat-model.md"
ROWS = {row.name: row for row in (*DERIVATIONS, *CHECKS)}


def compare(*, write: bool) -> int:
    """Hold the documentation, the code's names and the sections against the tables."""
    found = list(problems(ROWS.values(), ROOT))
    made = tables()
    seen: list[str] = []
    for page in tracked_files(".md"):
        text = page.read_text(encoding="utf-8")
        seen += named(text)
        found += [f"{shown(page)}: no table {name}" for name in named(text) if name not in made]
        current = regenerate(text, {name: made.get(name, "") for name in named(text)})
        if current != text and write:
            page.write_text(current, encoding="utf-8")
            print(f"{shown(page)}: tables written anew")
        elif current != text:
            found.append(f"{shown(page)}: a table is not what the model says")
    text = THREAT_MODEL.read_text(encoding="utf-8")
    found += [f"{shown(THREAT_MODEL)}: {problem}" for problem in prose_problems(text, ROOT)]
    found += [f"docs: no page shows the table {name}" for name in NEEDED if name not in seen]
    print("\n".join(found), end="\n" if found else "")
    return bool(found)


def without(row: str) -> int:
    """Print every verdict that hangs on one row."""
    before, after = compute(), compute([ROWS[row]])
    for actor, goal in changes(before, after):
        print(f"{actor}, {goal}: {before[actor, goal]} → {after[actor, goal]}")
    return 0


def main(arguments: Sequence[str]) -> int:
    """Run one command; without any, print every table."""
    actors = {actor.name: actor for actor in ACTORS}
    goals = {goal.name: goal for goal in GOALS}
    parser = argparse.ArgumentParser(prog="python -m model", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the documentation")
    parser.add_argument("--write", action="store_true", help="write the tables anew")
    parser.add_argument("--explain", nargs=2, metavar=("ACTOR", "GOAL"), help="the way to a goal")
    parser.add_argument("--without", choices=ROWS, metavar="ROW", help="what hangs on a row")
    asked = parser.parse_args(arguments)
    if asked.check or asked.write:
        return compare(write=asked.write)
    if asked.without:
        return without(asked.without)
    if asked.explain:
        actor, goal = asked.explain
        if actor not in actors or goal not in goals:
            parser.error(f"actors: {', '.join(actors)}; goals: {', '.join(goals)}")
        print(explain(actors[actor], goals[goal]), end="")
        return 0
    for name, table in tables().items():
        print(f"## {name}\n\n{table}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
