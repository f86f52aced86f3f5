"""Who this desk is: its own secrets, its label, its place in the charter. Spec §14.3."""

from dataclasses import dataclass, field

from silent_courier.protocol.errors import NotJoinedError, VaultDamagedError
from silent_courier.protocol.signing import DeviceKey
from silent_courier.storage.vault.database import Vault


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a vault is made with; three times 32 bytes that never change."""

    label: str
    signing_seed: bytes = field(repr=False)
    client_seed: bytes = field(repr=False)
    token: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Membership:
    """The organisation's id (32 bytes) and our signing key in its slot."""

    org_id: bytes
    key: DeviceKey


def keep_secrets(vault: Vault, secrets: Secrets) -> None:
    """Write a new vault's secrets, once."""
    vault.run(
        "INSERT INTO self (id, label, signing_seed, client_seed, token) VALUES (1, ?, ?, ?, ?)",
        secrets.label,
        secrets.signing_seed,
        secrets.client_seed,
        secrets.token,
    )


def secrets(vault: Vault) -> Secrets:
    """This desk's secrets."""
    row = vault.row("SELECT label, signing_seed, client_seed, token FROM self")
    if row is None:
        raise VaultDamagedError
    return Secrets(*row)


def join(vault: Vault, org_id: bytes, device: int) -> None:
    """Remember the organisation and our device slot in it."""
    vault.run("UPDATE self SET org_id = ?, device = ?", org_id, device)


def membership(vault: Vault) -> Membership:
    """The organisation and our key in it; NotJoinedError."""
    row = vault.row("SELECT org_id, device, signing_seed FROM self WHERE org_id IS NOT NULL")
    if row is None:
        raise NotJoinedError
    org_id, device, seed = row
    return Membership(org_id, DeviceKey(device, seed))


def listed_until(vault: Vault) -> int:
    """The last day on which the server's whole list was seen; 0 when never."""
    row = vault.row("SELECT listed_until FROM self")
    return int(row[0]) if row else 0


def set_listed_until(vault: Vault, day: int) -> None:
    """Remember that the whole list was seen on this day."""
    vault.run("UPDATE self SET listed_until = max(listed_until, ?)", day)


def begin_sync(vault: Vault) -> None:
    """Count a sync: what it brings is shown after what was written here before it."""
    vault.run("UPDATE self SET syncs = syncs + 1")


def last_alive(vault: Vault) -> tuple[int, bytes]:
    """Day and charter hash of the last sign of life that the server took; (0, b"") when none."""
    row = vault.row("SELECT alive_day, alive_charter FROM self")
    return (int(row[0]), bytes(row[1])) if row else (0, b"")


def set_last_alive(vault: Vault, day: int, charter_hash: bytes) -> None:
    """Remember a sign of life that the server took."""
    vault.run("UPDATE self SET alive_day = ?, alive_charter = ?", day, charter_hash)


def begin_alive(vault: Vault, day: int) -> None:
    """Remember a sign of life before the server is asked to take it."""
    vault.run("UPDATE self SET alive_begun = max(alive_begun, ?)", day)


def alive_until(vault: Vault) -> int:
    """The day of the newest sign of life that this vault can have given."""
    row = vault.row("SELECT max(alive_begun, alive_day) FROM self")
    return int(row[0]) if row else 0


def is_copied(vault: Vault) -> bool:
    """Whether another copy of this vault was found to have been at work."""
    return vault.row("SELECT 1 FROM self WHERE copied") is not None


def set_copied(vault: Vault) -> None:
    """Another copy has been at work. It stays so: nobody knows which tags that one used."""
    vault.run("UPDATE self SET copied = 1")


def reviewed_under(vault: Vault) -> bytes:
    """The hash of the charter under which the quarantine was last read again."""
    row = vault.row("SELECT reviewed FROM self")
    return bytes(row[0]) if row else b""


def set_reviewed_under(vault: Vault, charter_hash: bytes) -> None:
    """The quarantine was read again under this charter."""
    vault.run("UPDATE self SET reviewed = ?", charter_hash)
