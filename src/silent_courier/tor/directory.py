"""Directories that tor and its sockets live in: private, with short paths, one owner at a time.

Refuses nothing but a second owner; whether tor can read a path is said in `torrc`.
"""

import fcntl
import tempfile
from pathlib import Path
from typing import BinaryIO

from silent_courier.protocol.errors import TorAlreadyRunningError
from silent_courier.tor.torrc import SOCKET_PATH_MAX

_SOCKET_NAME_MAX = 24


def short_socket_directory(preferred: Path) -> Path:
    """`preferred`, or a new one in /tmp where sockets in it would have too long a path; 0700."""
    if len(str(preferred.resolve()).encode()) + 1 + _SOCKET_NAME_MAX <= SOCKET_PATH_MAX:
        make_private_directory(preferred)
        return preferred.resolve()
    return Path(tempfile.mkdtemp(prefix="courier-", dir="/tmp"))


def make_private_directory(path: Path) -> None:
    """Make it where it is missing; mode 0700 in any case."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)


def lock_directory(directory: Path) -> BinaryIO:
    """Hold a directory until the file is closed; TorAlreadyRunningError when somebody does."""
    # Tor's own lock comes too late: by then it has taken the control socket of the one that runs.
    held = (directory / "owner.lock").open("wb")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.close()
        raise TorAlreadyRunningError from error
    return held
