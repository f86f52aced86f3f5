"""Another passphrase for a vault: a new file under a new key, and then a header that names it.

The header is replaced in one step and names the database it belongs to. So whoever is killed at
any moment leaves a vault that the old passphrase opens, or one that the new one opens, and the
next opening clears away what no header names. What the old passphrase opened is deleted: nobody
with an older copy of the header reads what is written from now on. Spec §14.1.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from silent_courier.storage.files import sync_directory, write_durably
from silent_courier.storage.vault.database import rekey
from silent_courier.storage.vault.file_errors import our_errors
from silent_courier.storage.vault.header import (
    Header,
    KdfParameters,
    VaultKey,
    derive_key,
    encode_header,
    make_header,
)
from silent_courier.storage.vault.lock import VaultLock
from silent_courier.storage.vault.opening import (
    HEADER_NAME,
    clear_unnamed,
    open_locked,
    read_header,
)

Random = Callable[[int], bytes]


def change_passphrase(directory: Path, old: str, new: str, random: Random) -> None:
    """Make this vault open by the new passphrase, and by no other.

    Raises:
        VaultMissingError, VaultInUseError, WrongPassphraseError, VaultDamagedError
        VaultFullError: there is no room for a second database; nothing has changed.
    """
    lock = VaultLock(directory)
    try:
        header = read_header(directory)
        kdf = KdfParameters(header.passes, header.memory_kib, header.lanes)
        before = derive_key(header, old)
        # Opening brings everything that waits in the journal into the file that is copied.
        vault = open_locked(directory, header, before, lock)
        vault.forget()
        vault.close_keeping_lock()
        after, key = renamed(make_header(new, kdf, random), random)
        copy_under(directory / header.database, directory / after.database, before, key)
        with our_errors():
            write_durably(directory / HEADER_NAME, encode_header(after))
            clear_unnamed(directory, after)
    finally:
        lock.release()


def renamed(made: tuple[Header, VaultKey], random: Random) -> tuple[Header, VaultKey]:
    """The same header over a database of a name that was not there before."""
    header, key = made
    return msgspec.structs.replace(header, database=f"vault-{random(4).hex()}.sqlite"), key


def copy_under(source: Path, target: Path, before: VaultKey, after: VaultKey) -> None:
    """A copy of a closed database under another key, on the disk when this returns."""
    with our_errors():
        try:
            descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with source.open("rb") as reader, os.fdopen(descriptor, "wb") as writer:
                shutil.copyfileobj(reader, writer, 1024 * 1024)
            rekey(target, before.key, after.key)
            with target.open("rb+") as file:
                os.fsync(file.fileno())
            sync_directory(target.parent)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
