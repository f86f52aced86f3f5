"""The installed `courier`, run as people run it: a process with a directory, input and output."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

COURIER = Path(sys.executable).with_name("courier")


@dataclass(frozen=True, slots=True)
class Shell:
    """A place to run commands in."""

    directory: Path

    @property
    def environment(self) -> dict[str, str]:
        path = os.pathsep.join([str(COURIER.parent), os.environ.get("PATH", "")])
        return {**os.environ, "PATH": path}

    def run(self, command: str, *, code: int = 0, timeout_s: float = 120) -> str:
        """Run one line as a shell does; its standard output."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def until(self, command: str, word: str, *, timeout_s: float = 90) -> str:
        """Run it again and again until its output has this word."""
        end = time.monotonic() + timeout_s
        while word not in (out := self.run(command)):
            assert time.monotonic() < end, out
            time.sleep(2)
        return out

    @contextmanager
    def running(self, *arguments: str) -> Iterator["Running"]:
        """`courier …` in the background; it must stop in good order when it is told to."""
        out = self.directory / f"{arguments[0]}.out"
        with out.open("w", encoding="utf-8") as file:
            process = subprocess.Popen(
                [str(COURIER), *arguments],
                cwd=self.directory,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                # Ctrl-C must reach it even where this run ignores it.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
            )
        running = Running(process, out)
        try:
            yield running
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


@dataclass(frozen=True, slots=True)
class Running:
    """A command in the background, and the file with what it said."""

    process: subprocess.Popen[bytes]
    out: Path

    @property
    def text(self) -> str:
        return self.out.read_text(encoding="utf-8")

    def wait_for(self, words: str, timeout_s: float = 120) -> str:
        """Wait until it has said this; everything it has said."""
        end = time.monotonic() + timeout_s
        while words not in self.text:
            assert self.process.poll() is None, self.text
            assert time.monotonic() < end, self.text
            time.sleep(0.2)
        return self.text

    def stop(self, number: signal.Signals = signal.SIGINT, timeout_s: float = 15) -> int:
        """Tell it to stop; its exit code. Nothing that it started may be left."""
        children = descendants(self.process.pid)
        self.process.send_signal(number)
        code = self.process.wait(timeout_s)
        left = [pid for pid in children if _is_alive(pid)]
        assert not left, "a child process was left behind"
        return code


def descendants(pid: int) -> list[int]:
    """The ids of every process that this one started, and theirs."""
    found: list[int] = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        found += [int(child), *descendants(int(child))]
    return found


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return not state.startswith(" Z")
