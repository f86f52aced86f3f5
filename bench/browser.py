"""What a page costs the browser: CPU of the processes that run pages, and the challenge scheme.

Firefox runs each page in a process of its own beside the one with the windows. All CPU time of
these counts, layout and painting included, so a script's own share is smaller than what is shown.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.e2e.browser.bidi import Tab

_TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
_WEB: Final = Path(__file__).parents[1] / "web"
_CHALLENGE: Final = """
import { ristretto255 } from "@noble/curves/ed25519.js";
const { Point } = ristretto255;
const scalar = 2n ** 251n + 27742317777372353535851937790883648493n;
const points = Array.from({ length: 64 }, (_, i) => Point.BASE.multiply(BigInt(i + 2)).toBytes());
globalThis.challenge = (messages) => {
  for (let i = 0; i < messages; i++) Point.fromBytes(points[i % 64]).multiply(scalar).toBytes();
  return messages;
};
"""


def pages_cpu_s(profile: Path) -> float:
    """CPU time so far, in seconds, of all processes that run pages for this profile."""
    parent = next(pid for pid, line in _processes() if f"--profile\0{profile}\0" in line)
    family = {parent}
    while grown := set(_children(family)) - family:
        family |= grown
    return sum(_cpu_s(pid) for pid, line in _processes() if pid in family and _runs_pages(line))


def build_challenge() -> str:
    """A script that defines `challenge(messages)`: one multiplication of noble for each."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = ("node", "node_modules/.bin/esbuild", "--bundle", "--minify", "--format=iife")
    done = subprocess.run(
        command,
        cwd=_WEB,
        env={**os.environ, "PATH": path},
        input=_CHALLENGE,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


async def challenge_ms(tab: Tab, profile: Path, messages: int) -> float:
    """CPU of a client's check of so many messages, in ms, after a tenth that does not count."""
    await tab.run(f"challenge({max(messages // 10, 1)})")
    before = pages_cpu_s(profile)
    await tab.run(f"challenge({messages})")
    return (pages_cpu_s(profile) - before) * 1000


def _processes() -> Iterator[tuple[int, str]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                yield int(entry.name), (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue


def _children(parents: set[int]) -> Iterator[int]:
    for pid, _ in _processes():
        fields = _stat(pid)
        if fields and int(fields[1]) in parents:
            yield pid


def _runs_pages(line: str) -> bool:
    return "-contentproc" in line and line.rstrip("\0").endswith("tab")


def _cpu_s(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S if fields else 0.0


def _stat(pid: int) -> list[str]:
    """The fields of the process's state after its name, which may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
