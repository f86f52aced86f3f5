import itertools
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from silent_courier.cli import main
from tests.unit.cli.conftest import Courier

CONTEXT = click.Context(main.cli)


def every_command(
    command: click.Command = main.cli, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        for name in command.list_commands(CONTEXT):
            child = command.get_command(CONTEXT, name)
            assert child is not None
            yield from every_command(child, (*path, name))


def leaf(path: tuple[str, ...]) -> click.Command:
    command: click.Command | None = main.cli
    for name in path:
        assert isinstance(command, click.Group)
        command = command.get_command(CONTEXT, name)
    assert command is not None
    return command


COMMANDS = set(every_command())
ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("path", list(every_command()), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...], courier: Courier) -> None:
    ran = courier(*path, "--help")
    assert ran.code == 0
    assert max(len(line) for line in ran.out.splitlines()) <= 80
    if not isinstance(leaf(path), click.Group):
        assert f"courier {' '.join(path)}" in ran.out.split("Example")[-1]


def test_no_summary_in_a_list_of_commands_is_cut_short(courier: Courier) -> None:
    for path in every_command():
        if isinstance(leaf(path), click.Group):
            listed = courier(*path, "--help").out.split("Commands:")[1].split("Example")[0]
            assert "..." not in listed, path


@pytest.mark.parametrize("path", list(every_command()), ids=" ".join)
def test_every_option_says_what_it_is_for(path: tuple[str, ...]) -> None:
    for parameter in leaf(path).params:
        if isinstance(parameter, click.Option) and parameter.name != "help":
            assert parameter.help, parameter.name


def commands_in(text: str) -> Iterator[list[str]]:
    """Every `courier …` that a page shows, as words."""
    for match in re.finditer(r"(?:^|`)\s*\$? ?(courier [^`\n#]*)", text, re.MULTILINE):
        yield match[1].split()[1:]


@pytest.mark.parametrize("page", sorted(PAGES), ids=lambda page: page.name)
def test_the_manual_names_only_options_that_there_are(page: Path) -> None:
    for words in commands_in(page.read_text(encoding="utf-8")):
        names = list(
            itertools.takewhile(lambda word: re.fullmatch("[a-z]+(-[a-z]+)*", word), words)
        )
        path = next(
            tuple(names[:n]) for n in range(len(names), -1, -1) if tuple(names[:n]) in COMMANDS
        )
        options = {o for p in leaf(path).params if isinstance(p, click.Option) for o in p.opts}
        said = {word.split("=")[0] for word in words if word.startswith("--") and word != "--"}
        assert said <= options | {"--help", "--version"}, " ".join(words)


def test_the_version_is_that_of_the_package(courier: Courier) -> None:
    assert courier("--version").out == f"courier {version('silent-courier')}\n"


def test_a_source_does_not_load_what_only_a_server_needs() -> None:
    code = "import silent_courier.cli.source, sys; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_command_is_an_error_of_usage(courier: Courier) -> None:
    ran = courier("nonsense")
    assert ran.code == 2
    assert "nonsense" in ran.err


def test_a_fault_shows_no_traceback_unless_asked(
    courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("with a secret")

    monkeypatch.setitem(main.cli.commands, "fail", click.Command("fail", callback=fail))
    ran = courier("fail")
    assert ran.code == 70
    assert "secret" not in ran.out + ran.err
    monkeypatch.setenv("COURIER_DEBUG", "1")
    assert "ZeroDivisionError" in courier("fail").err


def test_an_interruption_is_no_fault(courier: Courier, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(main.cli.commands, "stop", click.Command("stop", callback=stop))
    ran = courier("stop")
    assert (ran.code, ran.err.strip()) == (130, "Stopped.")
