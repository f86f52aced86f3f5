"""A network of its own for the process that runs tests: loopback and nothing else.

A test that reaches out fails at once instead of working here and failing elsewhere, no test can
tell the world anything, and two workers never want the same port. Needs root; without it the tests
run where they are. Children inherit what is entered here.
"""

import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS = 0x8913
SIOCSIFFLAGS = 0x8914
IFF_UP = 0x1
# The main thread's, by its own id: threads can be in different networks.
NETWORK = Path("/proc/thread-self/ns/net")

_libc = ctypes.CDLL(None, use_errno=True)
_outside: list[int] = []


def enter() -> None:
    """Leave the machine's network for an empty one, for good; do nothing without the right to."""
    outside = os.open(NETWORK, os.O_RDONLY | os.O_CLOEXEC)
    if _libc.unshare(CLONE_NEWNET) != 0:
        os.close(outside)
        return
    _bring_up(b"lo")
    _outside.append(outside)


@contextmanager
def left() -> Iterator[None]:
    """The machine's own network, for as long as the block runs."""
    if not _outside:
        yield
        return
    inside = os.open(NETWORK, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _go(_outside[0])
        yield
    finally:
        _go(inside)
        os.close(inside)


def _go(network: int) -> None:
    if _libc.setns(network, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _bring_up(interface: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", interface, 0)
        _, flags = struct.unpack("16sh14x", fcntl.ioctl(control, SIOCGIFFLAGS, request))
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", interface, flags | IFF_UP))
