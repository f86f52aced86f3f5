"""A backup of a vault in one file, and a new vault from it. Spec §14.2.

A vault has no copies (§14.2), so what makes this one device is not in the backup: its keys and
token, its day keys and file keys, its tag numbers, what waits to be posted. What comes back from
it is a *new* desk that holds the threads and has to be enrolled. The file is a plain tar: a header,
a database under a key of its own, and sealed chunks as they lie on the disk.
"""

import os
import re
import shutil
import tarfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

import msgspec

from silent_courier.protocol.errors import VaultDamagedError, VaultExistsError
from silent_courier.protocol.sizes import KEY_LEN
from silent_courier.storage.files import sync_directory, write_durably
from silent_courier.storage.vault import search
from silent_courier.storage.vault.chunks import DIRECTORY_NAME as CHUNKS
from silent_courier.storage.vault.database import Vault
from silent_courier.storage.vault.file_errors import our_errors
from silent_courier.storage.vault.header import (
    Header,
    KdfParameters,
    VaultKey,
    derive_key,
    encode_header,
    make_header,
    parse_header,
)
from silent_courier.storage.vault.lock import VaultLock
from silent_courier.storage.vault.opening import (
    BACKUP_PLACE,
    HEADER_NAME,
    make_directory,
    open_locked,
    read_header,
)
from silent_courier.storage.vault.rekeying import Random, copy_under, renamed

DATABASE_NAME: Final = "vault.sqlite"
HEADER_LEN_MAX: Final = 4096
_CHUNK: Final = re.compile(r"chunks/[0-9a-f]{2}/[0-9a-f]{2,128}")
_COPY: Final = "copy.sqlite"

LEFT_OUT: Final = (
    "day_key", "tag", "thread_tag", "outbox_cell", "outbox_letter", "file_key", "history",
    "passed", "wanted", "promised", "posted_cell", "shown", "board_seen", "digest", "closure",
    "stated_key", "keyring", "presence", "alive", "gap", "beat", "debt", "debt_chunk", "signed",
    "unfinished",
)  # fmt: skip
"""What one device alone may hold, or has seen with its own eyes."""

ORGANISATION: Final = "organisation"
"""The setting that says whose letters a restored vault holds, in hex."""

KEPT: Final = (
    "self", "charter", "letter", "entry", "pin", "attachment", "chunk", "draft", "opening", "alarm",
    "searchable", "search", "unsearched", "setting", "attachment_fact", "change", "standing",
    "unmerged", "matter", "reader", "template", "deleted_thread", "past_month", "audit", "portal",
)  # fmt: skip

_STRIP: Final = (
    # An answer that nobody has been sent is no answer; its text is not lost for that.
    "INSERT INTO draft (source, kind, text) SELECT source, kind,"
    " group_concat(json_extract(CAST(payload AS TEXT), '$.text'), char(10) || char(10))"
    " FROM entry WHERE id IN"
    " (SELECT entry FROM outbox_cell WHERE NOT acknowledges UNION SELECT id FROM outbox_letter)"
    " GROUP BY source, kind ON CONFLICT (source, kind) DO UPDATE"
    " SET text = excluded.text || char(10) || char(10) || text",
    "DELETE FROM entry WHERE id IN"
    " (SELECT entry FROM outbox_cell WHERE NOT acknowledges UNION SELECT id FROM outbox_letter)",
    # What no colleague was told of stands on no other desk; `merging.rebuild` makes the rest stand.
    "DELETE FROM matter WHERE low IN (SELECT source FROM change WHERE id IN"
    " (SELECT id FROM outbox_letter))",
    "DELETE FROM standing WHERE source IN (SELECT source FROM change WHERE id IN"
    " (SELECT id FROM outbox_letter))",
    "DELETE FROM change WHERE id IN (SELECT id FROM outbox_letter)",
    *(f"DELETE FROM {table}" for table in LEFT_OUT),  # noqa: S608 - constants
    "UPDATE letter SET file_key = NULL, sealed = NULL, header = NULL",
    "UPDATE opening SET sealed_day = NULL",
    "INSERT OR REPLACE INTO setting (name, value) SELECT 'organisation', lower(hex(org_id))"
    " FROM self WHERE org_id IS NOT NULL",
    "UPDATE self SET signing_seed = zeroblob(32), client_seed = zeroblob(32), token = zeroblob(32),"
    " org_id = NULL, device = NULL, listed_until = 0, alive_day = 0, alive_charter = x'',"
    " alive_begun = 0, reviewed = x'', copied = 0, digested = 0",
    "UPDATE portal SET release = NULL, charter = NULL, day = NULL, shown_under = NULL",
)


def write_backup(directory: Path, passphrase: str, out: Path, seal: str, random: Random) -> None:
    """Write a backup of this vault, which nobody uses now, under the passphrase `seal`.

    Raises:
        VaultMissingError, VaultInUseError, WrongPassphraseError, VaultDamagedError
        VaultFullError: no room; what was begun is cleared away.
    """
    lock = VaultLock(directory)
    try:
        header = read_header(directory)
        vault = open_locked(directory, header, derive_key(header, passphrase), lock)
        try:
            take_copy(vault)
        finally:
            vault.close_keeping_lock()
        seal_copy(directory, passphrase, out, seal, random)
    finally:
        lock.release()


def take_copy(vault: Vault) -> None:
    """Copy an open vault's database as it stands now, for `seal_copy`; VaultFullError."""
    with vault.standing_still():
        copy_still(vault.path)


def copy_still(database: Path) -> None:
    """The same of a vault that is standing still; safe in another thread."""
    place = database.parent / BACKUP_PLACE
    shutil.rmtree(place, ignore_errors=True)
    with our_errors():
        place.mkdir(mode=0o700)
        shutil.copyfile(database, place / _COPY)


def seal_copy(directory: Path, passphrase: str, out: Path, seal: str, random: Random) -> None:
    """Make a backup of what `take_copy` has put beside this vault, and clear that away.

    Touches nothing of the vault itself, which may be open; raises as `write_backup`.
    """
    place = directory / BACKUP_PLACE
    try:
        header = read_header(directory)
        kdf = KdfParameters(header.passes, header.memory_kib, header.lanes)
        made, key = make_header(seal, kdf, random)
        before = derive_key(header, passphrase)
        copy_under(place / _COPY, place / DATABASE_NAME, before, key)
        _strip(place, key)
        _pack(place, directory, out, made)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def restore(
    file: Path, directory: Path, seal: str, passphrase: str, random: Random, *, label: str = ""
) -> None:
    """Make a new vault under this passphrase, with fresh secrets, from a backup.

    Args:
        file: untrusted: only names that a backup has are taken out of it.
        directory: holds no vault.
        seal: the passphrase of the backup.
        passphrase: of the new vault.
        random: a source of random bytes.
        label: what its handler is called from now on; empty: as before.

    Raises:
        VaultExistsError, WrongPassphraseError, VaultFullError
        VaultDamagedError: it is no backup, or cut short or altered.
    """
    make_directory(directory)
    lock = VaultLock(directory)
    place = directory / BACKUP_PLACE
    try:
        if (directory / HEADER_NAME).exists():
            raise VaultExistsError
        shutil.rmtree(place, ignore_errors=True)
        with our_errors():
            place.mkdir(mode=0o700)
        given = _unpack(file, place, directory)
        before = derive_key(given, seal)
        vault = Vault(place, before.key, lock, DATABASE_NAME)
        try:
            vault.check()
            _begin_anew(vault, random, label)
            vault.forget()
        finally:
            vault.close_keeping_lock()
        kdf = KdfParameters(given.passes, given.memory_kib, given.lanes)
        after, key = renamed(make_header(passphrase, kdf, random), random)
        copy_under(place / DATABASE_NAME, directory / after.database, before, key)
        with our_errors():
            write_durably(directory / HEADER_NAME, encode_header(after))
    finally:
        shutil.rmtree(place, ignore_errors=True)
        lock.release()


def _strip(place: Path, key: VaultKey) -> None:
    lock = VaultLock(place)
    with Vault(place, key.key, lock, DATABASE_NAME) as copy:
        with copy.transaction():
            unsent = copy.rows(
                "SELECT entry FROM outbox_cell WHERE NOT acknowledges"
                " UNION SELECT id FROM outbox_letter"
            )
            search.forget(copy, [row[0] for row in unsent])
            for statement in _STRIP:
                copy.run(statement)
        # Deleted is overwritten; what is left is written together, without the gaps.
        copy.run("VACUUM")
        copy.forget()


def _begin_anew(vault: Vault, random: Random, label: str) -> None:
    """Secrets that no desk ever had."""
    vault.run(
        "UPDATE self SET signing_seed = ?, client_seed = ?, token = ?",
        *(random(KEY_LEN) for _ in range(3)),
    )
    if label:
        vault.run("UPDATE self SET label = ?", label)


def _pack(place: Path, directory: Path, out: Path, header: Header) -> None:
    fresh = out.with_name(out.name + ".new")
    with our_errors():
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            write_durably(place / HEADER_NAME, encode_header(header))
            with os.fdopen(descriptor, "wb") as file:
                with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as tar:
                    _add(tar, place / HEADER_NAME, HEADER_NAME)
                    _add(tar, place / DATABASE_NAME, DATABASE_NAME)
                    for path in sorted((directory / CHUNKS).glob("*/*")):
                        name = path.relative_to(directory).as_posix()
                        if _CHUNK.fullmatch(name):
                            # Its thread may be deleted while this is written.
                            with suppress(FileNotFoundError):
                                _add(tar, path, name)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(out)
            sync_directory(out.parent)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise


def _add(tar: tarfile.TarFile, path: Path, name: str) -> None:
    """This file, without anything that says when or by whom it was made."""
    info = tarfile.TarInfo(name)
    with path.open("rb") as file:
        info.size, info.mode = os.fstat(file.fileno()).st_size, 0o600
        tar.addfile(info, file)


def _unpack(file: Path, place: Path, directory: Path) -> Header:
    header: Header | None = None
    try:
        with our_errors(), tarfile.open(file, "r:") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    raise VaultDamagedError
                if member.name == HEADER_NAME:
                    header = parse_header(content.read(HEADER_LEN_MAX))
                elif member.name == DATABASE_NAME:
                    _put(content, place / DATABASE_NAME)
                elif _CHUNK.fullmatch(member.name):
                    _put(content, directory / member.name)
                else:
                    raise VaultDamagedError
    except tarfile.TarError:
        raise VaultDamagedError from None
    if header is None or not (place / DATABASE_NAME).exists():
        raise VaultDamagedError
    return msgspec.structs.replace(header, database=DATABASE_NAME)


def _put(content: IO[bytes], path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(content, file, 1024 * 1024)
        file.flush()
        os.fsync(file.fileno())
