"""What a program in the sandbox may ask of the kernel: a seccomp filter, as bubblewrap takes it.

An allow list: reading, memory, time, leaving. No process or thread is started, no socket made, no
other process looked at; whatever is not named answers *not implemented*, so that the C library
falls back or the program ends. Another machine than the one it was made for is not let run at all.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Kernel constants: linux/bpf_common.h, linux/seccomp.h, linux/audit.h.
_LOAD_WORD: Final = 0x20
_JUMP_EQUAL: Final = 0x15
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_NOT_IMPLEMENTED: Final = 0x00050000 | 38
_KILL: Final = 0x80000000
_NUMBER_AT: Final = 0
_MACHINE_AT: Final = 4


@dataclass(frozen=True, slots=True)
class _Machine:
    audit: int
    allowed: frozenset[int]


_MACHINES: Final[Mapping[str, _Machine]] = {
    # read write open close stat fstat lstat lseek mmap mprotect munmap brk rt_sigaction
    # rt_sigprocmask rt_sigreturn ioctl pread64 readv writev access sched_yield mremap madvise dup
    # getpid execve exit uname fcntl getcwd readlink gettimeofday getrlimit getrusage sysinfo times
    # getuid getgid geteuid getegid getppid getpgrp sigaltstack statfs fstatfs arch_prctl gettid
    # time wait4 futex sched_getaffinity getdents64 set_tid_address restart_syscall clock_gettime
    # clock_getres clock_nanosleep exit_group tgkill openat newfstatat readlinkat faccessat
    # set_robust_list dup3 prlimit64 getrandom membarrier statx rseq faccessat2
    "x86_64": _Machine(
        0xC000003E,
        frozenset(
            (
                *(*range(7), 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 24, 25, 28, 32, 39),
                *(59, 60, 63, 72, 79, 89, 96, 97, 98, 99, 100, 102, 104, 107, 108, 110, 111, 131),
                *(
                    137,
                    138,
                    158,
                    61,
                    186,
                    201,
                    202,
                    204,
                    217,
                    218,
                    219,
                    228,
                    229,
                    230,
                    231,
                    234,
                    257,
                ),
                *(262, 267, 269, 273, 292, 302, 318, 324, 332, 334, 439),
            )
        ),
    ),
    "aarch64": _Machine(
        0xC00000B7,
        frozenset(
            (
                *(17, 23, 24, 25, 29, 43, 44, 48, 56, 57, 61, 62, 63, 64, 65, 66, 67, 78, 79, 80),
                *(93, 94, 96, 98, 99, 113, 114, 115, 123, 124, 128, 131, 132, 134, 135, 139, 153),
                *(160, 163, 165, 169, 172, 173, 174, 175, 176, 177, 178, 179, 214, 215, 216, 221),
                *(222, 226, 233, 260, 261, 278, 283, 291, 293, 439),
            )
        ),
    ),
}


def seccomp_filter(machine: str) -> bytes | None:
    """The filter for this machine (`platform.machine()`); None where there is none."""
    if (known := _MACHINES.get(machine)) is None:
        return None
    numbers = sorted(known.allowed)
    program = [
        _step(_LOAD_WORD, _MACHINE_AT),
        _step(_JUMP_EQUAL, known.audit, if_so=1),
        _step(_RETURN, _KILL),
        _step(_LOAD_WORD, _NUMBER_AT),
        # Each jumps over those that are left and the refusal; at most 255 steps fit in a jump.
        *(
            _step(_JUMP_EQUAL, number, if_so=len(numbers) - position)
            for position, number in enumerate(numbers)
        ),
        _step(_RETURN, _NOT_IMPLEMENTED),
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(program)


def _step(code: int, value: int, if_so: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, 0, value)
