"""The charters this desk has adopted: the latest chain, and the hash of each before. Spec §14.3."""

from silent_courier.protocol.chain import encode_chain, parse_chain
from silent_courier.protocol.charter import Charter, verify_chain
from silent_courier.protocol.errors import NotJoinedError
from silent_courier.storage.vault.database import Vault


def adopt(vault: Vault, charter: Charter, files: tuple[bytes, ...]) -> None:
    """Make this the current charter; the caller has verified it and its serial."""
    with vault.transaction():
        vault.run("UPDATE charter SET chain = NULL")
        if charter.body.previous is not None:
            vault.run(
                "INSERT OR IGNORE INTO charter (hash) VALUES (?)",
                bytes.fromhex(charter.body.previous),
            )
        vault.run(
            "INSERT INTO charter (hash, serial, chain) VALUES (?, ?, ?)"
            " ON CONFLICT (hash) DO UPDATE SET serial = excluded.serial, chain = excluded.chain",
            charter.hash,
            charter.body.serial,
            encode_chain(files),
        )


def current(vault: Vault, org_id: bytes) -> Charter:
    """The current charter, verified again from its bytes; NotJoinedError."""
    return verify_chain(chain(vault), org_id)


def chain(vault: Vault) -> tuple[bytes, ...]:
    """The files of the current chain, from the first charter; NotJoinedError."""
    row = vault.row("SELECT chain FROM charter WHERE chain IS NOT NULL")
    if row is None:
        raise NotJoinedError
    return parse_chain(row[0])


def known_hashes(vault: Vault) -> frozenset[bytes]:
    """The hash of every charter that was current here or came right before one that was."""
    return frozenset(bytes(row[0]) for row in vault.rows("SELECT hash FROM charter"))
