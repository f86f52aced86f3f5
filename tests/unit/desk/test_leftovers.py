"""What killed exports left in the clear: found where they wrote, gone at the next opening."""

from pathlib import Path

import pytest

from silent_courier.desk import Desk
from silent_courier.desk.case.places import new_place
from silent_courier.desk.desk import take_up
from silent_courier.desk.leftovers import (
    clear_noted,
    clear_parts,
    find_parts,
    noted,
    noted_elsewhere,
    part_of,
    remove_part,
)
from silent_courier.storage.vault import unfinished
from tests.unit.desk.kit import again
from tests.unit.desk.test_growing import WORD, die, killed


def killed_export(desk: Desk, out: Path) -> None:
    """`courier desk export-case`, killed after the first file."""

    def act() -> None:
        with new_place(out) as place:
            place.write("index.html", [WORD])
            die()

    unfinished.begin(desk.vault, str(out.parent))
    killed(act)


def texts(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_a_folder_that_a_killed_export_left_goes_when_the_vault_is_opened(
    desk: Desk, tmp_path: Path
) -> None:
    out = tmp_path / "out" / "case"
    killed_export(desk, out)
    assert texts(out.parent) == [WORD]
    opened = again(desk)
    take_up(opened.vault, opened.clock, opened.random)

    assert list(out.parent.iterdir()) == []
    assert unfinished.every(opened.vault) == []
    opened.vault.close()


def test_a_zip_that_was_killed_left_nothing(desk: Desk, tmp_path: Path) -> None:
    killed_export(desk, tmp_path / "out" / "case.zip")

    assert texts(tmp_path / "out") == []


def test_nothing_but_our_own_is_cleared(tmp_path: Path) -> None:
    names = [".courier-a.part", "b.part", "c.zip.part", ".courier-d", "e.zip"]
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "kept").write_bytes(b"x")
    (tmp_path / ".courier-link.part").symlink_to(tmp_path / "kept")
    clear_parts(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names[1:], "kept"])
    clear_parts(tmp_path, is_ours=True)
    clear_parts(tmp_path / "none")

    assert not (tmp_path / "c.zip.part").exists()
    assert (tmp_path / "b.part").exists()


def test_what_has_ended_is_not_remembered(desk: Desk, tmp_path: Path) -> None:
    with noted(desk.vault, tmp_path):
        assert unfinished.every(desk.vault) == [str(tmp_path)]
    assert unfinished.every(desk.vault) == []
    with pytest.raises(ValueError, match="wrong"), noted(desk.vault, tmp_path):
        raise ValueError("wrong")

    assert unfinished.every(desk.vault) == []


def test_a_folder_on_a_stick_that_was_pulled_out_stays_remembered(
    desk: Desk, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    unfinished.begin(desk.vault, str(stick))
    clear_noted(desk.vault)
    assert noted_elsewhere(desk.vault) == [stick]
    stick.mkdir()
    (stick / ".courier-case.part").mkdir()
    (stick / ".courier-case.part" / "half").write_bytes(b"x")
    clear_noted(desk.vault)

    assert (list(stick.iterdir()), noted_elsewhere(desk.vault)) == ([], [])


def test_what_is_being_written_has_a_name_of_ours_beside_its_place(tmp_path: Path) -> None:
    part = part_of(tmp_path / ("n" * 250))
    part.write_bytes(b"x")

    assert find_parts(tmp_path) == [part]
    remove_part(part)
    remove_part(part)
    assert find_parts(tmp_path) == []
