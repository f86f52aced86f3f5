"""A server in a process of its own, for as long as a measurement takes."""

import asyncio
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import Child, program
from bench.world import World
from silent_courier import desk as desks
from silent_courier.desk import Desk
from silent_courier.tor.transport import Transport


@dataclass(frozen=True, slots=True)
class Served:
    """Where it listens: the unix socket behind its onion, and two addresses of this machine."""

    child: Child
    portal: Path
    portal_url: str
    desk_url: str

    def portal_transport(self) -> Transport:
        """What a source has."""
        return Transport(self.portal_url, socks=None, random_bytes=secrets.token_bytes)

    def desk_transport(self) -> Transport:
        """What a desk has."""
        return Transport(self.desk_url, socks=None, random_bytes=secrets.token_bytes)


@contextmanager
def served(world: World) -> Iterator[Served]:
    """Run the world's server."""
    with program("server", world.server, world.clock.offset) as child:
        said = child.hear()
        yield Served(child, Path(said["portal"]), said["portal_url"], said["desk_url"])


@contextmanager
def served_with_day_keys(world: World) -> Iterator[Served]:
    """The same, after all desks have synced and seen each other's day keys."""
    with served(world) as server:
        for _ in range(2):
            asyncio.run(sync_all(server, world.desks))
        yield server


async def sync_all(server: Served, all_desks: Iterable[Desk]) -> None:
    """Let these desks sync, one after the other."""
    for desk in all_desks:
        async with server.desk_transport() as transport:
            await desks.sync(desk, transport)
