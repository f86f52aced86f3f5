from pathlib import Path

import pytest

from silent_courier.protocol.errors import VaultError
from silent_courier.storage.vault.chunks import DIRECTORY_NAME, read_chunk, write_chunk

NAME = bytes(range(32))


def test_a_chunk_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert read_chunk(tmp_path, NAME) is None
    write_chunk(tmp_path, NAME, b"sealed")
    write_chunk(tmp_path, NAME, b"sealed")

    assert read_chunk(tmp_path, NAME) == b"sealed"


def test_chunks_and_their_directories_are_private(tmp_path: Path) -> None:
    write_chunk(tmp_path, NAME, b"sealed")
    made = list((tmp_path / DIRECTORY_NAME).rglob("*"))

    assert {p.stat().st_mode & 0o777 for p in made if p.is_dir()} == {0o700}
    assert {p.stat().st_mode & 0o777 for p in made if p.is_file()} == {0o600}
    assert [p.name for p in made if p.is_file()] == [NAME.hex()]


def test_a_place_that_takes_no_chunk_is_a_vault_error(tmp_path: Path) -> None:
    (tmp_path / DIRECTORY_NAME).write_bytes(b"")

    with pytest.raises(VaultError):
        write_chunk(tmp_path, NAME, b"sealed")
