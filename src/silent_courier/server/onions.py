"""The server's two onions: how tor is told of them, and whom the desk's lets in. Spec §12.3."""

from contextlib import suppress
from pathlib import Path
from typing import Final

from silent_courier.protocol.errors import TorError
from silent_courier.server.config import Places
from silent_courier.server.draws import Random
from silent_courier.server.standing import Standing
from silent_courier.storage.files import translated
from silent_courier.tor.onion import CLIENT_SEED_LEN, make_client_key, write_authorized_clients
from silent_courier.tor.service import TorService
from silent_courier.tor.torrc import OnionConfig

_NOBODY: Final = "nobody"


def onion_configs(places: Places, portal: Path, desk: Path) -> tuple[OnionConfig, OnionConfig]:
    """The public onion and the desk onion, with the sockets behind them."""
    return (
        OnionConfig(places.portal_onion, portal, public=True),
        OnionConfig(places.desk_onion, desk, public=False),
    )


def write_clients(places: Places, standing: Standing | None, random: Random) -> None:
    """Let in the devices of the charter that holds, and before the first charter nobody."""
    clients = {} if standing is None else standing.clients
    if not clients:
        # tor takes an empty list for an onion that is open to all: one key that nobody has.
        clients = {_NOBODY: make_client_key(random(CLIENT_SEED_LEN)).public}
    with translated():
        write_authorized_clients(places.desk_onion, clients)


async def reload_clients(tor: TorService) -> None:
    """Make a running tor read the list; one that is down reads it when it starts."""
    with suppress(TorError):
        await tor.reload()
