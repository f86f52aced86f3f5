import io
import json
import sys
from pathlib import Path

import click
import pytest

from silent_courier.cli import prompts
from silent_courier.cli.prompts import read_passphrase, read_text, read_words
from silent_courier.protocol.errors import MalformedWordsError
from silent_courier.protocol.words import encode_words

ENTROPY = bytes(range(16))


def piped(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Somebody who types these lines; what was asked is checked through click."""
    typed: list[str] = []
    monkeypatch.setattr(prompts, "has_terminal", lambda: True)
    monkeypatch.setattr(click.termui, "hidden_prompt_func", lambda _prompt: typed.pop(0))
    return typed


def test_a_passphrase_file_is_read_without_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes("шесть скучных слов \r\nsecond line".encode())
    assert read_passphrase(tmp_path / "p", "P") == "шесть скучных слов "


def test_an_empty_passphrase_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("\n", encoding="utf-8")
    with pytest.raises(click.UsageError):
        read_passphrase(tmp_path / "p", "P")


def test_a_new_passphrase_is_asked_for_twice(terminal: list[str]) -> None:
    terminal += ["long enough to do", "other long enough", "long enough to do", "long enough to do"]
    assert read_passphrase(None, "P", new=True) == "long enough to do"
    assert not terminal


def test_a_new_passphrase_that_is_too_short_is_asked_for_again_before_its_repetition(
    terminal: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    terminal += ["too short", "long enough to do", "long enough to do"]
    assert read_passphrase(None, "P", new=True) == "long enough to do"
    assert not terminal
    assert capsys.readouterr().err == "That is shorter than 12 characters.\n"


def test_a_new_passphrase_in_a_file_that_is_too_short_is_an_error_of_usage(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("too short\n", encoding="utf-8")
    with pytest.raises(click.UsageError, match="at least 12 characters"):
        read_passphrase(tmp_path / "p", "P", new=True)


def test_words_are_asked_for_without_echo_until_they_are_sound(
    terminal: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = " ".join(encode_words(ENTROPY, "ru"))
    terminal += ["nonsense", words]
    assert read_words(None, "ru") == ENTROPY
    captured = capsys.readouterr()
    assert words not in captured.out + captured.err


def test_words_of_a_file_are_read(tmp_path: Path) -> None:
    (tmp_path / "w").write_text(" ".join(encode_words(ENTROPY)) + "\n", encoding="utf-8")
    assert read_words(tmp_path / "w", "en") == ENTROPY


def test_wrong_words_in_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "w").write_text("eleven", encoding="utf-8")
    with pytest.raises(MalformedWordsError):
        read_words(tmp_path / "w", "en")


def test_what_write_printed_as_json_is_read_too(tmp_path: Path) -> None:
    words = " ".join(encode_words(ENTROPY, "ru"))
    (tmp_path / "w").write_text(json.dumps({"words": words}), encoding="utf-8")
    assert read_words(tmp_path / "w", "en") == ENTROPY


@pytest.mark.parametrize("text", ["{", "{}", '{"words": 1}'])
def test_other_json_is_no_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "w").write_text(text, encoding="utf-8")
    with pytest.raises(MalformedWordsError):
        read_words(tmp_path / "w", "en")


def test_without_a_terminal_words_need_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompts, "has_terminal", lambda: False)
    with pytest.raises(click.UsageError):
        read_words(None, "en")


def test_text_is_read_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    piped("  Здравствуйте\n\nя\n".encode(), monkeypatch)
    assert read_text("Write") == "  Здравствуйте\n\nя"


@pytest.mark.parametrize("data", [b"", b" \n\t", b"x" * (prompts.TEXT_LEN_MAX + 1)])
def test_no_text_and_too_much_text_are_errors_of_usage(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(data, monkeypatch)
    with pytest.raises(click.UsageError):
        read_text("Write")


def test_text_that_is_not_utf8_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    piped(b"\xff\xfe", monkeypatch)
    with pytest.raises(UnicodeDecodeError):
        read_text("Write")


def test_whatever_is_given_a_secret_shuts_its_memory_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(prompts, "shut_in", lambda: done.append("shut in"))
    for read in (lambda file: read_passphrase(file, ""), lambda file: read_words(file, "en")):
        with pytest.raises(OSError, match="No such file"):
            read(tmp_path / "none")

    assert done == ["shut in", "shut in"]
