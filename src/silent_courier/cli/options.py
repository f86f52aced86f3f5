"""What the commands share: kinds of paths, options that mean the same everywhere, examples."""

from pathlib import Path

import click

InFile = click.Path(exists=True, dir_okay=False, path_type=Path)
OutFile = click.Path(dir_okay=False, path_type=Path)
Directory = click.Path(file_okay=False, path_type=Path)

HELP_WIDTH = 80

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


def examples(*lines: str) -> str:
    """The end of a help text: one example, or several."""
    title = "Example:" if len(lines) == 1 else "Examples:"
    return "\n".join(("\b", title, *(f"  {line}" for line in lines)))
