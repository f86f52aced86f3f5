import re
import sys

import pytest
from rich.cells import cell_len

from tests.unit.cli.conftest import World


def ids(world: World, *options: str) -> list[str]:
    return [row["thread"] for row in world.desk("list", "anna", *options, "--json").json]


def test_a_list_is_of_what_was_asked_for(world: World, thread: str) -> None:
    world.desk("label", "anna", thread, "--add", "Urgent")
    world.desk("assign", "anna", thread, "--me")

    assert ids(world) == ids(world, "--show", "open") == [thread]
    assert ids(world, "--show", "mine", "--label", "urgent", "--language", "ru") == [thread]
    assert ids(world, "--label", "other") == ids(world, "--language", "fa") == []
    assert ids(world, "--show", "overdue") == ids(world, "--show", "closed") == []


def test_a_table_says_who_and_how_it_stands(world: World, thread: str) -> None:
    world.desk("assign", "anna", thread, "Boris")
    world.desk("hold", "anna", thread)
    out = world.desk("list", "anna").out

    assert "Boris" in out
    assert "on hold" in out


def test_a_line_begins_with_what_the_page_calls_the_source(world: World, thread: str) -> None:
    (row,) = world.desk("list", "anna", "--json").json
    cells = world.desk("list", "anna").out.split("\t")

    assert cells[:3] == [row["alias"], thread[:8], row["last_date"]]
    assert len(row["alias"].split()) == 2


def test_on_a_terminal_of_80_columns_no_line_is_broken(
    world: World, thread: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "Документы тендера на ремонт третьего этажа городской больницы, все восемнадцать"
    world.courier("write", *world.portal, stdin=f"{long} листов.")
    world.desk("sync", "anna")
    for label in ("urgent", "больница"):
        world.desk("label", "anna", thread, "--add", label)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    lines = re.sub(r"\x1b\[[0-9;]*m", "", world.desk("list", "anna").out).splitlines()

    assert all(cell_len(line) <= 80 for line in lines)
    assert all(lines[0].count(name) for name in ("thread", "id", "last", "new", "what"))
    assert sum(thread[:8] in line for line in lines) == 1
    assert any(line.rstrip().endswith("…") and "Документы" in line for line in lines)
    said = " ".join(" ".join(lines).split())
    assert "urgent" in said
    assert "больница" in said


def test_an_empty_list_says_so(world: World) -> None:
    assert world.desk("list", "anna", "--json").json == []
    empty = world.desk("list", "anna")
    assert (empty.out, empty.err.count("\n")) == ("", 1)
    assert "No threads yet." in empty.err
    assert "No thread is like this." in world.desk("list", "anna", "--show", "overdue").err


def test_there_is_no_such_list(world: World) -> None:
    assert world.courier("desk", "list", "anna", "--show", "moon").code == 2
