"""Run every check, print one line for each, and fail when one of them failed.

`python -m scripts.check` checks; `--fix` formats and repairs what a program can repair. The
checks are programs of their own, so each can be run alone while one works on it.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from scripts.tracked import ROOT, tracked_files

BIN = Path(sys.executable).parent
PYTHON = sys.executable
TYPED = ("src", "tests", "bench", "model", "scripts", "vectors")


@dataclass(frozen=True, slots=True)
class Check:
    """A command, what its success means, and what to do when it fails."""

    name: str
    fine: str
    advice: str
    command: list[str]
    place: Path = field(default=ROOT)


ALWAYS = (
    Check(
        "types",
        "mypy --strict is content",
        "Annotate or correct what mypy names; an ignore needs its reason beside it.",
        [str(BIN / "mypy")],
    ),
    Check(
        "format",
        "every file is formatted",
        "Run `make fix`.",
        [str(BIN / "ruff"), "format", "--check", "--quiet", "--diff"],
    ),
    Check(
        "lint",
        "ruff finds nothing",
        "Run `make fix`, then correct by hand what is left.",
        [str(BIN / "ruff"), "check", "--quiet"],
    ),
    Check(
        "imports",
        "modules know only what .importlinter lets them know",
        "Turn the import around, or hand the thing in from above.",
        [str(BIN / "lint-imports"), "--no-logo"],
    ),
    Check(
        "mirror",
        "each module has its tests, each unit test its module",
        "Add, move or rename the files named below.",
        [PYTHON, "-m", "scripts.mirror"],
    ),
    Check(
        "sizes",
        "no file over 500 lines, no function over 60",
        "Split by concept what is named below.",
        [PYTHON, "-m", "scripts.sizes"],
    ),
    Check(
        "links",
        "every relative link in the documentation leads somewhere",
        "Correct the links named below.",
        [PYTHON, "-m", "scripts.links"],
    ),
    Check(
        "help",
        "help texts in the documentation are what the commands print",
        "Run `make fix`.",
        [PYTHON, "-m", "scripts.help_blocks"],
    ),
    Check(
        "model",
        "the threat model is what the model derives, and every test it names exists",
        "Look hard at what changes (`.venv/bin/python -m model --help`), then run `make fix`.",
        [PYTHON, "-m", "model", "--check"],
    ),
    Check(
        "words",
        "the tree names no machine and no registry",
        "Say it without the thing named below.",
        [PYTHON, "-m", "scripts.words"],
    ),
    Check(
        "i18n",
        "every translation of the portal and of the desk is whole",
        "Run `make i18n`, then translate what is named below.",
        [PYTHON, "-m", "scripts.i18n", "--check"],
    ),
    Check(
        "lock",
        "the lock files fit pyproject.toml",
        "Run `make lock` and commit what changes.",
        [PYTHON, "-m", "scripts.lock", "--check"],
    ),
)
# A part that is not there yet has nothing to check: each with the file that shows it is there.
BY_PART = (
    (
        ROOT / "vectors" / "generate" / "__main__.py",
        Check(
            "vectors",
            "the generator makes the same vectors again",
            "Run `.venv/bin/python -m vectors.generate` and look hard at what changes.",
            [PYTHON, "-m", "vectors.generate", "--check"],
        ),
    ),
    (
        ROOT / "web" / "package.json",
        Check(
            "web",
            "the TypeScript is sound",
            "Correct what is named below.",
            ["npm", "run", "--silent", "--if-present", "check"],
            ROOT / "web",
        ),
    ),
)


def checks() -> list[Check]:
    """Every check that this tree has something to check for."""
    always = [replace(c, command=c.command + _typed()) if c.name == "types" else c for c in ALWAYS]
    return always + [check for witness, check in BY_PART if witness.exists()]


def _typed() -> list[str]:
    """The directories with Python in them; mypy stumbles over one that has none."""
    files = tracked_files(".py")
    return [d for d in TYPED if any(f.is_relative_to(ROOT / d) for f in files)]


def run(check: Check) -> bool:
    """Run one check and print its outcome; True when all was well."""
    start = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=check.place,
        env={**os.environ, "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", "")])},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - start
    if done.returncode == 0:
        print(f"ok    {check.name:8} {check.fine} ({seconds:.1f} s)", flush=True)
        return True
    output = "".join(f"      {line}\n" for line in done.stdout.strip().splitlines())
    print(f"FAIL  {check.name:8} {check.advice}\n{output}", end="", flush=True)
    return False


def fix() -> int:
    """Repair what a program can repair; True in the end when nothing was left over."""
    commands = (
        [str(BIN / "ruff"), "check", "--fix", "--quiet"],
        [str(BIN / "ruff"), "format", "--quiet"],
        [PYTHON, "-m", "scripts.help_blocks", "--fix"],
        [PYTHON, "-m", "model", "--write"],
    )
    return max(subprocess.run(command, cwd=ROOT, check=False).returncode for command in commands)


def main(arguments: list[str]) -> int:
    if "--fix" in arguments:
        return fix()
    # Two at a time: mypy takes about as long as all the others together.
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(run, checks()))
    failed = results.count(False)
    print(f"{len(results)} checks, {failed} failed" if failed else f"{len(results)} checks, all ok")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
