"""Makes the demo's server, organisation and two desks, exactly as the commands would.

Passphrases lie beside what they open, which no real organisation should do.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from silent_courier.cli.demo import samples
from silent_courier.cli.demo.places import HANDLERS, NAME, Places, Ports, write_ports
from silent_courier.cli.portal import portal_maker
from silent_courier.desk import Desk, info, init, join, make_request, take_up
from silent_courier.organisation import actions, store
from silent_courier.organisation.roster import Rhythm
from silent_courier.organisation.store import ServerAddresses
from silent_courier.protocol.chain import parse_chain
from silent_courier.protocol.errors import NotJoinedError
from silent_courier.server.setup import init_server, load_charter
from silent_courier.storage.files import write_durably
from silent_courier.storage.vault import KdfParameters, open_vault

EPOCH_SECONDS: Final = 10
"""So that an answer appears within seconds."""

_KDF: Final = KdfParameters(passes=1, memory_kib=8 * 1024, lanes=1)
"""The passphrases are random, and lie beside the vaults."""


def set_up(places: Places, ports: Ports) -> None:
    """Make everything, with a charter that names the server's onions."""
    places.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_passphrases(places)
    config = init_server(places.server, random=secrets.token_bytes)
    # Twice as many births and half as long a life as usual: an answer goes in seconds, and the
    # board has the size of a real one.
    onions = ServerAddresses(config.portal, config.desk)
    actions.init(
        places.org,
        NAME,
        onions,
        places.passphrase("org"),
        random=secrets.token_bytes,
        rhythm=Rhythm(
            epoch_seconds=EPOCH_SECONDS,
            births_per_epoch=4,
            cell_life_epochs_min=360,
            cell_life_epochs_max=528,
        ),
    )
    requests = [_make_desk(places, handler) for handler in HANDLERS]
    actions.enrol(places.org, requests)
    _write_samples(places.samples)
    use_addresses(places, onions)
    write_ports(places, ports)


def use_addresses(places: Places, addresses: ServerAddresses) -> None:
    """Let server and desks have a charter that names these addresses."""
    if not _is_current(places, addresses):
        issued = actions.issue_charter(
            places.org, places.passphrase("org"), clock=time.time, server=addresses
        )
        write_durably(places.access, issued.access)
        write_durably(places.charter, issued.chain)
    load_charter(places.server, places.charter.read_bytes(), places.access.read_bytes())
    for handler in HANDLERS:
        with opened_desk(places, handler) as desk:
            _catch_up(desk, places.charter.read_bytes(), places)


@contextmanager
def opened_desk(places: Places, handler: str) -> Iterator[Desk]:
    """This handler's desk; VaultInUseError while another command uses it."""
    with open_vault(places.desk(handler), places.passphrase(handler)) as vault:
        yield take_up(vault, time.time, secrets.token_bytes, portal_maker())


def _is_current(places: Places, addresses: ServerAddresses) -> bool:
    organisation = store.load(places.org)
    if organisation.charter is None or not places.charter.is_file():
        return False
    body = organisation.charter.body
    changes = actions.pending(organisation)
    return (
        (body.portal, body.desk) == (addresses.portal, addresses.desk)
        and not changes.left
        and not changes.new_devices
        and parse_chain(places.charter.read_bytes())[-1] == organisation.chain[-1]
    )


def _catch_up(desk: Desk, chain: bytes, places: Places) -> None:
    """Join, or learn by hand of addresses that cannot be reached any more."""
    charter = store.load(places.org).charter
    try:
        known = info(desk).serial
    except NotJoinedError:
        known = 0
    if charter is not None and known < charter.body.serial:
        join(desk, chain)


def _make_desk(places: Places, handler: str) -> bytes:
    desk = init(
        places.desk(handler),
        places.passphrase(handler),
        handler.title(),
        clock=time.time,
        random=secrets.token_bytes,
        kdf=_KDF,
    )
    try:
        return make_request(desk)
    finally:
        desk.vault.close()


def _write_passphrases(places: Places) -> None:
    for who in ("org", *HANDLERS):
        path = places.passphrase_file(who)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_durably(path, secrets.token_hex(16).encode() + b"\n")


def _write_samples(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    (folder / "letter.txt").write_text(samples.LETTER, encoding="utf-8")
    (folder / "more.txt").write_text(samples.SECOND_LETTER, encoding="utf-8")
    (folder / "answer.txt").write_text(samples.FIRST_ANSWER, encoding="utf-8")
    (folder / "photo.jpg").write_bytes(samples.photo())
