"""The memory of a process that holds a passphrase or words: not for the disk or other programs.

A core file would outlive the process that was to be its end. And where the system lets a program
read the memory of others of its user (Linux), it does not let it read this one's.
"""

import ctypes
import sys
from contextlib import suppress

_SET_DUMPABLE = 4  # PR_SET_DUMPABLE


def shut_in() -> None:
    """From now on nothing writes this process's memory down, and nobody but root reads it."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
