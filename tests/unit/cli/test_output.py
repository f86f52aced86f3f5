import json
import re
import sys

import pytest
from rich.cells import cell_len

from silent_courier.cli.output import (
    format_day,
    print_table,
    printable,
    printable_line,
    progress,
    quoted,
    say_json,
)
from silent_courier.protocol.errors import TorMissingError


def test_escape_sequences_of_a_letter_are_shown_and_not_obeyed() -> None:
    assert printable("\x1b[2Jbye\x07\x9b1m") == "\\x1b[2Jbye\\x07\\x9b1m"


@pytest.mark.parametrize(
    ("character", "shown"),
    [
        ("\x85", "\\x85"),
        ("\xad", "\\xad"),
        ("\u061c", "\\u061c"),
        ("\u200b", "\\u200b"),
        ("\u200e", "\\u200e"),
        ("\u200f", "\\u200f"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
        ("\u202e", "\\u202e"),
        ("\u2066", "\\u2066"),
        ("\ufeff", "\\ufeff"),
        ("\ud800", "\\ud800"),
        ("\ue000", "\\ue000"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_is_obeyed_or_invisible_is_shown_as_its_code(character: str, shown: str) -> None:
    assert printable(f"a{character}b") == f"a{shown}b"
    assert printable_line(f"a{character}b") == f"a{shown}b"


def test_persian_texts_keep_the_joiners_that_names_may_not_have() -> None:
    assert printable("می‌خواهم") == "می‌خواهم"
    assert printable_line("می‌خواهم") == "می\\u200cخواهم"


def test_no_line_of_a_letter_can_pass_for_one_of_ours() -> None:
    letter = "Thanks.\n\n── 2026-11-23, note by Anna ──\r\nI met them."
    assert quoted(letter) == "│ Thanks.\n│\n│ ── 2026-11-23, note by Anna ──\n│ I met them."


@pytest.mark.parametrize("filling", ["x" * 78, " " * 78, "слово " * 13, "信" * 39, "\t" * 10])
def test_a_line_that_the_terminal_breaks_stays_behind_its_bar(
    filling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    lines = quoted(f"{filling}── 2026-11-23, note by Anna ──").split("\n")
    assert len(lines) > 1
    assert all(line.startswith("│") and cell_len(line) <= 80 for line in lines)


def test_lines_and_tabs_of_a_letter_stay() -> None:
    assert printable("one\r\n\ttwo\rthree") == "one\n\ttwo\\x0dthree"


def test_other_scripts_stay() -> None:
    assert printable("Здравствуйте, سلام, 你好") == "Здравствуйте, سلام, 你好"


def test_a_name_stays_on_its_line_and_cannot_turn_its_ending_round() -> None:
    assert printable_line("a\nb\u202efdp.exe") == "a b\\u202efdp.exe"


def test_days_are_iso_dates() -> None:
    assert format_day(20_000) == "2024-10-04"


@pytest.mark.parametrize("day", [2**31, 2**32 - 1, -(2**40)])
def test_a_day_that_no_calendar_has_is_a_number_and_not_an_error(day: int) -> None:
    assert format_day(day) == f"day {day}"


def test_a_table_without_a_terminal_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("a", "b"), [(1, "[bold]x[/]"), ("two", "\x1b")])
    assert capsys.readouterr().out == "1\t[bold]x[/]\ntwo\t\\x1b\n"


def test_a_table_on_a_terminal_has_a_head_and_no_markup_of_others(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    print_table(("column",), [("[bold]x[/]",)])
    out = capsys.readouterr().out
    assert "column" in out
    assert "[bold]x[/]" in out


def test_json_writes_bytes_as_hex(capsys: pytest.CaptureFixture[str]) -> None:
    say_json({"key": b"\x01\xff", "many": (1, 2)})
    assert capsys.readouterr().out == '{\n "key": "01ff",\n "many": [\n  1,\n  2\n ]\n}\n'


def test_json_is_ascii_so_that_no_terminal_obeys_it(capsys: pytest.CaptureFixture[str]) -> None:
    text = "Да \x9b31m \x9d0;title\x9c \u202eevil \u2028"
    say_json({"text": text})
    out = capsys.readouterr().out
    assert out.isascii()
    assert "\x1b" not in out
    assert json.loads(out) == {"text": text}


def test_progress_without_a_terminal_is_a_line_a_step(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as view:
        view.show("board", 0, 10)
        view.show("board", 5, 10)
        view.show("letter", 0, 0)
    assert capsys.readouterr().err == "board …\nletter …\n"


def test_a_step_that_goes_in_leaps_foretells_no_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with progress() as view:
        view.show("board", 5, 10)
        view.show_percent("tor", 14)
    shown = capsys.readouterr().err.splitlines()
    time_left = re.compile(r"-:--:--|\d:\d\d:\d\d")
    assert [bool(time_left.search(line)) for line in shown if "board" in line][-1:] == [True]
    assert [bool(time_left.search(line)) for line in shown if "14 %" in line][-1:] == [False]


def test_progress_on_a_terminal_leaves_nothing_behind_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    def fail() -> None:
        with progress() as view:
            view.show("board", 1, 0)
            view.show("board", 2, 10)
            raise TorMissingError

    with pytest.raises(TorMissingError):
        fail()
