"""Making a vault and opening it: directory, lock, header, key, database. Spec §14.1.

A vault exists once its header does, which is written last; what lay there without one is set
behind is cleared away. Refuses to open beside another program.
"""

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from silent_courier.protocol.errors import (
    VaultDamagedError,
    VaultExistsError,
    VaultFullError,
    VaultInUseError,
    VaultMissingError,
)
from silent_courier.storage.files import write_durably
from silent_courier.storage.vault.database import DATABASE_NAME, PAGE_LEN, Vault
from silent_courier.storage.vault.file_errors import our_errors
from silent_courier.storage.vault.header import (
    DEFAULT_KDF,
    Header,
    KdfParameters,
    VaultKey,
    derive_key,
    encode_header,
    make_header,
    parse_header,
)
from silent_courier.storage.vault.identity import Secrets, keep_secrets
from silent_courier.storage.vault.lock import VaultLock
from silent_courier.storage.vault.schema import bring_up_to_date

HEADER_NAME: Final = "vault.json"
BACKUP_PLACE: Final = "backup.tmp"
"""Where a backup is made of a copy of the database; it is cleared away at once."""

_HEADER_LEN_MAX: Final = 4096


@dataclass(frozen=True, slots=True)
class Derived:
    """A vault's header, and the key that a passphrase makes under it."""

    header: Header
    key: VaultKey


def create_vault(
    directory: Path,
    passphrase: str,
    secrets: Secrets,
    random: Callable[[int], bytes],
    *,
    kdf: KdfParameters = DEFAULT_KDF,
    derived: Derived | None = None,
) -> Vault:
    """Make a vault that holds these secrets, and open it; VaultExistsError.

    derived: what `draw` made of the passphrase, where that was done before.
    """
    make_directory(directory)
    lock = VaultLock(directory)
    try:
        if (directory / HEADER_NAME).exists():
            raise VaultExistsError
        _set_aside(directory, random)
        made = derived or draw(passphrase, kdf, random)
        vault = Vault(directory, made.key.key, lock)
    except BaseException:
        lock.release()
        raise
    try:
        bring_up_to_date(vault)
        keep_secrets(vault, secrets)
        with our_errors():
            write_durably(directory / HEADER_NAME, encode_header(made.header))
    except BaseException:
        vault.close()
        raise
    return vault


def draw(passphrase: str, kdf: KdfParameters, random: Callable[[int], bytes]) -> Derived:
    """The header of a new vault, and its key. Takes a second, safe in another thread."""
    return Derived(*make_header(passphrase, kdf, random))


def open_vault(directory: Path, passphrase: str) -> Vault:
    """Open a vault.

    Raises:
        VaultMissingError, VaultInUseError, WrongPassphraseError, VaultTooNewError
        VaultDamagedError: the header or the database is cut short or altered, so that nothing can
            be read. Where some of it can, the vault opens and is `damaged`.
    """
    if not (directory / HEADER_NAME).exists():
        raise VaultMissingError
    lock = VaultLock(directory)
    try:
        header = read_header(directory)
        return open_locked(directory, header, derive_key(header, passphrase), lock)
    except BaseException:
        lock.release()
        raise


def derive(directory: Path, passphrase: str) -> Derived:
    """What opens this vault, which somebody may be using. Takes a second, safe in another thread.

    Raises:
        VaultMissingError, WrongPassphraseError, VaultDamagedError
    """
    header = read_header(directory)
    return Derived(header, derive_key(header, passphrase))


def open_derived(directory: Path, derived: Derived) -> Vault:
    """Open a vault with what `derive` made.

    Raises:
        VaultTooNewError, VaultDamagedError
        VaultInUseError: by another program, or one has just changed its passphrase.
    """
    lock = VaultLock(directory)
    try:
        if read_header(directory) != derived.header:
            raise VaultInUseError
        return open_locked(directory, derived.header, derived.key, lock)
    except BaseException:
        lock.release()
        raise


def open_locked(directory: Path, header: Header, key: VaultKey, lock: VaultLock) -> Vault:
    """Open the database that this header names; the caller holds the lock, and keeps it if this
    fails.
    """
    _check_length(directory / header.database)
    vault = Vault(directory, key.key, lock, header.database)
    try:
        clear_unnamed(directory, header)
        # Of a backup that was killed: it may hold what was deleted here since.
        shutil.rmtree(directory / BACKUP_PLACE, ignore_errors=True)
        vault.look_for_damage()
        bring_up_to_date(vault)
        # A program that died before it could do so left what it had deleted in the journal.
        with suppress(VaultFullError):
            vault.forget()
    except BaseException:
        vault.close()
        raise
    return vault


def clear_unnamed(directory: Path, header: Header) -> None:
    """Delete the databases that no header names: a change of passphrase was broken off."""
    for path in directory.glob("vault*.sqlite*"):
        if path.name.partition(".sqlite")[0] != header.database.removesuffix(".sqlite"):
            path.unlink(missing_ok=True)


def make_directory(directory: Path) -> None:
    """A private directory, where there is none yet; VaultError."""
    with our_errors():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.chmod(0o700)


def lost_its_header(directory: Path) -> bool:
    """Whether there is a database and no header to open it by."""
    if (directory / HEADER_NAME).exists():
        return False
    return any(path.stat().st_size for path in directory.glob("vault*.sqlite"))


def _set_aside(directory: Path, random: Callable[[int], bytes]) -> None:
    """Rename what lies here without a header.

    A making that broke off leaves that; but it may be a vault whose header was lost, and whoever
    finds a copy of that opens it.
    """
    mark = random(4).hex()
    for path in directory.glob("vault*.sqlite*"):
        path.rename(directory / f"aside-{mark}-{path.name}")
    # Made here, so that SQLite gives it and its journal no wider rights.
    (directory / DATABASE_NAME).touch(mode=0o600)


def read_header(directory: Path) -> Header:
    """The header of the vault in this directory; VaultMissingError, VaultDamagedError."""
    if not (directory / HEADER_NAME).exists():
        raise VaultMissingError
    with our_errors(), (directory / HEADER_NAME).open("rb") as file:
        return parse_header(file.read(_HEADER_LEN_MAX))


def _check_length(path: Path) -> None:
    # A file without one whole page would be taken for a new database.
    if not path.exists() or path.stat().st_size < PAGE_LEN:
        raise VaultDamagedError
