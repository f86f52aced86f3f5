"""Keep the help texts in the documentation the same as what the commands print.

A block is an HTML comment that names a command, `help: courier write` say, and the fenced code
right after it. `--fix` writes the blocks anew, without it a difference is an error.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from scripts.tracked import shown, tracked_files

BLOCK = re.compile(r"(<!-- help: (courier(?: [a-z-]+)*) -->\n+```[a-z]*\n)(.*?)(^```)", re.M | re.S)
# The width is the terminal's unless we fix it, and colour has no place in a page.
ENVIRONMENT: Mapping[str, str] = {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}


def help_text(command: str) -> str:
    """What the command prints for --help.

    Raises:
        subprocess.CalledProcessError: there is no such command.
    """
    courier = Path(sys.executable).with_name("courier")
    return subprocess.run(
        [str(courier), *command.split()[1:], "--help"],
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def regenerate(text: str) -> str:
    """The page with every help block as the commands print it now."""
    return BLOCK.sub(lambda block: block[1] + help_text(block[2]) + block[4], text)


def main(arguments: list[str]) -> int:
    stale = False
    for path in tracked_files(".md"):
        text = path.read_text(encoding="utf-8")
        try:
            current = regenerate(text)
        except subprocess.CalledProcessError as error:
            print(f"{shown(path)}: a help block fails:\n{error.stderr.strip()}")
            return 1
        if current != text and "--fix" in arguments:
            path.write_text(current, encoding="utf-8")
            print(f"{shown(path)}: help blocks written anew")
        elif current != text:
            print(f"{shown(path)}: a help block is not what the command prints")
            stale = True
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
