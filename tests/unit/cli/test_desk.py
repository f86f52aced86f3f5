import sys
from pathlib import Path

import pytest

from silent_courier.protocol.access import parse_request
from tests.unit.cli.conftest import PASSPHRASE, Courier, World


@pytest.fixture
def secret(tmp_path: Path) -> tuple[object, ...]:
    (tmp_path / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
    return ("--passphrase-file", tmp_path / "passphrase")


def test_a_request_names_the_handler_and_its_fingerprint_is_told(
    courier: Courier,
    tmp_path: Path,
    secret: tuple[object, ...],
) -> None:
    assert courier("desk", "init", tmp_path / "d", "--label", "Анна", *secret).code == 0
    ran = courier("desk", "request", tmp_path / "d", "--out", tmp_path / "r", *secret)
    assert ran.code == 0
    assert len(ran.err.split("Fingerprint: ")[1].split()) == 8
    assert parse_request((tmp_path / "r").read_bytes()).label == "Анна"


def test_a_request_is_not_thrown_at_a_terminal(
    courier: Courier,
    tmp_path: Path,
    secret: tuple[object, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    courier("desk", "init", tmp_path / "d", "--label", "Anna", *secret)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ran = courier("desk", "request", tmp_path / "d", *secret)
    assert ran.code == 2
    assert "--out" in ran.err


def test_a_vault_is_not_made_twice(
    courier: Courier, tmp_path: Path, secret: tuple[object, ...]
) -> None:
    for code in (0, 53):
        assert courier("desk", "init", tmp_path / "d", "--label", "A", *secret).code == code


def test_a_wrong_passphrase_is_told(
    courier: Courier, tmp_path: Path, secret: tuple[object, ...]
) -> None:
    courier("desk", "init", tmp_path / "d", "--label", "Anna", *secret)
    (tmp_path / "other").write_text("not the passphrase", encoding="utf-8")
    ran = courier("desk", "list", tmp_path / "d", "--passphrase-file", tmp_path / "other")
    assert ran.code == 51


def test_a_desk_that_has_not_joined_cannot_sync(
    courier: Courier, tmp_path: Path, secret: tuple[object, ...]
) -> None:
    courier("desk", "init", tmp_path / "d", "--label", "Anna", *secret)
    assert courier("desk", "sync", tmp_path / "d", *secret).code == 55


def test_joining_shows_the_fingerprint_to_compare(world: World) -> None:
    ran = world.desk("join", "anna", world.directory / "charter")
    assert "".join(ran.out.split("Fingerprint:")[1].split("\n")[0].split()) == world.org_id
    joined = world.desk("join", "anna", world.directory / "charter", "--json").json
    assert (joined["label"], joined["device"], joined["serial"]) == ("Anna", 0, 1)


def test_joining_under_another_fingerprint_is_refused(world: World) -> None:
    ran = world.courier(
        *("desk", "join", world.directory / "anna", world.directory / "charter"),
        *("--org", "11" * 32, *world.secret),
    )
    assert ran.code == 13


def test_a_stranger_cannot_join(world: World, tmp_path: Path) -> None:
    world.courier("desk", "init", tmp_path / "carla", "--label", "Carla", *world.secret)
    ran = world.courier(
        "desk", "join", tmp_path / "carla", world.directory / "charter", *world.secret
    )
    assert ran.code == 55


def test_a_sync_tells_what_came(world: World) -> None:
    world.courier("write", *world.portal, stdin="Письмо.")
    assert "1 new letter" in world.desk("sync", "anna").err
    report = world.desk("sync", "boris", "--json").json
    assert (report["letters"], report["troubles"]) == (1, [])


def test_a_server_that_is_off_is_told(world: World) -> None:
    world.courier("org", "show", world.directory / "org")
    moved = world.directory / "moved.json"
    moved.write_text('{"portal":"127.0.0.1:9","desk":"127.0.0.1:9"}', encoding="utf-8")
    files = ("--out", world.directory / "charter", "--access", world.directory / "access")
    issued = world.courier(
        "org", "charter", world.directory / "org", *files, "--server", moved, *world.secret
    )
    assert issued.code == 0
    world.desk("join", "anna", world.directory / "charter")
    ran = world.courier("desk", "sync", world.directory / "anna", *world.secret)
    assert ran.code == 45
