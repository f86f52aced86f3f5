"""By which addresses a portal may be reached, and from whose pages a form may come. Spec §10.8.

A page that comes by another name came through a stranger's hands: a gateway from the open web to
onions, or a name that was made to point at this machine. A form that comes from a stranger's page
holds what the stranger wants: a receipt, say, that is the stranger's own.
"""

from typing import Final

from starlette.types import Scope

_OWN_SITES: Final = (b"same-origin", b"none")
_UNTOLD_ORIGIN: Final = b"null"
"""What browsers say of pages that send no referrer, as ours do, whoever they belong to."""

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
    named = _values(scope, b"host")
    return len(named) == 1 and named[0] in hosts


def is_from_own_page(scope: Scope, hosts: frozenset[bytes]) -> bool:
    """Whether the browser, where it says from whose page it posts, says that it is one of ours."""
    origins = {b"http://" + host for host in hosts} | {_UNTOLD_ORIGIN}
    return origins.issuperset(_values(scope, b"origin")) and all(
        site in _OWN_SITES for site in _values(scope, b"sec-fetch-site")
    )


def _values(scope: Scope, wanted: bytes) -> list[bytes]:
    return [value.lower() for name, value in scope["headers"] if name == wanted]
