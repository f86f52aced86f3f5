"""Files without a name until they are whole: nothing of a letter is left by who is killed."""

import os
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from silent_courier.desk import growing as growing_module
from silent_courier.desk.growing import growing
from silent_courier.desk.leftovers import find_parts

WORD = b"ZINNOBERROT"


def killed(act: Callable[[], None]) -> None:
    """Do it in a program of its own that is killed where `act` kills it."""
    child = os.fork()
    if child == 0:
        try:
            act()
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def half(out: Path) -> Callable[[], None]:
    """Half a file, on the disk."""

    def act() -> None:
        with growing(out) as grown:
            grown.file.write(WORD * 99_999)
            grown.file.flush()
            os.fsync(grown.file.fileno())
            die()

    return act


@pytest.fixture(params=["nameless", "named"])
def how(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """On a file system that holds files without a name, and on one that does not."""
    if request.param == "named":
        monkeypatch.setattr(growing_module, "_NAMELESS", 0)
    return str(request.param)


def test_a_file_appears_whole_under_the_first_free_name(tmp_path: Path, how: str) -> None:
    (tmp_path / "a").write_bytes(b"mine")
    (tmp_path / "a 1").symlink_to(tmp_path / "elsewhere")
    with growing(tmp_path / "a") as grown:
        grown.file.write(b"x")
        assert grown.part is None or find_parts(tmp_path) == [grown.part]
        path = grown.appear(tmp_path / name for name in ("a", "a 1", "a 2"))

    assert {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.exists()} == {
        "a": b"mine",
        "a 2": b"x",
    }
    assert path.stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "elsewhere").exists()


def test_where_no_name_is_free_nothing_is_left(tmp_path: Path, how: str) -> None:
    (tmp_path / "a").write_bytes(b"mine")
    with growing(tmp_path / "a") as grown:
        grown.file.write(b"x")
        with pytest.raises(FileExistsError):
            grown.appear([tmp_path / "a"])

    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"mine"]


def test_what_breaks_off_leaves_nothing(tmp_path: Path, how: str) -> None:
    def spoil() -> None:
        with growing(tmp_path / "a") as grown:
            grown.file.write(b"x")
            raise ValueError("altered")

    with pytest.raises(ValueError, match="altered"):
        spoil()

    assert list(tmp_path.iterdir()) == []


def test_of_a_program_that_is_killed_nothing_is_left(tmp_path: Path) -> None:
    killed(half(tmp_path / "a"))

    assert list(tmp_path.iterdir()) == []


def test_where_files_need_a_name_the_next_attempt_clears_what_was_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing_module, "_NAMELESS", 0)
    killed(half(tmp_path / "a"))
    (part,) = find_parts(tmp_path)
    assert WORD in part.read_bytes()
    with growing(tmp_path / "a") as grown:
        grown.file.write(b"x")
        grown.appear(tmp_path / f"{number}" for number in count())

    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"x"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, how: str) -> None:
    with pytest.raises(OSError, match="No such"), growing(tmp_path / "none" / "a"):
        pass
