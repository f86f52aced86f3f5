"""Running a program in the sandbox: bytes in by a pipe, at most so many bytes out, ended in time.

What goes in stands on no disk. Whatever the program does, it is over when `run` returns. Blocks;
the desk calls it from a thread, and nothing here touches the vault's database.
"""

import os
import selectors
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Final

from silent_courier.desk.sandbox.bubblewrap import (
    NOBODY,
    Program,
    bubblewrap_path,
    filter_here,
    sandbox_command,
)

_READ_AT_ONCE: Final = 1 << 16
_PATIENCE_S: Final = 0.05
_GRACE_S: Final = 2.0


class NoSandboxError(Exception):
    """This machine has no bubblewrap, or no filter is known for it."""


def run(program: Program, content: Iterable[bytes]) -> bytes:
    """What the program wrote until it ended, or was ended for taking too long or saying too much.

    Raises:
        NoSandboxError
        Whatever `content` raises; the program is ended then, too.
    """
    bwrap, filter_ = bubblewrap_path(), filter_here()
    if bwrap is None or filter_ is None:
        raise NoSandboxError
    with (
        _readable(filter_) as fd,
        _started(sandbox_command(bwrap, program, fd), fd, _whose(program)) as process,
    ):
        return _converse(process, iter(content), program)


@contextmanager
def _readable(data: bytes) -> Iterator[int]:
    """A file descriptor to read this little from."""
    reading, writing = os.pipe()
    try:
        os.write(writing, data)
        os.close(writing)
        yield reading
    finally:
        os.close(reading)


def _whose(program: Program) -> int | None:
    """As whom it runs: root's processes are never counted, whatever they are called inside."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return int(NOBODY) if is_root and program.limits.processes else None


@contextmanager
def _started(command: list[str], fd: int, user: int | None) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=(fd,),
        env={},
        cwd="/",
        start_new_session=True,
        user=user,
        group=user,
        extra_groups=None if user is None else (),
    )
    try:
        yield process
    finally:
        # Killed, bubblewrap takes everybody in the sandbox along.
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait(_GRACE_S)


def _converse(
    process: "subprocess.Popen[bytes]", content: Iterator[bytes], program: Program
) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    said, giving = bytearray(), _Giving(process.stdin, content)
    end = time.monotonic() + program.limits.wall_s
    with selectors.DefaultSelector() as selector:
        os.set_blocking(process.stdin.fileno(), False)
        selector.register(process.stdin, selectors.EVENT_WRITE)
        selector.register(process.stdout, selectors.EVENT_READ)
        while time.monotonic() < end:
            for key, _ in selector.select(_PATIENCE_S):
                if key.fileobj is process.stdin:
                    if giving.is_over():
                        selector.unregister(process.stdin)
                        process.stdin.close()
                    continue
                piece = os.read(key.fd, _READ_AT_ONCE)
                said += piece
                if not piece or len(said) > program.limits.output_bytes:
                    return bytes(said)
    return bytes(said)


class _Giving:
    """Writes what there is to write, as fast as it is taken; a program that left gets no more."""

    def __init__(self, pipe: IO[bytes], content: Iterator[bytes]) -> None:
        self._fd = pipe.fileno()
        self._content = content
        self._left = memoryview(b"")

    def is_over(self) -> bool:
        """Write once; whether everything was written, or nobody reads any more."""
        while not self._left:
            piece = next(self._content, None)
            if piece is None:
                return True
            self._left = memoryview(piece)
        try:
            self._left = self._left[os.write(self._fd, self._left) :]
        except BlockingIOError:
            return False
        except BrokenPipeError:
            # Everything is drawn all the same: whether it is the right content shows at the end.
            for _ in self._content:
                pass
            return True
        return False
