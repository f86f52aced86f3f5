"""The documentation shows what the model says."""

import pytest

from model.__main__ import compare, main
from model.page import NEEDED, named, regenerate, tables

STALE = "Before.\n\n<!-- model: reading -->\nold\n<!-- /model -->\nAfter.\n"


def test_the_documentation_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(write=False) == 0, capsys.readouterr().out


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    current = regenerate(STALE, {"reading": "| new |\n"})
    assert current == STALE.replace("old\n", "\n| new |\n\n")
    assert regenerate(current, {"reading": "| new |\n"}) == current
    assert named(current) == ["reading"]


def test_every_table_has_cells_in_each_row() -> None:
    made = tables()
    assert set(NEEDED) <= set(made)
    for table in made.values():
        lines = [line for line in table.splitlines() if line.startswith("|")]
        assert len({line.count(" |") for line in lines[2:]} | {lines[0].count(" |")}) == 1


def test_a_way_is_explained_from_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--explain", "words", "answer"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("answer(before) by open-cell\n")
    assert "words (held)" in told


def test_where_there_is_no_way_its_checks_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--explain", "archive", "cells"]) == 0
    assert "same-births" in capsys.readouterr().out


def test_what_hangs_on_a_row_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--without", "generation"]) == 0
    assert "former, later-answer: no → yes" in capsys.readouterr().out
