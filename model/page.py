"""The model's tables in the documentation: what they should say, and putting it there.

A table stands between `<!-- model: NAME -->` and `<!-- /model -->`; what is between them is made
here and by nobody else.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from model.actors import ACTORS
from model.checks import CHECKS
from model.derivations import DERIVATIONS
from model.goals import GOALS, TABLES
from model.matrix import NO, YES, Matrix, compute

BLOCK: Final = re.compile(r"(<!-- model: ([a-z-]+) -->\n)(.*?)(^<!-- /model -->)", re.M | re.S)
NEEDED: Final = (*TABLES, "checks", "derivations")
"""The tables that the documentation must show."""


def tables() -> dict[str, str]:
    """Every table by its name, as Markdown."""
    matrix = compute()
    shown = {name: _matrix_table(name, title, matrix) for name, title in TABLES.items()}
    return {**shown, "checks": _checks_table(matrix), "derivations": _derivations_table()}


def regenerate(text: str, made: dict[str, str]) -> str:
    """The page with every block as the model makes it now; KeyError for an unknown one."""
    return BLOCK.sub(lambda block: f"{block[1]}\n{made[block[2]]}\n{block[4]}", text)


def named(text: str) -> list[str]:
    """The tables that a page shows."""
    return [block[2] for block in BLOCK.finditer(text)]


def changes(before: Matrix, after: Matrix) -> list[tuple[str, str]]:
    """The attacker and the goal of each verdict that differs."""
    return [place for place, verdict in before.items() if after[place] != verdict]


def _matrix_table(name: str, title: str, matrix: Matrix) -> str:
    goals = [goal for goal in GOALS if goal.table == name]
    conditions = dict.fromkeys(
        verdict
        for actor in ACTORS
        for goal in goals
        if (verdict := matrix[actor.name, goal.name]) not in (NO, YES)
    )
    marks = {condition: f"if {number}" for number, condition in enumerate(conditions, 1)}
    cells = {NO: NO, YES: f"**{YES}**", **marks}
    rows = [
        [actor.says, *(cells[matrix[actor.name, goal.name]] for goal in goals)] for actor in ACTORS
    ]
    legend = "".join(f"\n{mark.removeprefix('if ')}. if {text}" for text, mark in marks.items())
    return _table([title, *(goal.says for goal in goals)], rows) + (f"{legend}\n" if legend else "")


def _checks_table(matrix: Matrix) -> str:
    """Each check with what it prevents, and how many verdicts of the matrix hang on it."""
    return _table(
        ["the check", "without it", "§", "verdicts", "shown by", "code"],
        [
            [
                check.says,
                check.without,
                check.spec,
                str(len(changes(matrix, compute([check])))),
                f"`{check.shown.rpartition('/')[2]}`" if check.shown else "nothing yet",
                _code(check.code),
            ]
            for check in CHECKS
        ],
    )


def _derivations_table() -> str:
    return _table(
        ["step", "from", "to", "if", "§", "code"],
        [
            [row.says, f"`{row.given}`", f"`{row.gives}`", row.only_if, row.spec, _code(row.code)]
            for row in DERIVATIONS
        ],
    )


def _code(names: str) -> str:
    return ", ".join(f"`{name}`" for name in names.split())


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
