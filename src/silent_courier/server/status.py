"""What an operator may know of a server: whether it runs and can be found.

Nothing about requests. Letters and chunks are counted once a day, and the file is written only
when something in it changed, so that it does not tell when anything arrived.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from silent_courier.server.config import Places, read_config
from silent_courier.server.lock import is_locked
from silent_courier.storage.files import translated
from silent_courier.tor.service import ServiceStatus


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """A server as its operator sees it; `faults` are failures that should not have happened."""

    running: bool
    portal: str
    desk: str
    day: int | None = None
    epoch: int | None = None
    serial: int | None = None
    org_id: str | None = None
    letters: int = 0
    chunks: int = 0
    store_full: bool = False
    store_failing: bool = False
    faults: int = 0
    tor: ServiceStatus | None = None


def encode_status(status: ServerStatus) -> bytes:
    """One JSON object."""
    return msgspec.json.encode(status)


def write_status(directory: Path, status: ServerStatus) -> None:
    """Put the status where `read_status` finds it."""
    path = Places(directory).status
    fresh = path.with_name(path.name + ".new")
    with translated():
        # Not synced: after a crash there is no server whose status it could be.
        fresh.write_bytes(encode_status(status))
        fresh.replace(path)


def read_status(directory: Path) -> ServerStatus:
    """The status of a server that runs, or of one that does not.

    Raises:
        NotAServerError: there is no server in this directory.
    """
    config = read_config(directory)
    running = is_locked(Places(directory).lock)
    try:
        content = Places(directory).status.read_bytes()
        status = msgspec.json.decode(content, type=ServerStatus)
    except (OSError, msgspec.DecodeError):
        return ServerStatus(running, config.portal, config.desk)
    return status if running else replace(status, running=False, tor=None)
