"""Backup and restore: one tar of the database, the chunks, the onion keys and `server.json`.

A backup can be taken while the server runs, and holds all that was acknowledged before. What came
since the night is written anew in the copy, as the night would: a backup needs no key of the day
and shows nothing of the day's order but that of cells that wait. Spec §12.5. It ends with a
manifest of the SHA-256 of every part; a restore checks each of them before anything is put in
place, and writes over nothing. Whoever has a backup can be the onion: the file is private, and so
must be where it goes.
"""

import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from silent_courier.protocol.errors import (
    BackupDamagedError,
    BackupExistsError,
    StoreDamagedError,
)
from silent_courier.server.config import Places, read_config
from silent_courier.server.setup import make_empty_directory
from silent_courier.storage.chunks import DiskChunks
from silent_courier.storage.files import sync_directory, translated
from silent_courier.storage.server.cells import unseal_queue
from silent_courier.storage.server.database import Database
from silent_courier.storage.server.order import by_name
from silent_courier.storage.server.staged import is_empty, settle
from silent_courier.storage.staged_files import PlainFile, Readable
from silent_courier.storage.staging import StagingKey, StagingKeys, read_staging_keys

_MANIFEST: Final = "manifest.json"
_PIECE_LEN: Final = 1024 * 1024
_MANIFEST_LEN_MAX: Final = 256 * 1024 * 1024
_PART: Final = re.compile(
    r"store\.sqlite|server\.json|chunks/([0-9a-f]{2})/\1[0-9a-f]{62}"
    r"|onion/(?:portal|desk)/(?:hs_ed25519_secret_key|hs_ed25519_public_key|hostname)"
)

Manifest = dict[str, str]


def backup(directory: Path, out: Path) -> None:
    """Write a backup of this server, running or not.

    Raises:
        NotAServerError: no server here.
        BackupExistsError: `out` is there already.
        DiskFullError, StorageError
    """
    read_config(directory)
    if out.exists():
        raise BackupExistsError
    with translated(), _aside(out.parent) as aside:
        store = aside / "store.sqlite"
        _copy_database(directory, store)
        tar = aside / "backup.tar"
        with _private_tar(tar) as archive:
            _write_parts(archive, directory, store)
        # A link, unlike a rename, does not replace what came there meanwhile.
        try:
            os.link(tar, out)
        except FileExistsError:
            raise BackupExistsError from None
        sync_directory(out.parent)


@contextmanager
def _aside(parent: Path) -> Iterator[Path]:
    """A private directory on the same disk, gone afterwards."""
    aside = Path(tempfile.mkdtemp(prefix=".courier-backup-", dir=parent))
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _copy_database(directory: Path, copy: Path) -> None:
    places = Places(directory)
    staged = copy.with_name("staged.sqlite")
    # Read twice: a night may end, or a day begin, while the copy is made.
    before = read_staging_keys(places.staging)
    _copy(places.store, staged)
    after = read_staging_keys(places.staging)
    _settle(staged, {key.day: key for key in (*after, *before)})
    # Once more: what was staged leaves neither a trace nor room.
    _copy(staged, copy)


def _copy(path: Path, copy: Path) -> None:
    database = Database(path)
    try:
        database.copy_to(copy)
    finally:
        database.close()


def _settle(path: Path, keys: dict[int, StagingKey]) -> None:
    """Write what is staged where it stays; StoreDamagedError when a key is missing."""
    database = Database(path)
    try:
        with database.write() as connection:
            # Names look random to everybody without the key, which is not in a backup.
            settle(connection, keys.values(), by_name)
            unseal_queue(connection, list(keys.values()))
            if not is_empty(connection):
                raise StoreDamagedError
    finally:
        database.close()


@contextmanager
def _private_tar(path: Path) -> Iterator[tarfile.TarFile]:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            yield archive
        file.flush()
        os.fsync(file.fileno())


def _write_parts(archive: tarfile.TarFile, directory: Path, store: Path) -> None:
    manifest: Manifest = {}

    def add(name: str, readable: Readable) -> None:
        manifest[name] = _write_part(archive, name, readable)

    add("store.sqlite", _open(store))
    # The chunks after the database: what a letter in it speaks of had arrived before it.
    for name, chunk in _chunks(directory):
        add(name, chunk)
    for name in _file_names(directory):
        add(name, _open(directory / name))
    listing = msgspec.json.encode(manifest, order="deterministic")
    info = _info(_MANIFEST, len(listing))
    with tempfile.TemporaryFile() as file:
        file.write(listing)
        file.seek(0)
        archive.addfile(info, file)


def _open(path: Path) -> PlainFile:
    return PlainFile(path.open("rb"))


def _chunks(directory: Path) -> Iterator[tuple[str, Readable]]:
    """Every chunk, wherever it lies, in the order of the ids."""
    places = Places(directory)
    chunks = DiskChunks(places.chunks, StagingKeys(places.staging), _draw_nothing)
    # Staged ones first: one that is put where it stays meanwhile is found there.
    for chunk_id in sorted({*chunks.staged_ids(), *chunks.ids()}):
        chunk = chunks.open(chunk_id)
        if chunk is not None:  # It may have had its time meanwhile.
            name = chunk_id.hex()
            yield f"{places.chunks.name}/{name[:2]}/{name}", chunk


def _draw_nothing(_: int) -> bytes:
    raise AssertionError("a backup writes no chunk")


def _file_names(directory: Path) -> Iterator[str]:
    places = Places(directory)
    for path in sorted(places.onions.glob("*/*")):
        if _PART.fullmatch(name := path.relative_to(directory).as_posix()):
            yield name
    yield places.config.name


def _write_part(archive: tarfile.TarFile, name: str, readable: Readable) -> str:
    try:
        hashing = _Hashing(readable)
        archive.addfile(_info(name, readable.length), hashing)
    finally:
        readable.close()
    return hashing.digest


def _info(name: str, size: int) -> tarfile.TarInfo:
    # Neither owner nor time: the rest of a TarInfo is zero from the start.
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o600
    return info


class _Hashing:
    """A part that is hashed while it is read."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self._hash = sha256()

    def read(self, length: int = -1) -> bytes:
        """Read and hash."""
        data = self._file.read(length)
        self._hash.update(data)
        return data

    @property
    def digest(self) -> str:
        """SHA-256 of what was read, in hex."""
        return self._hash.hexdigest()


def restore(backup: Path, directory: Path) -> None:
    """Put a backup in place as a server that can be run.

    Raises:
        DirectoryNotEmptyError: nothing is written over.
        BackupDamagedError: not a backup, or a part is missing, altered or too many.
        DiskFullError, StorageError
    """
    make_empty_directory(directory)
    with translated(), _aside(directory.parent) as aside:
        _unpack(backup, aside)
        _check_database(aside / "store.sqlite")
        aside.chmod(0o700)
        # Onto an empty directory: fails if somebody put something there meanwhile.
        aside.rename(directory)
        sync_directory(directory.parent)


def _unpack(backup: Path, aside: Path) -> None:
    found: Manifest = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(backup, mode="r:") as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isreg() else None
                if file is None or manifest is not None or member.name in found:
                    raise BackupDamagedError
                if member.name == _MANIFEST:
                    manifest = _parse_manifest(file.read(_MANIFEST_LEN_MAX))
                else:
                    found[member.name] = _unpack_part(member.name, file.read, aside)
    except tarfile.TarError:
        raise BackupDamagedError from None
    if manifest != found or not {"store.sqlite", "server.json"} <= found.keys():
        raise BackupDamagedError


def _parse_manifest(data: bytes) -> Manifest:
    try:
        return msgspec.json.decode(data, type=Manifest)
    except msgspec.DecodeError:
        raise BackupDamagedError from None


def _unpack_part(name: str, read: Callable[[int], bytes], aside: Path) -> str:
    # The name is from outside: only the names that a backup has are ever opened.
    if not _PART.fullmatch(name):
        raise BackupDamagedError
    path = aside / name
    for parent in reversed(path.relative_to(aside).parents):
        # Not `parents=True`, which makes those above as open as the umask lets it.
        (aside / parent).mkdir(mode=0o700, exist_ok=True)
    digest = sha256()
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while piece := read(_PIECE_LEN):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.utime(file.fileno(), (0, 0))
        os.fsync(file.fileno())
    return digest.hexdigest()


def _check_database(path: Path) -> None:
    """Open it as a server would; StoreDamagedError."""
    Database(path).close()
