"""What the design promises, said by hand; the model has to agree, and never the other way round."""

import pytest

from model.actors import ACTORS
from model.derivations import KEPT, LISTED, NO_DESK, ONE_VISITOR, STALE, TIMED
from model.goals import GOALS
from model.matrix import NO, YES, compute

MATRIX = compute()
READING = ("letter", "later-letter", "file", "answer", "late-answer", "later-answer")
LETTERS = ("letter", "later-letter", "file")
ANSWERS = ("answer", "late-answer", "later-answer")


def reached(actor: str) -> set[str]:
    """Every goal that this attacker reaches, whatever the condition."""
    return {goal.name for goal in GOALS if MATRIX[actor, goal.name] != NO}


@pytest.mark.parametrize("actor", ["archive", "desk-closed"])
def test_every_board_and_a_closed_desk_tell_nothing(actor: str) -> None:
    assert reached(actor) == set()


def test_a_line_shows_only_the_weight_of_attachments_and_times() -> None:
    assert reached("line") == {"visits"}
    assert MATRIX["line", "visits"] == TIMED


def test_both_ends_of_tor_locate_a_source_and_read_nothing() -> None:
    assert MATRIX["both-ends", "where"] == YES
    assert not reached("both-ends") & set(READING)
    assert [actor.name for actor in ACTORS if MATRIX[actor.name, "where"] != NO] == [
        "both-ends",
        "quantum",
    ]


@pytest.mark.parametrize("actor", ["disk", "server"])
def test_a_server_holds_no_key_that_opens_anything(actor: str) -> None:
    assert not reached(actor) & set(READING)
    assert MATRIX[actor, "link-letters"] == NO
    assert MATRIX[actor, "link-answers"] == NO


@pytest.mark.parametrize(
    "goal",
    [
        "false-key",
        "shut-out",
        "answer-it",
        "other-name",
        "spoil",
        "divert",
        "speak",
        "colleague",
        "alter-letter",
        "alter-file",
        "charter",
    ],
)
def test_a_lying_server_is_trusted_for_nothing_it_says(goal: str) -> None:
    assert MATRIX["server", goal] == NO


def test_a_lying_server_can_only_keep_a_letter_from_every_desk_unnoticed() -> None:
    assert MATRIX["server", "hold-back"] == NO_DESK


def test_a_lying_server_can_give_other_pages_only_to_who_is_picked_out() -> None:
    assert MATRIX["server", "other-page"] == ONE_VISITOR
    assert MATRIX["desk-server", "other-page"] == YES
    assert MATRIX["words-server", "other-page"] == ONE_VISITOR


def test_whoever_serves_the_assisted_form_has_the_thread_from_then_on() -> None:
    assert {"later-letter", *ANSWERS, "speak", "link-answers"} <= reached("server-form")
    assert not reached("server-form") & {"letter", "file", "answer-it", "other-name", "charter"}


def test_covers_hide_letters_but_neither_attachments_nor_how_long_a_page_was_open() -> None:
    assert MATRIX["server", "covers"] == TIMED
    assert MATRIX["server", "visits"] == TIMED
    assert MATRIX["disk", "covers"] == NO


def test_day_keys_end_on_day_plus_nine() -> None:
    assert all(MATRIX["desk", goal] == YES for goal in READING)
    assert all(MATRIX["desk-day-10", goal] == KEPT for goal in ("letter", "file"))
    assert all(MATRIX["desk-server", goal] == KEPT for goal in ("letter", "file"))


def test_a_thread_that_was_deleted_is_not_in_a_vault() -> None:
    assert not reached("desk-deleted") & {"letter", "file", "answer", "late-answer"}
    assert {"later-letter", "later-answer"} <= reached("desk-deleted")


def test_old_thread_keys_are_not_in_a_vault() -> None:
    assert MATRIX["desk-week-8", "answer"] == KEPT
    assert MATRIX["desk-week-8", "late-answer"] == LISTED


def test_a_seized_open_desk_is_its_handler_until_revoked() -> None:
    assert {"later-letter", "later-answer", "answer-it", "colleague"} <= reached("desk-week-8")


def test_nobody_answers_in_another_handlers_name_but_the_root() -> None:
    assert [actor.name for actor in ACTORS if MATRIX[actor.name, "other-name"] != NO] == [
        "root-server"
    ]


def test_nobody_takes_answers_over_or_alters_a_file() -> None:
    for actor in ACTORS:
        assert MATRIX[actor.name, "divert"] == NO
        assert MATRIX[actor.name, "alter-file"] == NO


def test_who_left_is_out_after_the_sources_next_letter() -> None:
    assert MATRIX["former", "late-answer"] == YES
    for actor in ("former", "former-server", "quorum-server"):
        assert MATRIX[actor, "later-answer"] == NO
        assert MATRIX[actor, "colleague"] == NO
        assert MATRIX[actor, "speak"] not in (NO, YES)


def test_who_left_gets_no_new_letter_without_the_server() -> None:
    assert MATRIX["former", "later-letter"] == NO
    assert MATRIX["former", "collect"] == NO
    assert MATRIX["former", "file"] == NO
    assert MATRIX["former", "answer-it"] == NO


def test_signs_of_life_bound_what_who_left_gets_with_the_server() -> None:
    assert MATRIX["former-server", "later-letter"] == STALE
    assert MATRIX["quorum-server", "later-letter"] not in (NO, YES)


@pytest.mark.parametrize("actor", ["words", "words-server"])
def test_the_words_open_every_answer_and_no_letter(actor: str) -> None:
    assert all(MATRIX[actor, goal] == YES for goal in ANSWERS)
    assert all(MATRIX[actor, goal] == NO for goal in LETTERS)
    assert MATRIX[actor, "speak"] == YES
    assert MATRIX[actor, "answer-it"] == NO


def test_words_without_a_board_prove_nothing() -> None:
    assert reached("words-late") == {"speak"}


def test_the_root_alone_is_paper() -> None:
    assert reached("root") == {"charter"}
    assert {"later-letter", "false-key"} <= reached("root-server")
    assert not reached("root-server") & {"letter", "file", "answer", "late-answer"}


def test_recordings_stay_closed_to_a_quantum_computer() -> None:
    assert not reached("quantum") & {*READING, "speak", "answer-it", "charter"}
    assert MATRIX["quantum", "where"] == YES


def test_a_quantum_computer_in_its_own_time_forges_statements_but_no_charter() -> None:
    assert MATRIX["quantum-server", "false-key"] == YES
    assert MATRIX["quantum-server", "charter"] == NO
    assert MATRIX["quantum-server", "letter"] == NO
