"""That another program of the same user reads nothing of a process that holds a key."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from silent_courier.storage import memory
from silent_courier.storage.memory import shut_in

SECRET = "ZINNOBERROT"
READ = """
import sys
for name in ("mem", "environ", "maps"):
    try:
        with open(f"/proc/{sys.argv[1]}/{name}", "rb") as file:
            file.read(1 if name != "mem" else 0)
            print(name)
    except PermissionError:
        pass
"""
PYTHON = ("/usr/bin/python3", "-I", "-c")


def user() -> dict[str, object]:
    """One whom root is not: root may read everything."""
    nobody: dict[str, object] = {"user": 65534, "group": 65534, "extra_groups": ()}
    return nobody if os.geteuid() == 0 else {}


@contextmanager
def holder(then: str) -> Iterator[int]:
    """A process with a secret in its environment, after it has done something."""
    code = (
        f"{Path(memory.__file__).read_text('utf-8')}\n{then}\nprint('ready', flush=True)\ninput()"
    )
    process = subprocess.Popen(
        (*PYTHON, code),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"SECRET": SECRET},
        cwd="/",
        **user(),  # type: ignore[call-overload]  # as it was written above
    )
    try:
        assert process.stdout.readline() == b"ready\n"
        yield process.pid
    finally:
        process.kill()
        process.communicate()


def read_by_another(pid: int) -> list[str]:
    """What a program of the same user can open of it."""
    done = subprocess.run(
        (*PYTHON, READ, str(pid)),
        capture_output=True,
        check=True,
        cwd="/",
        **user(),  # type: ignore[call-overload]  # as it was written above
    )
    return str(done.stdout, "ascii").split()


def test_another_program_of_the_same_user_reads_nothing_of_it() -> None:
    with holder("") as pid:
        assert "environ" in read_by_another(pid)
    with holder("shut_in()") as pid:
        assert read_by_another(pid) == []


def test_it_leaves_no_core_file() -> None:
    with holder("shut_in()") as pid:
        limits = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
    (core,) = [line for line in limits.splitlines() if "core file" in line]
    assert core.split()[4:6] == ["0", "0"]


def test_what_it_starts_is_as_ever() -> None:
    shut_in()
    done = subprocess.run(["/bin/echo", "x"], capture_output=True, check=True)
    assert done.stdout == b"x\n"
