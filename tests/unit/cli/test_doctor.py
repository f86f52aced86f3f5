from pathlib import Path

from tests.unit.cli.conftest import Courier, World


def test_a_sound_server_needs_no_doctor(world: World) -> None:
    ran = world.courier("doctor", world.directory / "server")
    assert ran.code == 0
    assert ran.out.startswith("server:\nok ")


def test_what_is_wrong_comes_with_what_to_do(world: World) -> None:
    world.courier("org", "revoke", world.directory / "org", "Anna")
    ran = world.courier("doctor", world.directory / "org")
    assert ran.code == 1
    assert "Run `courier org charter`." in ran.out


def test_a_directory_of_several_is_examined_in_all(world: World) -> None:
    reports = world.courier("doctor", world.directory, "--json").json
    assert set(reports) == {"anna (desk)", "boris (desk)", "org (organisation)", "server (server)"}


def test_a_passphrase_lets_it_look_into_a_desk(world: World, tmp_path: Path) -> None:
    ran = world.courier("doctor", world.directory / "anna", *world.secret)
    assert ran.code == 0
    assert "has joined with charter 1" in ran.out
    (tmp_path / "wrong").write_text("not the passphrase", encoding="utf-8")
    ran = world.courier("doctor", world.directory / "anna", "--passphrase-file", tmp_path / "wrong")
    assert ran.code == 1


def test_it_says_what_it_did_not_look_at(world: World) -> None:
    shut = world.courier("doctor", world.directory / "anna").out
    assert "Its passphrase says more: --passphrase-file." in shut
    opened = world.courier("doctor", world.directory / "anna", *world.secret).out
    assert "--passphrase-file" not in opened
    for out in (shut, opened):
        assert "This looks at no server: `courier desk sync` does." in out
    assert "no server" not in world.courier("doctor", world.directory / "org").out


def test_nothing_is_told_as_nothing(courier: Courier, tmp_path: Path) -> None:
    ran = courier("doctor", tmp_path)
    assert ran.code == 1
    assert "no server, organisation or desk" in ran.out
