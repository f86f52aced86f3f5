"""Where a server listens: unix sockets for tor, TCP addresses without it, or both. Spec §12.3."""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from silent_courier.server.config import Places, ServerConfig
from silent_courier.server.listener import Door, address_of, bind_tcp, bind_unix
from silent_courier.storage.files import translated
from silent_courier.tor.directory import short_socket_directory


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: tor or not, and TCP addresses (`HOST:PORT`) besides."""

    tor: bool
    listen: str | None
    desk_listen: str | None


@dataclass(frozen=True, slots=True)
class Side:
    """One side's doors: its unix socket behind tor, its TCP address, both or one."""

    doors: tuple[Door, ...]
    socket: Path | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Doors:
    """All that is bound, until `close`."""

    portal: Side
    desk: Side
    made_directory: Path | None

    def close(self) -> None:
        """Let go of every socket and what stands for it in the file system."""
        for side in (self.portal, self.desk):
            for door in side.doors:
                door.socket.close()
            if side.socket is not None:
                with suppress(OSError):
                    side.socket.unlink()
        if self.made_directory is not None:
            shutil.rmtree(self.made_directory, ignore_errors=True)


_PORTAL: Final = "portal.sock"
_DESK: Final = "desk.sock"


def choose_addresses(config: ServerConfig, wanted: Wanted) -> Wanted:
    """Fill in the addresses of `server.json` where none is asked for and there is no tor.

    Raises:
        ValueError: no tor, an onion in `server.json`, and no address to listen at.
    """
    if wanted.tor:
        if not config.uses_tor:
            raise ValueError("this server has no onions")
        return wanted
    if config.uses_tor and (wanted.listen is None or wanted.desk_listen is None):
        raise ValueError("without tor, say where to listen")
    return Wanted(
        tor=False,
        listen=wanted.listen or config.portal,
        desk_listen=wanted.desk_listen or config.desk,
    )


def open_doors(places: Places, wanted: Wanted) -> Doors:
    """Bind everything, or nothing; PortInUseError, StorageError."""
    directory: Path | None = None
    if wanted.tor:
        with translated():
            directory = short_socket_directory(places.sockets)
    made = directory if directory != places.sockets.resolve() else None
    portal = Side((), None, None)
    try:
        portal = _open_side(directory and directory / _PORTAL, wanted.listen, proxied=True)
        desk = _open_side(directory and directory / _DESK, wanted.desk_listen, proxied=False)
    except BaseException:
        Doors(portal, Side((), None, None), made).close()
        raise
    return Doors(portal, desk, made)


def _open_side(path: Path | None, address: str | None, *, proxied: bool) -> Side:
    # The address may be taken; it comes first, so that there is nothing to take back.
    tcp = None if address is None else bind_tcp(address)
    doors = () if tcp is None else (Door(tcp),)
    if path is not None:
        doors = (*doors, Door(bind_unix(path), proxied))
    return Side(doors, path, None if tcp is None else address_of(tcp))
