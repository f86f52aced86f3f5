"""Programs of ours in processes of their own, and what the kernel says they cost.

Memory is resident memory: what a process has now (VmRSS), and the most it had (VmHWM) since that
was last reset. CPU time is that of all threads, user and system together.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STOP_S = 30.0
_KIB = 1024
_MB = 1_000_000
# Linux makes a clock out of a process id (clock_getcpuclockid); 2 asks for all its CPU time.
_CPU_CLOCK = 2


class Child:
    """A running program that says and hears lines of JSON."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.pid = process.pid

    def hear(self) -> dict[str, Any]:
        """What it says next; RuntimeError when it has ended instead."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a program of the benchmark ended early; see above")
        said: dict[str, Any] = json.loads(line)
        return said

    def go(self) -> None:
        """Let it go on."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def cpu_s(self) -> float:
        """Seconds of CPU time so far."""
        return time.clock_gettime((~self.pid << 3) | _CPU_CLOCK)

    def memory_mb(self) -> float:
        """Resident now, in MB (10⁶ bytes)."""
        return self._status("VmRSS")

    def peak_mb(self) -> float:
        """The most that was resident since `forget_peak`, in MB."""
        return self._status("VmHWM")

    def forget_peak(self) -> None:
        """Count the peak from now on; where that may not be, it stays what it was: no better."""
        try:
            Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        except OSError:
            return

    def _status(self, name: str) -> float:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * _KIB / _MB
        raise RuntimeError("the kernel does not say how much memory a process has")


@contextmanager
def program(name: str, *arguments: object) -> Iterator[Child]:
    """Run `bench.programs.NAME`; at the end it is told to stop, and killed if it does not."""
    command = [sys.executable, "-m", f"bench.programs.{name}", *map(str, arguments)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    try:
        yield Child(process)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
