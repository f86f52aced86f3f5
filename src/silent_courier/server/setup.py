"""Making a server, and giving it a charter. Spec §12.2.

Onion keys are made here and never leave the directory but in a backup. Nothing that is there
already is overwritten.
"""

from pathlib import Path

from silent_courier.protocol.charter import Charter
from silent_courier.protocol.errors import DirectoryNotEmptyError
from silent_courier.server.config import Places, ServerConfig, encode_config, read_config
from silent_courier.server.draws import Random
from silent_courier.server.standing import (
    check_successor,
    from_stored,
    to_stored,
    verify_standing,
)
from silent_courier.storage.files import translated, write_durably
from silent_courier.storage.server.charters import read_charter, store_charter
from silent_courier.storage.server.database import Database
from silent_courier.tor.onion import ONION_SEED_LEN, make_onion_key, write_onion_key


def init_server(
    directory: Path,
    *,
    random: Random,
    portal: str | None = None,
    desk: str | None = None,
    assisted_form: bool = False,
) -> ServerConfig:
    """Make onion keys (or take two `HOST:PORT` addresses), the database and `server.json`.

    Raises:
        DirectoryNotEmptyError: the directory holds something.
        ValueError: one address without the other.
    """
    make_empty_directory(directory)
    places = Places(directory)
    if portal is None and desk is None:
        config = ServerConfig(
            _make_onion(places.portal_onion, random),
            _make_onion(places.desk_onion, random),
            assisted_form,
        )
    elif portal is not None and desk is not None:
        config = ServerConfig(portal, desk, assisted_form)
    else:
        raise ValueError("both addresses or none")
    Database(places.store).close()
    # Last: a directory with this file is a whole server.
    write_durably(places.config, encode_config(config))
    return config


def _make_onion(directory: Path, random: Random) -> str:
    key = make_onion_key(random(ONION_SEED_LEN))
    with translated():
        directory.parent.mkdir(mode=0o700, exist_ok=True)
        write_onion_key(directory, key)
    return key.address


def make_empty_directory(directory: Path) -> None:
    """Make it, private, or take it as it is when it is empty; DirectoryNotEmptyError."""
    with translated():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.chmod(0o700)
        if any(directory.iterdir()):
            raise DirectoryNotEmptyError


def load_charter(directory: Path, chain_file: bytes, access_file: bytes) -> Charter:
    """Verify a charter with its chain and access list, and let it hold from now on.

    Raises:
        NotAServerError, MalformedCharterError, CharterSignatureError
        CharterSerialError: not newer than the one that holds, nor the very same.
        WrongOrganisationError: another organisation's.
    """
    read_config(directory)
    standing = verify_standing(chain_file, access_file)
    database = Database(Places(directory).store)
    try:
        with database.write() as connection:
            before = read_charter(connection)
            if before is not None:
                check_successor(standing, from_stored(before))
            store_charter(connection, to_stored(standing, access_file))
    finally:
        database.close()
    return standing.charter
