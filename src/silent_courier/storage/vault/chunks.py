"""Sealed chunks on disk, under the vault's directory, exactly as they came. Spec §14.9.

They are ciphertext whose key stands in the database alone. A chunk is there whole or not at
all: written under another name, synced, then renamed.
"""

import errno
import os
from pathlib import Path

from silent_courier.protocol.errors import VaultError, VaultFullError

DIRECTORY_NAME = "chunks"


def write_chunk(vault_directory: Path, chunk_id: bytes, sealed: bytes) -> None:
    """Keep a chunk, durably. Safe to call from another thread; VaultFullError."""
    path = _path(vault_directory, chunk_id)
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(fresh, sealed)
        fresh.replace(path)
        _sync_directory(path.parent)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise our_error(error) from error


def read_chunk(vault_directory: Path, chunk_id: bytes) -> bytes | None:
    """A chunk's sealed bytes; None when it is not here."""
    try:
        return _path(vault_directory, chunk_id).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise VaultError from error


def our_error(error: OSError) -> VaultError:
    """The vault's error for one of the disk's."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return VaultFullError() if full else VaultError()


def _path(vault_directory: Path, chunk_id: bytes) -> Path:
    name = chunk_id.hex()
    return vault_directory / DIRECTORY_NAME / name[:2] / name


def _write(path: Path, content: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(file, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_directory(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
