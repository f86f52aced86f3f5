"""The one charter that holds now, with its chain and its access list. Spec §12.2.

Keeps what it is given: verifying is for whoever calls. An older charter's access list is not kept,
since the token hashes of who has left are nobody's business.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from silent_courier.storage.server.tables import charters


@dataclass(frozen=True, slots=True)
class CharterVersion:
    """What changes when another charter or another access list is stored."""

    hash: bytes
    access_hash: bytes


@dataclass(frozen=True, slots=True)
class StoredCharter:
    """A chain file and the access list that goes with its last charter, each with its SHA-256."""

    serial: int
    version: CharterVersion
    chain: bytes
    access: bytes


def store_charter(connection: Connection, charter: StoredCharter) -> None:
    """Let this charter take the place of the one before."""
    connection.execute(delete(charters))
    connection.execute(
        insert(charters).values(
            serial=charter.serial,
            hash=charter.version.hash,
            chain=charter.chain,
            access=charter.access,
            access_hash=charter.version.access_hash,
        )
    )


def read_version(connection: Connection) -> CharterVersion | None:
    """Cheap enough to ask every second; None before the first charter."""
    row = connection.execute(select(charters.c.hash, charters.c.access_hash)).one_or_none()
    return None if row is None else CharterVersion(row.hash, row.access_hash)


def read_charter(connection: Connection) -> StoredCharter | None:
    """The charter that holds now; None before the first."""
    row = connection.execute(select(charters)).one_or_none()
    if row is None:
        return None
    version = CharterVersion(row.hash, row.access_hash)
    return StoredCharter(row.serial, version, row.chain, row.access)
