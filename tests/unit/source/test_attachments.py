from io import BytesIO
from pathlib import Path

import pytest

from silent_courier.protocol.errors import (
    AttachmentChangedError,
    AttachmentTooLargeError,
    AttachmentUnreadableError,
)
from silent_courier.protocol.sizes import ATTACHMENT_LEN_MAX, CHUNK_LEN
from silent_courier.source.attachments import (
    METADATA_NOTICE,
    AttachmentSource,
    attach_bytes,
    attach_file,
    plain_name,
    read_chunk,
    read_through,
)

DATA = bytes(range(256)) * 8192 + b"end"  # two MiB and three bytes


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "снимок.jpg"
    path.write_bytes(DATA)
    return path


def test_a_file_goes_by_its_name_alone(file: Path) -> None:
    source = attach_file(file)

    assert (source.name, source.size) == ("снимок.jpg", len(DATA))


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("/home/ivan/secret/a.txt", "a.txt"),
        ("C:\\Users\\ivan\\b.doc", "b.doc"),
        ("..", "file"),
        ("", "file"),
        ("a\nb\x1b[2J\u202ec.txt", "a_b_[2J_c.txt"),
        ("bad\udcff.bin", "bad_.bin"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_names_carry_no_folder_and_no_trick(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_a_missing_file_is_refused_before_anything_else(tmp_path: Path) -> None:
    with pytest.raises(AttachmentUnreadableError):
        attach_file(tmp_path / "gone")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(AttachmentUnreadableError):
        attach_file(tmp_path)


def test_a_file_over_two_gibibytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as sparse:
        sparse.truncate(ATTACHMENT_LEN_MAX + 1)

    with pytest.raises(AttachmentTooLargeError):
        attach_file(path)


def test_what_is_read_the_second_time_is_what_was_read_the_first(file: Path) -> None:
    source = attach_file(file)
    steps: list[int] = []
    digest = read_through(source, steps.append)

    assert sum(steps) == len(DATA)
    assert b"".join(read_chunk(source, digest, index) for index in range(3)) == DATA


def test_padding_behind_the_end_is_empty() -> None:
    source = attach_bytes("a", DATA)

    assert read_chunk(source, read_through(source, lambda _: None), 3) == b""


def test_an_empty_file_is_a_file() -> None:
    source = attach_bytes("a", b"")

    assert read_through(source, lambda _: None).chunks == ()


def test_a_byte_changed_after_the_first_reading_is_noticed(file: Path) -> None:
    source = attach_file(file)
    digest = read_through(source, lambda _: None)
    file.write_bytes(DATA[:-1] + b"D")

    assert read_chunk(source, digest, 0) == DATA[:CHUNK_LEN]
    with pytest.raises(AttachmentChangedError):
        read_chunk(source, digest, 2)


def test_a_file_that_vanished_after_the_first_reading_is_noticed(file: Path) -> None:
    source = attach_file(file)
    digest = read_through(source, lambda _: None)
    file.unlink()

    with pytest.raises(AttachmentChangedError):
        read_chunk(source, digest, 0)


@pytest.mark.parametrize("now", [DATA + b"more", DATA[:-1]])
def test_a_file_of_another_length_than_it_had_is_refused(file: Path, now: bytes) -> None:
    source = attach_file(file)
    file.write_bytes(now)

    with pytest.raises(AttachmentChangedError):
        read_through(source, lambda _: None)


def test_a_file_that_cannot_be_opened_is_unreadable(file: Path) -> None:
    source = attach_file(file)
    file.unlink()

    with pytest.raises(AttachmentUnreadableError):
        read_through(source, lambda _: None)


def test_a_disk_that_fails_halfway_is_told_as_such() -> None:
    class Failing(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "I/O error")

    with pytest.raises(AttachmentUnreadableError):
        read_through(AttachmentSource("a", 3, Failing), lambda _: None)


def test_it_is_said_that_metadata_stays() -> None:
    assert "nothing of that is removed" in METADATA_NOTICE
