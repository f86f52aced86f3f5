from pathlib import Path

import pytest

from silent_courier.cli.demo import command
from silent_courier.cli.demo.places import Places, read_ports
from silent_courier.cli.demo.script import ScriptFailedError
from silent_courier.cli.demo.stage import open_stage
from silent_courier.cli.main import run
from silent_courier.cli.output import progress


def test_other_files_are_not_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("important", encoding="utf-8")
    assert run(["demo", str(tmp_path), "--tor-wait", "0"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_script_wants_a_new_directory(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", str(places.directory), "--script", "--tor-wait", "0"]) == 2
    assert "new directory" in capsys.readouterr().err


async def test_a_demo_that_runs_is_not_disturbed(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress() as view:
        async with open_stage(places, read_ports(places), view, 0):
            assert run(["demo", str(places.directory), "--private-tor"]) == 34
    assert not places.network.exists()


def test_a_script_that_fails_ends_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(_script: object) -> None:
        raise ScriptFailedError("A step: it is not so")

    monkeypatch.setattr(command, "play", fail)
    assert run(["demo", str(tmp_path / "d"), "--script", "--tor-wait", "0"]) == 1
    assert "The script failed. A step: it is not so" in capsys.readouterr().err
