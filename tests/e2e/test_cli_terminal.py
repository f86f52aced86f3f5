"""A source at a terminal: words are shown once, typed back, asked for without echo."""

import inspect
import os
import pty
import re
import select
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from silent_courier.cli import mailbox, output, source
from silent_courier.source import visit, write
from tests.e2e.command_line import COURIER, Shell

SCREEN = r"\x1b\[\?1049h\x1b\[H\x1b\[2J"
CLEARED = r"\x1b\[H\x1b\[2J\x1b\[\?1049l"
TEXT = "A letter from a terminal."


def words_in(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text))


# The program's own sentences have words of the list in them, too: can, answer, paper …
OWN = words_in("".join(map(inspect.getsource, (source, output, visit, write, mailbox))))


class Terminal:
    """A command that believes to be at a terminal, and what it has shown."""

    def __init__(self, file: int, pid: int) -> None:
        self._file = file
        self.pid = pid
        self.shown = ""

    def expect(self, pattern: str, timeout_s: float = 60) -> re.Match[str]:
        """Wait until what was shown since the last match matches."""
        end = time.monotonic() + timeout_s
        while (match := re.search(pattern, self.shown)) is None:
            assert time.monotonic() < end, self.shown
            if select.select([self._file], [], [], 0.2)[0]:
                self.shown += os.read(self._file, 65536).decode()
        self.shown = self.shown[match.end() :]
        return match

    def type(self, text: str) -> None:
        os.write(self._file, text.encode())

    def answer(self, prompt: str, text: str) -> re.Match[str]:
        """Answer a hidden prompt; its last space comes when what is typed counts."""
        match = self.expect(f"{prompt}[^:]*: ")
        self.type(f"{text}\n")
        return match

    def wait(self) -> tuple[int, str]:
        """The exit code, and all that was shown until the end."""
        while select.select([self._file], [], [], 60)[0]:
            try:
                data = os.read(self._file, 65536)
            except OSError:
                break
            self.shown += data.decode()
        else:
            os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status), self.shown


@contextmanager
def at_terminal(shell: Shell, *arguments: str) -> Iterator[Terminal]:
    pid, file = pty.fork()
    if pid == 0:
        os.chdir(shell.directory)
        os.execve(COURIER, [str(COURIER), *arguments], {**shell.environment, "COLUMNS": "80"})
    try:
        yield Terminal(file, pid)
    finally:
        os.close(file)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[Shell, list[str]]]:
    shell = Shell(tmp_path)
    with shell.running("demo", "--tor-wait", "0") as demo:
        text = demo.wait_for("Ctrl-C stops everything.")
        found = re.search(r"portal +(\S+)\n.*?fingerprint +([0-9a-f]{64})", text, re.DOTALL)
        assert found is not None
        yield shell, ["--portal", found[1], "--org", found[2]]
        demo.stop()


def test_words_are_shown_typed_back_and_read_with_later(
    portal: tuple[Shell, list[str]],
) -> None:
    shell, options = portal
    with at_terminal(shell, "write", *options) as terminal:
        terminal.expect("Write your letter")
        terminal.type(f"{TEXT}\n\x04")
        terminal.expect("Your twelve words")
        words = [terminal.expect(rf"\s{n}\s+(\w+)\r\n")[1] for n in range(1, 13)]
        terminal.answer("on paper", "")
        terminal.expect(CLEARED)
        number = int(terminal.answer(r"Word (\d+)", "nonsense")[1])
        terminal.expect("another word")
        terminal.answer(r"Word \d+", words[number - 1])
        for _ in range(2):
            number = int(terminal.expect(r"Word (\d+) \(not shown\): ")[1])
            terminal.type(f"{words[number - 1].upper()}\n")
        code, shown = terminal.wait()
        assert code == 0
        assert "in the letterbox" in shown
        assert not set(words) & (words_in(shown) - OWN)

    with at_terminal(shell, "check", *options) as terminal:
        terminal.answer("Your twelve words", "abandon abandon")
        terminal.expect("not twelve words")
        terminal.answer("Your twelve words", " ".join(words))
        code, shown = terminal.wait()
        assert code == 0
        assert not set(words) & (words_in(shown) - OWN)
        assert "nothing for these words" in shown


def test_a_passphrase_is_asked_for_twice_without_echo(tmp_path: Path) -> None:
    secret = "six dull words in a row"
    with at_terminal(Shell(tmp_path), "desk", "init", "d", "--label", "Anna") as terminal:
        terminal.answer("New passphrase", secret)
        terminal.answer("Repeat", secret)
        code, shown = terminal.wait()
    assert code == 0
    assert "dull" not in shown


def test_an_interruption_leaves_no_trace_of_words(portal: tuple[Shell, list[str]]) -> None:
    shell, options = portal
    with at_terminal(shell, "write", *options) as terminal:
        terminal.expect("Write your letter")
        terminal.type(f"{TEXT}\n\x04")
        terminal.expect(SCREEN)
        terminal.expect("on paper: ")
        terminal.type("\x03")
        terminal.expect(CLEARED)
        code, shown = terminal.wait()
    assert code == 130
    assert "Stopped." in shown


def test_words_stay_on_no_screen_and_are_shown_again_on_request(
    portal: tuple[Shell, list[str]],
) -> None:
    shell, options = portal
    with at_terminal(shell, "write", *options) as terminal:
        terminal.expect("Write your letter")
        terminal.type(f"{TEXT}\n\x04")
        for _ in range(2):
            terminal.expect(SCREEN)
            words = [terminal.expect(rf"\s{n}\s+(\w+)\r\n")[1] for n in range(1, 13)]
            terminal.answer("on paper", "")
            terminal.expect(CLEARED)
            terminal.answer(r"Word \d+", "")
        terminal.expect(SCREEN)
        terminal.answer("on paper", "")
        terminal.expect(CLEARED)
        for _ in range(3):
            number = int(terminal.expect(r"Word (\d+) \(not shown\): ")[1])
            terminal.type(f"{words[number - 1]}\n")
        assert terminal.wait()[0] == 0


def test_a_portal_that_is_gone_or_another_is_said_before_any_words(
    portal: tuple[Shell, list[str]],
) -> None:
    shell, options = portal
    gone = ["--portal", "http://127.0.0.1:9", *options[2:]]
    other = [*options[:2], "--org", "00" * 32]
    for command, wrong, code in (
        ("write", gone, 45),
        ("write", other, 13),
        ("check", gone, 45),
        ("check", other, 13),
    ):
        with at_terminal(shell, command, *wrong) as terminal:
            if command == "write":
                terminal.expect("Write your letter")
                terminal.type(f"{TEXT}\n\x04")
            ended, shown = terminal.wait()
        assert ended == code, shown
        assert "twelve words" not in shown
