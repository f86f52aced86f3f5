import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from silent_courier.cli.server import free_address
from tests.unit.cli.conftest import Courier, World


def test_onion_addresses_are_made_and_written(courier: Courier, tmp_path: Path) -> None:
    ran = courier("server", "init", tmp_path / "s")
    assert ran.code == 0
    config = json.loads((tmp_path / "s" / "server.json").read_text(encoding="utf-8"))
    assert config["portal"].endswith(".onion")
    assert config["desk"].endswith(".onion")
    assert config["portal"] in ran.out


def test_without_tor_the_addresses_are_loopback(courier: Courier, tmp_path: Path) -> None:
    assert (
        courier(
            *("server", "init", tmp_path / "s", "--no-tor", "--listen", "127.0.0.1:8001"),
            *("--desk-listen", "127.0.0.1:8002"),
        ).code
        == 0
    )
    config = json.loads((tmp_path / "s" / "server.json").read_text(encoding="utf-8"))
    assert config == {
        "portal": "127.0.0.1:8001",
        "desk": "127.0.0.1:8002",
        "assisted_form": False,
    }


def test_addresses_need_no_tor(courier: Courier, tmp_path: Path) -> None:
    assert courier("server", "init", tmp_path / "s", "--listen", "127.0.0.1:1").code == 2


def test_a_directory_in_use_is_not_taken(courier: Courier, tmp_path: Path) -> None:
    assert courier("server", "init", tmp_path / "s", "--no-tor").code == 0
    assert courier("server", "init", tmp_path / "s", "--no-tor").code == 35


@pytest.mark.parametrize("command", ["status", "run"])
def test_an_empty_directory_is_no_server(command: str, courier: Courier, tmp_path: Path) -> None:
    assert courier("server", command, tmp_path).code == 33


def test_a_charter_and_another_ones_access_list_are_refused(world: World, tmp_path: Path) -> None:
    files = ("--out", tmp_path / "charter2", "--access", tmp_path / "access2")
    world.courier("org", "charter", world.directory / "org", *files, "--force", *world.secret)
    mixed = (tmp_path / "charter2", "--access", world.directory / "access")
    assert world.courier("server", "charter", world.directory / "server", *mixed).code == 13
    right = (tmp_path / "charter2", "--access", tmp_path / "access2")
    assert world.courier("server", "charter", world.directory / "server", *right).code == 0
    old = (world.directory / "charter", "--access", world.directory / "access")
    assert world.courier("server", "charter", world.directory / "server", *old).code == 18


def test_status_says_that_it_runs(world: World) -> None:
    ran = world.courier("server", "status", world.directory / "server", "--json")
    assert ran.json["running"] is True
    assert ran.json["serial"] == 1
    assert "Running:  yes" in world.courier("server", "status", world.directory / "server").out


def test_status_says_that_letters_are_counted_once_a_day(world: World) -> None:
    world.courier("write", *world.portal, stdin="Письмо.")
    told = world.courier("server", "status", world.directory / "server").out
    assert "Letters:  0 at the last count, which is once a day" in told


def test_a_server_without_a_charter_is_not_called_ready(world: World, tmp_path: Path) -> None:
    server = tmp_path / "s"
    addresses = ("--listen", free_address(), "--desk-listen", free_address())
    assert world.courier("server", "init", server, "--no-tor", *addresses).code == 0
    program = "from silent_courier.cli.main import main; main()"
    command = (sys.executable, "-c", program, "server", "run", str(server))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
        assert running.stderr is not None
        told = [running.stderr.readline().decode() for _ in range(3)]
        assert "no charter yet, so nobody can write or read" in told[0]
        assert "courier server charter" in told[1]

        files = (world.directory / "charter", "--access", world.directory / "access")
        assert world.courier("server", "charter", server, *files).code == 0
        assert running.stderr.readline().startswith(b"Ready")
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=20)


def test_a_second_server_on_a_directory_is_refused(world: World) -> None:
    assert world.courier("server", "run", world.directory / "server").code == 34


def test_a_port_in_use_is_told(world: World, tmp_path: Path) -> None:
    portal = world.server.portal_listen
    made = world.courier(
        *("server", "init", tmp_path / "other", "--no-tor", "--listen", portal),
        *("--desk-listen", free_address()),
    )
    assert made.code == 0
    ran = world.courier("server", "run", tmp_path / "other")
    assert ran.code == 32


def test_an_onion_server_without_tor_wants_addresses(courier: Courier, tmp_path: Path) -> None:
    courier("server", "init", tmp_path / "s")
    ran = courier("server", "run", tmp_path / "s", "--no-tor")
    assert ran.code == 2


def test_a_backup_of_a_running_server_is_restored(world: World, tmp_path: Path) -> None:
    world.courier("write", *world.portal, stdin="Письмо.")
    backup = tmp_path / "backup.tar"
    server = world.directory / "server"
    assert world.courier("server", "backup", server, "--out", backup).code == 0
    assert world.courier("server", "backup", server, "--out", backup).code == 35
    assert world.courier("server", "restore", tmp_path / "again", backup).code == 0
    status = world.courier("server", "status", tmp_path / "again", "--json").json
    assert status["running"] is False
    assert status["portal"] == world.server.portal_listen


def test_a_damaged_backup_restores_nothing(world: World, tmp_path: Path) -> None:
    backup = tmp_path / "backup.tar"
    world.courier("server", "backup", world.directory / "server", "--out", backup)
    data = bytearray(backup.read_bytes())
    data[len(data) // 2] ^= 1
    backup.write_bytes(data)
    assert world.courier("server", "restore", tmp_path / "again", backup).code == 36


def test_the_assisted_form_is_off_unless_the_operator_says_so(
    courier: Courier, tmp_path: Path
) -> None:
    assert courier("server", "init", tmp_path / "s", "--no-tor", "--assisted-form").code == 0
    config = json.loads((tmp_path / "s" / "server.json").read_text(encoding="utf-8"))
    assert config["assisted_form"] is True
    for command in ("init", "run"):
        assert "--assisted-form" in courier("server", command, "--help").out
