"""Run every check, print one line for each, and fail when one of them failed.

`python -m scripts.check` checks; `--fix` formats and repairs what a program can repair. The
checks are programs of their own, so each can be run alone while one works on it.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from scripts.tracked import ROOT, tracked_files

BIN = Path(sys.executable).parent
PYTHON = sys.executable
TYPED = ("src", "tests", "bench", "scripts", "vectors")


@dataclass(frozen=True, slots=True)
class Check:
    """A command, what its success means, and what to do when it fails."""

    name: str
    fine: str
    advice: str
    command: list[str]
    place: Path = field(default=ROOT)


def checks() -> Iterator[Check]:
    """Every check that this tree has something to check for."""
    yield Check(
        "types",
        "mypy --strict is content",
        "Annotate or correct what mypy names; an ignore needs its reason beside it.",
        [str(BIN / "mypy"), *_typed_directories()],
    )
    yield Check(
        "format",
        "every file is formatted",
        "Run `make fix`.",
        [str(BIN / "ruff"), "format", "--check", "--quiet", "--diff"],
    )
    yield Check(
        "lint",
        "ruff finds nothing",
        "Run `make fix`, then correct by hand what is left.",
        [str(BIN / "ruff"), "check", "--quiet"],
    )
    yield Check(
        "imports",
        "modules know only what .importlinter lets them know",
        "Turn the import around or hand the thing in from above.",
        [str(BIN / "lint-imports"), "--no-logo"],
    )
    yield Check(
        "mirror",
        "each module has its tests, each unit test its module",
        "Add, move or rename the files named below.",
        [PYTHON, "-m", "scripts.mirror"],
    )
    yield Check(
        "sizes",
        "no file over 500 lines, no function over 60",
        "Split by concept what is named below.",
        [PYTHON, "-m", "scripts.sizes"],
    )
    yield Check(
        "links",
        "every relative link in the documentation leads somewhere",
        "Correct the links named below.",
        [PYTHON, "-m", "scripts.links"],
    )
    yield Check(
        "help",
        "help texts in the documentation are what the commands print",
        "Run `make fix`.",
        [PYTHON, "-m", "scripts.help_blocks"],
    )
    yield Check(
        "words",
        "the tree names no machine and no registry",
        "Say it without the thing named below.",
        [PYTHON, "-m", "scripts.words"],
    )
    yield Check(
        "lock",
        "the lock files fit pyproject.toml",
        "Run `make lock` and commit what changes.",
        [PYTHON, "-m", "scripts.lock", "--check"],
    )
    yield from _checks_of_parts()


def _checks_of_parts() -> Iterator[Check]:
    if (ROOT / "vectors" / "generate.py").exists():
        yield Check(
            "vectors",
            "the generator makes the same vectors again",
            "Run `.venv/bin/python -m vectors.generate` and look hard at what changes.",
            [PYTHON, "-m", "vectors.generate", "--check"],
        )
    if (ROOT / "web" / "package.json").exists():
        yield Check(
            "web",
            "the TypeScript is sound",
            "Correct what is named below.",
            ["npm", "run", "--silent", "--if-present", "check"],
            ROOT / "web",
        )


def _typed_directories() -> list[str]:
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
