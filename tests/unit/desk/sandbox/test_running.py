"""The sandbox itself: what a program that an attachment has taken over can do in it. Nothing."""

import getpass
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from silent_courier.desk.sandbox.bubblewrap import Limits, Program, python_here
from silent_courier.desk.sandbox.running import NoSandboxError, run

MIB = 1 << 20


def inside(code: str, content: bytes = b"", limits: Limits | None = None) -> bytes:
    """What Python code says that runs where the renderer runs."""
    python, binds = python_here()
    command = (python, "-I", "-S", "-B", "-c", code)
    return run(Program(command, binds, limits or Limits()), [content])


def told(code: str, content: bytes = b"") -> Any:
    """What it prints as JSON."""
    return json.loads(inside("import json, os, sys\n" + code, content))


def attempt(act: str) -> str:
    """The name of the error that this comes to, or what it returned."""
    return str(
        told(
            "def act():\n import socket, subprocess, ctypes, mmap, signal\n"
            f" return {act}\n"
            "try:\n print(json.dumps(str(act())))\n"
            "except BaseException as error:\n print(json.dumps(type(error).__name__))"
        )
    )


def test_what_goes_in_comes_out_whole() -> None:
    content = os.urandom(3 * MIB)
    assert (
        inside("import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())", content) == content
    )


def test_no_network_not_even_that_of_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert attempt(f"socket.create_connection(('127.0.0.1', {port}), 2)") == "OSError"
    assert attempt("socket.socket(socket.AF_UNIX)") == "OSError"


def test_none_of_this_machines_files_but_libraries_and_a_python(tmp_path: Path) -> None:
    secret = tmp_path / "vault.sqlite"
    secret.write_bytes(b"secret")
    home = Path.home()
    assert set(told("print(json.dumps(os.listdir('/')))")) <= {
        "usr",
        "lib",
        "lib64",
        "bin",
        "python",
    }
    for place in (secret, tmp_path, home, home / ".ssh", "/etc/passwd", "/etc", "/proc", "/root"):
        assert attempt(f"os.stat({str(place)!r})") == "FileNotFoundError"
    for place in ("/tmp", "/var", "/run", "/sys", "/dev", "/home", Path(__file__)):
        assert attempt(f"os.stat({str(place)!r})") == "FileNotFoundError"


def test_nothing_of_the_environment_and_nobodys_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURIER_SECRET", "token")
    assert set(told("print(json.dumps(list(os.environ)))")) <= {
        "LD_LIBRARY_PATH",
        "LC_ALL",
        "LC_CTYPE",
        "PWD",
    }
    assert told("print(json.dumps([os.getuid(), os.uname().nodename]))") == [65534, "sandbox"]
    assert getpass.getuser() not in inside("import os; print(os.environ, os.getcwd())").decode()


def test_nothing_can_be_written(tmp_path: Path) -> None:
    for place in ("/x", "/usr/lib/x", "/python/x", str(tmp_path / "x"), "/tmp/x", "/dev/shm/x"):
        assert attempt(f"open({place!r}, 'wb').write(b'x')") in {"OSError", "FileNotFoundError"}
    assert list(tmp_path.iterdir()) == []


def test_nobody_else_is_seen_or_reached() -> None:
    assert told("print(json.dumps([os.getpid(), os.getppid()]))") == [2, 1]
    assert attempt(f"os.kill({os.getpid()}, 9)") != "None"
    assert attempt("os.kill(1, 9)") != "None"
    no_ptrace = "ctypes.CDLL(None, use_errno=True).ptrace(0, 0, 0, 0)"
    assert attempt(no_ptrace) == "-1"
    assert attempt("ctypes.CDLL(None).unshare(0x10000000)") == "-1"
    assert attempt("ctypes.CDLL(None).mount(b'none', b'/', b'tmpfs', 0, None)") == "-1"


def test_only_the_three_ends_of_the_pipes_are_open() -> None:
    open_ones = "[fd for fd in range(64) if not act(fd)]"
    code = (
        "def act(fd):\n try:\n  os.fstat(fd)\n except OSError:\n  return True\n"
        f"print(json.dumps({open_ones}))"
    )
    assert told(code) == [0, 1, 2]


def test_a_process_that_forks_is_refused_the_first_time() -> None:
    assert attempt("os.fork()") == "OSError"
    assert attempt("subprocess.run(['/usr/bin/true'])") == "OSError"
    threaded = "__import__('_thread').start_new_thread(print, ())"
    assert attempt(threaded) in {"RuntimeError", "error"}


def test_a_process_that_eats_memory_is_stopped_at_its_limit() -> None:
    limits = Limits(memory_bytes=256 * MIB)
    code = (
        "x = []\ntry:\n while True: x.append(bytearray(1 << 20))\nexcept MemoryError: print(len(x))"
    )
    assert 0 < int(inside(code, limits=limits)) < 256


def test_a_process_that_loops_for_ever_is_stopped() -> None:
    begun = time.monotonic()
    assert inside("while True: pass", limits=Limits(processor_s=1, wall_s=15)) == b""
    assert time.monotonic() - begun < 10
    begun = time.monotonic()
    assert inside("import time; time.sleep(600)", limits=Limits(wall_s=0.5)) == b""
    assert time.monotonic() - begun < 5


def test_a_process_that_says_too_much_or_never_listens_is_stopped() -> None:
    limits = Limits(output_bytes=MIB, wall_s=10)
    code = "import os\nwhile True: os.write(1, b'x' * 65536)"
    begun = time.monotonic()
    assert MIB < len(inside(code, b"y" * MIB, limits)) <= MIB + (1 << 16)
    assert time.monotonic() - begun < 5


def test_when_the_content_turns_out_wrong_the_program_is_ended_and_the_error_comes_through() -> (
    None
):
    def content() -> Iterator[bytes]:
        yield b"x" * MIB
        raise ValueError("altered")

    python, binds = python_here()
    echo = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
    with pytest.raises(ValueError, match="altered"):
        run(Program((python, "-I", "-S", "-c", echo), binds), content())


def test_nothing_of_what_goes_in_goes_through_a_file() -> None:
    seen: list[set[str]] = []

    def content() -> Iterator[bytes]:
        for _ in range(3):
            seen.append(_open_files())
            yield b"x" * MIB
        seen.append(_open_files())

    before = _open_files()
    python, binds = python_here()
    echo = "import sys; print(len(sys.stdin.buffer.read()))"
    assert int(run(Program((python, "-I", "-S", "-c", echo), binds), content())) == 3 * MIB
    assert seen == [before] * 4


def _open_files() -> set[str]:
    """The regular files that this process has open."""
    places = {link.readlink() for link in Path("/proc/self/fd").iterdir() if link.exists()}
    return {str(place) for place in places if place.is_file()}


def test_a_program_that_ends_before_it_has_heard_everything_is_no_trouble() -> None:
    assert inside("print('done')", b"x" * (4 * MIB)) == b"done\n"


def test_without_bubblewrap_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("silent_courier.desk.sandbox.bubblewrap.SYSTEM_PATH", "/nowhere")
    with pytest.raises(NoSandboxError):
        inside("print(1)")
