"""Files are put in place whole, private, and their errors are ours."""

import errno
import stat
from pathlib import Path

import pytest

from silent_courier.protocol.errors import DiskFullError, StorageError
from silent_courier.storage.files import sync_directory, translated, write_durably


def test_file_is_replaced_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old and longer")

    write_durably(path, b"new")

    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_left_over_of_a_crash_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file.new").write_bytes(b"half")

    write_durably(tmp_path / "file", b"whole")

    assert (tmp_path / "file").read_bytes() == b"whole"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_no_space_is_a_full_disk(number: int) -> None:
    with pytest.raises(DiskFullError), translated():
        raise OSError(number, "x")


def test_other_errors_do_not_name_the_path(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        write_durably(tmp_path / "missing" / "file", b"")

    assert "missing" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert type(caught.value) is StorageError


def test_directory_is_synced_or_said_to_be_missing(tmp_path: Path) -> None:
    sync_directory(tmp_path)

    with pytest.raises(FileNotFoundError):
        sync_directory(tmp_path / "missing")
