"""Staged files: what went in comes out, in any parts; altered or moved pieces open for nobody."""

import os
from pathlib import Path

import pytest

from silent_courier.protocol.errors import StoreDamagedError
from silent_courier.storage.staged_files import PIECE_LEN, PlainFile, SealedFile, Sealer
from silent_courier.storage.staging import SEAL_LEN, StagingKey

KEY = StagingKey(1, bytes(range(32)))
NAME = bytes(32)
HEAD_LEN = 32 + SEAL_LEN
SEALED_LEN = PIECE_LEN + SEAL_LEN


def _sealed(content: bytes) -> bytes:
    sealer = Sealer(KEY, NAME, os.urandom)
    return sealer.head() + sealer.add(content[:1000]) + sealer.add(content[1000:]) + sealer.end()


def _read(path: Path, data: bytes) -> bytes:
    path.write_bytes(data)
    with path.open("rb") as raw:
        file = SealedFile(KEY, raw)
        return file.read(file.length)


@pytest.mark.parametrize("length", [0, 1, PIECE_LEN - 1, PIECE_LEN, PIECE_LEN + 1, 3 * PIECE_LEN])
def test_content_comes_back_with_its_length_and_name(tmp_path: Path, length: int) -> None:
    content = os.urandom(length)
    path = tmp_path / "file"
    path.write_bytes(_sealed(content))

    file = SealedFile(KEY, path.open("rb"))

    assert (file.name, file.length) == (NAME, length)
    assert file.read(length + 1) == content
    file.close()


def test_pieces_that_are_altered_or_change_places_do_not_open(tmp_path: Path) -> None:
    sealed = _sealed(os.urandom(2 * PIECE_LEN))
    head, first, second = (
        sealed[:HEAD_LEN],
        sealed[HEAD_LEN : HEAD_LEN + SEALED_LEN],
        sealed[HEAD_LEN + SEALED_LEN :],
    )

    for wrong in (
        head + second + first,
        head + first[:-1] + bytes([first[-1] ^ 1]) + second,
        head[:-1] + bytes([head[-1] ^ 1]) + first + second,
        head[:10],
    ):
        with pytest.raises(StoreDamagedError):
            _read(tmp_path / "file", wrong)


def test_plain_file_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")

    file = PlainFile((tmp_path / "file").open("rb"))

    assert (file.length, file.read(3), file.read(9)) == (7, b"con", b"tent")
    file.close()
