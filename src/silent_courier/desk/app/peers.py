"""Whose program is at the other end of a connection from this machine: what the kernel says.

127.0.0.1 is every user's. On Linux a socket has an owner, whom the kernel tells to whoever asks
(sock_diag(7)); elsewhere nobody is told, and nothing is decided here.
"""

import os
import socket
import struct
import sys
from functools import cache
from typing import Final

Address = tuple[str, int]

_SOCK_DIAG: Final = 4  # NETLINK_SOCK_DIAG
_BY_FAMILY: Final = 20  # SOCK_DIAG_BY_FAMILY
_REQUEST: Final = 1
_EVERY_STATE: Final = 0xFFFF_FFFF
_NO_COOKIE: Final = b"\xff" * 8
_HEADER: Final = struct.Struct("=IHHII")  # length, type, flags, sequence, port
_FAMILY: Final = struct.Struct("=BBBBI")  # family, protocol, extensions, padding, states
_PORTS: Final = struct.Struct("!HH")
_OWNER_AT: Final = _HEADER.size + 4 + 48 + 12  # after states, the pair of addresses, three numbers
_OWNER: Final = struct.Struct("=II")  # user, inode; no inode: nobody holds it any more
_PATIENCE_S: Final = 1.0
ROOT: Final = 0


def is_ours(peer: Address, here: Address) -> bool:
    """Whether this user's own program is at the other end, or root's; true where nobody can tell.

    Root may be a relay, as between Windows and a Linux inside it, and could do anything anyway.
    """
    return not can_tell() or owner_of(peer, here) in (os.geteuid(), ROOT)


@cache
def can_tell() -> bool:
    """Whether this system tells whose a socket is: found out once, with one of our own."""
    if sys.platform != "linux":
        return False
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            here = server.getsockname()
            with socket.create_connection(here) as ours:
                return owner_of(ours.getsockname(), here) == os.geteuid()
    except OSError:
        return False


def owner_of(peer: Address, here: Address) -> int | None:
    """The user whose socket is bound to `peer` and connected to `here`; None when nobody's is.

    Raises:
        OSError: the kernel cannot be asked.
    """
    asked = (
        _FAMILY.pack(socket.AF_INET, socket.IPPROTO_TCP, 0, 0, _EVERY_STATE)
        + _PORTS.pack(peer[1], here[1])
        + b"".join(socket.inet_aton(address).ljust(16, b"\0") for address in (peer[0], here[0]))
        + bytes(4)
        + _NO_COOKIE
    )
    with socket.socket(
        socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, _SOCK_DIAG
    ) as ask:
        ask.settimeout(_PATIENCE_S)
        ask.send(_HEADER.pack(_HEADER.size + len(asked), _BY_FAMILY, _REQUEST, 1, 0) + asked)
        said = ask.recv(4096)
    if len(said) < _OWNER_AT + _OWNER.size or _HEADER.unpack_from(said)[1] != _BY_FAMILY:
        return None
    user, inode = _OWNER.unpack_from(said, _OWNER_AT)
    return int(user) if inode else None
