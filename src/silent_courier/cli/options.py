"""What the commands share: kinds of paths, options that mean the same everywhere, examples."""

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

InFile = click.Path(exists=True, dir_okay=False, path_type=Path)
NewPlace = click.Path(path_type=Path)
OutFile = click.Path(dir_okay=False, path_type=Path)
# Whole, since what it holds is handed to tor, which wants whole paths.
Directory = click.Path(file_okay=False, path_type=Path, resolve_path=True)

HELP_WIDTH = 80
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?")

passphrase_option = click.option(
    "--passphrase-file",
    type=InFile,
    metavar="FILE",
    help="Read the passphrase from FILE instead of asking for it.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
directory_argument = click.argument("directory", metavar="DIR", type=Directory)


class InOrder(click.Group):
    """A group that lists its commands in the order in which one needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


class LoadedLate(click.Group):
    """A group whose commands are imported when they are called; `places`: module by name."""

    def __init__(self, *, places: Mapping[str, str], **attributes: Any) -> None:
        super().__init__(**attributes)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self._places, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._places:
            return super().get_command(ctx, cmd_name)
        command = getattr(import_module(self._places[cmd_name]), cmd_name)
        return command if isinstance(command, click.Command) else None


def examples(*lines: str) -> str:
    """The end of a help text: one example, or several."""
    title = "Example:" if len(lines) == 1 else "Examples:"
    return "\n".join(("\b", title, *(f"  {line}" for line in lines)))


def check_language(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """A language code as letters and replies may carry it; click.BadParameter."""
    if value is not None and not _LANGUAGE.fullmatch(value):
        raise click.BadParameter("a code is wanted, for example ru or zh-hans")
    return value
