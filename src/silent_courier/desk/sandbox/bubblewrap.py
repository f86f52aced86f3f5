"""The command that makes the sandbox: what a program in it finds, and what it does not.

It finds shared libraries, a Python and the files it was given, all read-only, and nothing else: no
network, no home, no /etc, no /proc, no devices, no environment, nobody else's processes, nowhere to
write. bubblewrap makes it; without bubblewrap there is none, and nothing else takes its place.
"""

import os
import platform
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from silent_courier.desk.sandbox.syscalls import seccomp_filter

SYSTEM_PATH: Final = "/usr/bin:/bin:/usr/local/bin"
NOBODY: Final = "65534"
_MIB: Final = 1 << 20
PYTHON_HOME: Final = Path("/python")

Bind = tuple[Path, str]
"""A file or directory of this machine, and where it stands in the sandbox."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program may use: address space, processor and clock time, how much it may say.

    scratch_bytes: of memory that it may write files to, under /scratch; 0: nothing is written.
    processes: and threads, of all together; 0: as many as the list of system calls lets it.
    """

    memory_bytes: int = 1024 * _MIB
    processor_s: int = 10
    wall_s: float = 20.0
    output_bytes: int = 16 * _MIB
    files: int = 64
    scratch_bytes: int = 0
    processes: int = 0


@dataclass(frozen=True, slots=True)
class Program:
    """A command in the sandbox, and what it is shown of this machine."""

    command: Sequence[str]
    binds: Sequence[Bind]
    limits: Limits = Limits()
    has_filter: bool = True


def bubblewrap_path() -> str | None:
    """Where bubblewrap is, if this machine has it."""
    return shutil.which("bwrap", path=SYSTEM_PATH) if sys.platform == "linux" else None


def filter_here() -> bytes | None:
    """The system call filter for this machine, if there is one."""
    return seccomp_filter(platform.machine())


def sandbox_command(bwrap: str, program: Program, filter_fd: int) -> list[str]:
    """The whole command line: limits first, then the sandbox, then the program."""
    binds = [
        argument
        for place, inside in (*_libraries(program), *program.binds)
        for argument in ("--ro-bind", str(place), inside)
    ]
    links = [
        argument
        for name in ("lib", "lib64", "bin")
        if (link := Path("/", name)).is_symlink()
        for argument in ("--symlink", str(link.readlink()), str(link))
    ]
    return [
        *_limited(program.limits),
        bwrap,
        *("--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL"),
        *("--uid", NOBODY, "--gid", NOBODY, "--hostname", "sandbox"),
        *("--new-session", "--die-with-parent", "--clearenv"),
        *("--setenv", "LD_LIBRARY_PATH", str(PYTHON_HOME / "lib"), "--setenv", "LC_ALL", "C.UTF-8"),
        *binds,
        *links,
        *_scratch(program.limits),
        *("--remount-ro", "/", "--chdir", "/"),
        *(("--seccomp", str(filter_fd)) if program.has_filter else ()),
        "--",
        *_counted(program.limits),
        *program.command,
    ]


def python_here() -> tuple[str, tuple[Bind, ...]]:
    """This Python inside the sandbox: its command, and the binds that it needs."""
    base = Path(sys.base_prefix).resolve()
    program = Path(os.path.realpath(sys.executable))
    home = Path("/usr") if base == Path("/usr") else PYTHON_HOME
    command = str(home / "bin" / program.name)
    library = base / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    binds: list[Bind] = [(program, command)]
    if home == PYTHON_HOME:
        binds.append((library, str(home / "lib" / library.name)))
        shared = sorted(base.joinpath("lib").glob("libpython*.so*"))
        binds += [(path.resolve(), str(home / "lib" / path.name)) for path in shared]
    return command, tuple(binds)


def _libraries(program: Program) -> list[Bind]:
    if any(inside == "/usr" for _, inside in program.binds):
        return []
    places = [Path("/usr/lib"), Path("/usr/lib64"), Path("/lib"), Path("/lib64")]
    return [(place, str(place)) for place in places if place.is_dir() and not place.is_symlink()]


def _scratch(limits: Limits) -> tuple[str, ...]:
    if not limits.scratch_bytes:
        return ()
    size = str(limits.scratch_bytes)
    return ("--size", size, "--tmpfs", "/scratch", "--symlink", "scratch", "/tmp")  # noqa: S108


def _counted(limits: Limits) -> tuple[str, ...]:
    """The kernel counts in the sandbox's own user namespace, so this is set inside, as the last."""
    if not limits.processes:
        return ()
    return ("/usr/bin/prlimit", f"--nproc={limits.processes}:{limits.processes}", "--")


def _limited(limits: Limits) -> tuple[str, ...]:
    """A shell that takes these limits on and becomes the command after it."""
    words = (
        "ulimit -c 0",
        f"ulimit -t {limits.processor_s}",
        f"ulimit -v {limits.memory_bytes // 1024}",
        f"ulimit -n {limits.files}",
        f"ulimit -f {limits.scratch_bytes // 512}",
        'exec "$@"',
    )
    return ("/bin/sh", "-c", " && ".join(words), "sh")
