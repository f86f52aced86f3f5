import pytest

from silent_courier.cli.mailbox import (
    letterbox_json,
    mailbox_json,
    next_steps,
    say_mailbox,
    tell_letterbox,
)
from silent_courier.source.mailbox import Answer, Mailbox, Opened
from silent_courier.source.visit import Closed, Letterbox

ANSWER = Answer(day=20_000, label="Anna", left=False, language="en", text="Yes.\x1b[2J")
LEFT = Answer(day=19_990, label="Boris", left=True, language="ru", text="Да.")


def letterbox(
    *, missing: tuple[str, ...] = (), closed: tuple[Closed, ...] = (), stale: bool = False
) -> Letterbox:
    return Letterbox(
        name="Sample",
        org_id=bytes(32),
        serial=1,
        generation=1,
        day=20_000,
        expires=20_365,
        emptied=None,
        missing=missing,
        closed=closed,
        board_stale=stale,
    )


def test_answers_are_shown_in_their_order_and_without_commands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say_mailbox(Mailbox((ANSWER, LEFT), (), 0, 0))
    assert capsys.readouterr().out.splitlines() == [
        "── 2024-10-04, Anna ──",
        "│ Yes.\\x1b[2J",
        "",
        "── 2024-09-24, Boris (no longer a handler) ──",
        "│ Да.",
        "",
    ]


def test_an_empty_mailbox_does_not_say_whether_the_words_were_ever_used(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say_mailbox(Mailbox((), (), 0, 0))
    assert capsys.readouterr().out == "There is nothing for these words.\n"


def test_an_opened_letter_is_told_with_its_day(capsys: pytest.CaptureFixture[str]) -> None:
    say_mailbox(Mailbox((), (Opened(20_000, "Anna", left=False),), 0, 0))
    out = capsys.readouterr().out
    assert "Opened on 2024-10-04 by Anna." in out
    assert "no answer yet" in out


def test_damage_is_told_and_not_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    say_mailbox(Mailbox((ANSWER,), (), 0, 1))
    assert "damaged" in capsys.readouterr().err


def test_a_part_of_an_answer_is_no_damage_and_no_absence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say_mailbox(Mailbox((), (), 1, 0))
    said = capsys.readouterr()
    assert "Part of an answer" in said.out
    assert ("nothing" in said.out, said.err) == (False, "")


def test_who_is_away_or_has_no_key_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    tell_letterbox(letterbox(missing=("Boris",), closed=(Closed("Anna\x1b", 20_007),)))
    err = capsys.readouterr().err
    assert "Anna\\x1b is away until 2024-10-11." in err
    assert "Boris" in err


def test_an_old_board_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    tell_letterbox(letterbox(stale=True))
    assert "newer answers may be missing" in capsys.readouterr().err


def test_programs_get_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    box = mailbox_json(Mailbox((ANSWER,), (Opened(20_000, "Anna", left=False),), 0, 2))
    assert box["answers"] == [
        {
            "date": "2024-10-04",
            "handler": "Anna",
            "left": False,
            "language": "en",
            "text": "Yes.\x1b[2J",
        }
    ]
    assert (box["partial"], box["damaged"]) == (0, 2)
    assert letterbox_json(letterbox())["expires"] == "2025-10-04"


@pytest.mark.parametrize("new", [True, False])
def test_the_paper_is_mentioned_for_new_words_alone(new: bool) -> None:
    assert any("paper" in line for line in next_steps(new_words=new)) is new
