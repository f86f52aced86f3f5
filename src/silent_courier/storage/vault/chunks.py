"""Sealed chunks on disk, under the vault's directory, exactly as they came. Spec §14.9.

They are ciphertext whose key stands in the database alone. A chunk is there whole or not at all.
"""

from pathlib import Path
from typing import Final

from silent_courier.storage.files import write_durably
from silent_courier.storage.vault.file_errors import our_errors

DIRECTORY_NAME: Final = "chunks"


def write_chunk(vault_directory: Path, chunk_id: bytes, sealed: bytes) -> None:
    """Keep a chunk, durably. Safe to call from another thread; VaultFullError, VaultError."""
    path = _path(vault_directory, chunk_id)
    with our_errors():
        for directory in (path.parent.parent, path.parent):
            directory.mkdir(mode=0o700, exist_ok=True)
        try:
            write_durably(path, sealed)
        except BaseException:
            # A disk that is full has no room for halves of chunks.
            path.with_name(path.name + ".new").unlink(missing_ok=True)
            raise


def read_chunk(vault_directory: Path, chunk_id: bytes) -> bytes | None:
    """A chunk's sealed bytes; None when it is not here. VaultError."""
    path = _path(vault_directory, chunk_id)
    with our_errors():
        return path.read_bytes() if path.exists() else None


def remove_chunk(vault_directory: Path, chunk_id: bytes) -> None:
    """Delete a chunk, where it is here; VaultError."""
    with our_errors():
        _path(vault_directory, chunk_id).unlink(missing_ok=True)


def _path(vault_directory: Path, chunk_id: bytes) -> Path:
    name = chunk_id.hex()
    return vault_directory / DIRECTORY_NAME / name[:2] / name
