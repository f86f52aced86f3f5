"""By which addresses a portal may be reached. Spec §10.2.

A page that comes by another name came through a stranger's hands: a gateway from the open web to
onions, or a name that was made to point at this machine.
"""

from typing import Final

from starlette.types import Scope

_NAMES_OF_THIS_MACHINE: Final = ("127.0.0.1", "localhost", "[::1]")


def own_hosts(portal: str, listen: str | None) -> frozenset[bytes]:
    """What a Host header may say: the onion, and the address listened at beside it."""
    hosts = {portal} if portal.endswith(".onion") else set()
    if listen is not None:
        port = listen.rpartition(":")[2]
        hosts |= {listen, *(f"{name}:{port}" for name in _NAMES_OF_THIS_MACHINE)}
    return frozenset(host.encode("ascii") for host in hosts)


def is_own(scope: Scope, hosts: frozenset[bytes]) -> bool:
    """Whether the request was made to one of these, and says so once."""
    named = [value.lower() for name, value in scope["headers"] if name == b"host"]
    return len(named) == 1 and named[0] in hosts
