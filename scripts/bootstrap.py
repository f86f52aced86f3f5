"""Bring a fresh checkout to the point where it runs: `python3 -m scripts.bootstrap GOAL`.

The goals are `run`, `check` and `test`, each with all that it needs. Every step is remembered by
the digest of what went into it, so a second call does nothing and costs nothing. Everything is
taken by hash from the files under version control; nothing is upgraded, nothing is fetched that
they do not name. Runs on a bare python3: nothing here may import from outside the standard library.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from scripts import debian

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WEB = ROOT / "web"
STATIC = ROOT / "src" / "silent_courier" / "server" / "portal" / "static"
LOCK = ROOT / "requirements.lock"
UV_LOCK = ROOT / "requirements" / "uv.txt"
NODE_LOCK = ROOT / "requirements" / "node.txt"
NODE_MIN = (20, 19)


class StepFailedError(Exception):
    """A step went wrong; its last words, for the person who is waiting."""


def say(line: str) -> None:
    print(f"setup: {line}", flush=True)


def bootstrap(goal: str) -> None:
    """Do the steps that the goal needs and that are not done yet.

    Raises:
        StepFailedError: a step failed; the steps before it stay done.
    """
    if missing := debian.missing_packages(goal):
        debian.install(missing, say)
    _make_venv()
    _once("uv", VENV, _digest([UV_LOCK]), _install_uv)
    _once("packages", VENV, _digest([LOCK]), _install_packages)
    project = json.dumps(_build_inputs(), sort_keys=True).encode()
    _once("courier", VENV, hashlib.sha256(project).hexdigest(), _install_project)
    if not _has_node():
        _once("node", VENV, _digest([NODE_LOCK]), _install_node)
    inputs = [WEB / "package.json", WEB / "package-lock.json"]
    _once("web", WEB / "node_modules", _digest(inputs), _install_web)
    _once("portal", STATIC, _digest([*inputs, *_web_sources()]), _build_portal)


def _make_venv() -> None:
    pip = [str(PYTHON), "-m", "pip", "--version"]
    if PYTHON.exists() and subprocess.run(pip, capture_output=True, check=False).returncode == 0:
        return
    # --clear: a first attempt without python3-venv leaves half an environment behind.
    _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    say(f"venv: .venv made with Python {sys.version.split()[0]}")


def _install_uv() -> str:
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes"]
    _run([str(PYTHON), "-m", "pip", "install", *options, "-r", str(UV_LOCK)])
    return "the installer, by hash"


def _install_packages() -> str:
    _run([*_uv("pip", "sync"), "--require-hashes", str(LOCK)])
    # Exactly what the lock names is there now, so what comes after this step is gone.
    for later in ("courier", "node"):
        _stamp(later, VENV).unlink(missing_ok=True)
    return "exactly what requirements.lock names"


def _install_project() -> str:
    # hatchling comes from the lock too: an isolated build would fetch it by version alone.
    _run([*_uv("pip", "install"), "--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    return "this checkout, editable"


def _install_node() -> str:
    _run([*_uv("pip", "install"), "--require-hashes", "--requirements", str(NODE_LOCK)])
    return f"there is no node {NODE_MIN[0]}.{NODE_MIN[1]} or newer here, so .venv gets one, by hash"


def _install_web() -> str:
    _npm("ci", "--no-audit", "--no-fund")
    return "exactly what web/package-lock.json names"


def _build_portal() -> str:
    _npm("run", "--silent", "build")
    return "the pages' scripts and word lists, built from web/"


def _npm(*command: str) -> None:
    path = os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", os.defpath)])
    _run(["npm", *command], cwd=WEB, env={**os.environ, "PATH": path})


def _web_sources() -> list[Path]:
    """What the scripts of the portal and the desk are made of."""
    return [*sorted(WEB.glob("build*.mjs")), *sorted((WEB / "src").rglob("*.ts*"))]


def _uv(*command: str) -> list[str]:
    return [str(VENV / "bin" / "uv"), *command, "--quiet", "--python", str(PYTHON)]


def _has_node() -> bool:
    """Whether the machine has a node of its own that will do; ours in .venv does not count."""
    theirs = [d for d in os.environ.get("PATH", "").split(os.pathsep) if Path(d) != PYTHON.parent]
    node = shutil.which("node", path=os.pathsep.join(theirs))
    if node is None or shutil.which("npm", path=os.pathsep.join(theirs)) is None:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)\.", told)
    return version is not None and (int(version[1]), int(version[2])) >= NODE_MIN


def _build_inputs() -> dict[str, object]:
    """The parts of pyproject.toml that an editable install depends on."""
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    build = {name: tables[name] for name in ("project", "build-system")}
    return {**build, "hatch": tables["tool"]["hatch"]}


def _digest(paths: Iterable[Path]) -> str:
    files = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in paths]
    return hashlib.sha256(json.dumps(files).encode()).hexdigest()


def _once(name: str, place: Path, digest: str, step: Callable[[], str]) -> None:
    """Do the step unless its stamp says that it was done with these inputs."""
    stamp = _stamp(name, place)
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    start = time.monotonic()
    told = step()
    stamp.write_text(digest, encoding="ascii")
    say(f"{name}: {told} ({time.monotonic() - start:.0f} s)")


def _stamp(name: str, place: Path) -> Path:
    """The step's mark, in the directory that it fills: who deletes the one deletes the other."""
    return place / f".setup-{name}"


def _run(command: list[str], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise StepFailedError(f"{command[0]} is not on this machine") from error
    if done.returncode != 0:
        raise StepFailedError(f"this failed: {' '.join(command)}\n{done.stdout.strip()}")


def main(arguments: list[str]) -> int:
    goal = arguments[0] if arguments else "run"
    if goal not in debian.GOALS:
        say("the goals are " + ", ".join(sorted(debian.GOALS)))
        return 2
    # Two makes in one checkout take turns: the second finds the work done.
    with (ROOT / "pyproject.toml").open("rb") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        try:
            bootstrap(goal)
        except StepFailedError as error:
            say(str(error))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
