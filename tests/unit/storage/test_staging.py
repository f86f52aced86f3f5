"""Keys of the day: on the disk before they are used, gone once nobody needs them, not before."""

import os
from pathlib import Path

import pytest

from silent_courier.protocol.errors import StorageError, StoreDamagedError
from silent_courier.storage.staging import StagingKey, StagingKeys, read_staging_keys
from tests.unit.storage.kit import DAY, make_keys

KEY = StagingKey(DAY, bytes(range(32)))
SALT = bytes(16)


def test_what_was_sealed_opens_as_the_same_part_under_the_same_key_alone() -> None:
    sealed = KEY.seal(b"part", b"content", SALT)

    assert KEY.open(b"part", sealed) == b"content"
    for key, what, data in (
        (StagingKey(DAY, bytes(32)), b"part", sealed),
        (KEY, b"other", sealed),
        (KEY, b"part", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (KEY, b"part", sealed[:20]),
        (KEY, b"part", b""),
    ):
        with pytest.raises(StoreDamagedError):
            key.open(what, data)


def test_names_differ_by_key_kind_and_thing() -> None:
    other = StagingKey(DAY, bytes(32))
    names = {
        KEY.name_of(b"letter", b"1"),
        KEY.name_of(b"chunk", b"1"),
        KEY.name_of(b"letter", b"2"),
        other.name_of(b"letter", b"1"),
    }

    assert len(names) == 4
    assert KEY.name_of(b"letter", b"1") in names


def test_key_is_private_and_there_again_after_a_restart(tmp_path: Path) -> None:
    keys = make_keys(tmp_path)

    assert StagingKeys(tmp_path / "staging").live == keys.live
    assert read_staging_keys(tmp_path / "staging") == keys.live
    assert read_staging_keys(tmp_path / "nowhere") == ()
    for path in [tmp_path / "staging", *(tmp_path / "staging").iterdir()]:
        assert path.stat().st_mode & 0o077 == 0


def test_key_is_synced_before_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = make_keys(tmp_path)
    seen: list[tuple[int, str]] = []
    fsync = os.fsync

    def watch(descriptor: int) -> None:
        fsync(descriptor)
        seen.append((len(keys.live), Path(f"/proc/self/fd/{descriptor}").readlink().name))

    monkeypatch.setattr(os, "fsync", watch)
    keys.begin(DAY + 1, os.urandom(32))

    assert seen == [(1, f"{DAY + 1}.key.new"), (1, "staging")]
    assert len(keys.live) == 2


def test_same_day_and_a_clock_that_goes_back_begin_nothing(tmp_path: Path) -> None:
    keys = make_keys(tmp_path)
    before = keys.live

    keys.begin(DAY, os.urandom(32))
    keys.begin(DAY - 3, os.urandom(32))

    assert keys.live == before
    assert keys.due == ()


def test_without_a_key_nothing_is_taken_in(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        StagingKeys(tmp_path / "staging").lend()


def test_key_that_is_lent_or_the_newest_is_not_destroyed(tmp_path: Path) -> None:
    keys = make_keys(tmp_path)
    lent = keys.lend()
    keys.begin(DAY + 1, os.urandom(32))
    for key in keys.live:
        with pytest.raises(ValueError, match="in use"):
            keys.destroy(key)

    keys.give_back(lent)
    keys.destroy(lent)

    assert [key.day for key in keys.live] == [DAY + 1]
    assert read_staging_keys(tmp_path / "staging") == keys.live


def test_key_lent_for_a_block_is_given_back_when_it_fails(tmp_path: Path) -> None:
    keys = make_keys(tmp_path)
    with pytest.raises(RuntimeError), keys.lent() as key:
        raise RuntimeError
    keys.begin(DAY + 1, os.urandom(32))

    assert not keys.is_in_use(key)


def test_key_is_overwritten_and_synced_before_it_is_unlinked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = make_keys(tmp_path)
    keys.begin(DAY + 1, os.urandom(32))
    path = tmp_path / "staging" / f"{DAY}.key"
    number = path.stat().st_ino
    seen: list[bytes] = []
    fsync = os.fsync

    def watch(descriptor: int) -> None:
        if os.fstat(descriptor).st_ino == number:
            seen.append(path.read_bytes())
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    keys.destroy(keys.due[0])

    assert seen == [bytes(32)]
    assert not path.exists()


def test_foreign_files_are_no_keys(tmp_path: Path) -> None:
    keys = make_keys(tmp_path)
    (tmp_path / "staging" / "notes.key").write_bytes(b"")
    (tmp_path / "staging" / f"{DAY + 1}.key.new").write_bytes(bytes(32))

    assert StagingKeys(tmp_path / "staging").live == keys.live
