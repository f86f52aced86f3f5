"""The organisation's directory: root.key, roster.json, chain. Spec §8.7.

Private to its owner (0700, files 0600), every file replaced in one step and on disk before the
call returns. The chain is what was really issued, verified at every reading; the roster is what
the next charter will say. Keeps nothing open and never sees a passphrase.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from silent_courier.organisation.issue import read_chain
from silent_courier.organisation.roster import Roster
from silent_courier.protocol.chain import encode_chain, parse_chain
from silent_courier.protocol.charter import Charter
from silent_courier.protocol.errors import (
    NoOrganisationError,
    OrganisationDamagedError,
    OrganisationExistsError,
    ProtocolError,
    ServerFileError,
)
from silent_courier.storage.files import write_durably

ROOT_FILE: Final = "root.key"
ROSTER_FILE: Final = "roster.json"
CHAIN_FILE: Final = "chain"


class ServerAddresses(msgspec.Struct, frozen=True):
    """What a charter needs of `server.json`: the two addresses."""

    portal: str
    desk: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """The directory's content but for the root key."""

    directory: Path
    roster: Roster
    chain: tuple[bytes, ...]
    charter: Charter | None


def is_organisation(directory: Path) -> bool:
    """Whether this directory looks like an organisation's."""
    return (directory / ROOT_FILE).is_file() and (directory / ROSTER_FILE).is_file()


def create(directory: Path, sealed_root: bytes, roster: Roster) -> None:
    """Make the directory; OrganisationExistsError when there is anything in it."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise OrganisationExistsError
    directory.chmod(0o700)
    write_durably(directory / ROOT_FILE, sealed_root)
    save_roster(directory, roster)


def load(directory: Path) -> Organisation:
    """Read roster and chain and verify the chain.

    Raises:
        NoOrganisationError: nothing of the kind here.
        OrganisationDamagedError: a file is missing or unsound.
    """
    if not is_organisation(directory):
        raise NoOrganisationError
    chain_file = directory / CHAIN_FILE
    try:
        roster = msgspec.json.decode((directory / ROSTER_FILE).read_bytes(), type=Roster)
        chain = parse_chain(chain_file.read_bytes()) if chain_file.exists() else ()
        charter = read_chain(chain)
    except (msgspec.DecodeError, ProtocolError, UnicodeDecodeError):
        raise OrganisationDamagedError from None
    return Organisation(directory, roster, chain, charter)


def load_sealed_root(directory: Path) -> bytes:
    """The root key's file, as sealed."""
    try:
        return (directory / ROOT_FILE).read_bytes()
    except FileNotFoundError:
        raise NoOrganisationError from None


def save_roster(directory: Path, roster: Roster) -> None:
    """Replace the roster."""
    data = msgspec.json.format(msgspec.json.encode(roster), indent=1)
    write_durably(directory / ROSTER_FILE, data)


def save_chain(directory: Path, chain: tuple[bytes, ...]) -> None:
    """Replace the chain."""
    write_durably(directory / CHAIN_FILE, encode_chain(chain))


def read_server_file(path: Path) -> ServerAddresses:
    """The addresses in `server.json`; ServerFileError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=ServerAddresses)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ServerFileError from None
