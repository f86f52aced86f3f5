"""The tables are sound, name what exists, and hold no row that does nothing."""

from collections.abc import Iterator
from itertools import chain

import pytest

from model.__main__ import ROWS
from model.actors import ACTORS
from model.checks import CHECKS
from model.derivations import DERIVATIONS, WORLD
from model.goals import GOALS, TABLES
from model.matrix import NO, Row, compute
from model.places import exists, is_shown, problems
from model.terms import parse_terms, variables
from scripts.tracked import ROOT

MATRIX = compute()


@pytest.mark.parametrize("row", [*DERIVATIONS, *CHECKS], ids=lambda row: row.name)
def test_removing_the_row_changes_the_matrix(row: Row) -> None:
    assert compute([row]) != MATRIX


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_missing_check_takes_nothing_from_an_attacker(check: Row) -> None:
    changed = compute([check])
    assert all(changed[place] != NO for place, verdict in MATRIX.items() if verdict != NO)


@pytest.mark.parametrize("row", DERIVATIONS, ids=lambda row: row.name)
def test_a_missing_derivation_gives_nothing_to_an_attacker(row: Row) -> None:
    changed = compute([row])
    assert all(changed[place] == NO for place, verdict in MATRIX.items() if verdict == NO)


def test_code_sections_and_tests_that_rows_name_exist() -> None:
    assert list(problems(ROWS.values(), ROOT)) == []


def test_a_renamed_function_is_missed() -> None:
    assert exists("protocol.thread.ThreadKey.step_to")
    assert not exists("protocol.thread.ThreadKey.step_from")
    assert not exists("protocol.threads.ThreadKey")


def test_a_renamed_test_is_missed() -> None:
    assert is_shown("tests/model/test_tables.py::test_a_renamed_test_is_missed", ROOT)
    assert not is_shown("tests/model/test_tables.py::test_a_renamed_test_is_found", ROOT)
    assert not is_shown("vectors/keyring/nothing-of-the-kind.case", ROOT)


def test_names_are_given_once() -> None:
    assert len(ROWS) == len(DERIVATIONS) + len(CHECKS)
    assert len({actor.name for actor in ACTORS}) == len(ACTORS)
    assert len({goal.name for goal in GOALS}) == len(GOALS)


def test_every_goal_is_one_ground_fact_in_a_known_table() -> None:
    for goal in GOALS:
        (fact,) = parse_terms(goal.fact)
        assert not variables([fact])
        assert goal.table in TABLES


def test_conclusions_are_bound_by_their_premises() -> None:
    for rule in _rules():
        given, gives = parse_terms(rule[0]), parse_terms(rule[1])
        assert variables(gives) <= variables(given)


def test_every_premise_can_come_from_somewhere() -> None:
    """A slip of the pen in a name would make a rule that never does anything."""
    sources = chain([WORLD], (actor.holds for actor in ACTORS), (gives for _, gives in _rules()))
    made = {(term[0], len(term)) for text in sources for term in parse_terms(text)}
    wanted = chain((given for given, _ in _rules()), (goal.fact for goal in GOALS))
    assert {(term[0], len(term)) for text in wanted for term in parse_terms(text)} <= made | {
        (parse_terms(check.gives)[0][0], 1) for check in CHECKS
    }


def _rules() -> Iterator[tuple[str, str]]:
    for row in (*DERIVATIONS, *CHECKS):
        yield row.given, row.gives
