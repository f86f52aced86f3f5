import shutil
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from silent_courier.cli.desk_session import opened
from silent_courier.cli.examine import (
    examine_desk,
    examine_opened_desk,
    examine_organisation,
    examine_server,
    recognise,
)
from silent_courier.cli.findings import Finding
from silent_courier.organisation import store
from silent_courier.protocol.calendar import day_of
from silent_courier.storage.vault import unfinished
from tests.unit.cli.conftest import PASSPHRASE, Courier, World
from tests.unit.cli.test_desk_session import damage_a_draft

TODAY = day_of(time.time())


def bad(findings: Iterable[Finding]) -> str:
    return " ".join(finding.sentence for finding in findings if finding.level == "bad")


def test_a_sound_world_is_fine(world: World) -> None:
    for name in ("server", "org", "anna"):
        directory = world.directory / name
        recognised = recognise(directory)
        assert recognised is not None
        assert bad(recognised[1](directory, TODAY)) == ""


def test_nothing_is_recognised_as_nothing(tmp_path: Path) -> None:
    assert recognise(tmp_path) is None


@pytest.mark.parametrize("name", ["server", "org", "anna"])
def test_a_directory_open_to_others_is_found(world: World, name: str) -> None:
    directory = world.directory / name
    directory.chmod(0o755)
    recognised = recognise(directory)
    assert recognised is not None
    assert "Other users" in bad(recognised[1](directory, TODAY))


@pytest.mark.parametrize("name", ["server", "org", "anna"])
def test_a_full_disk_is_found_and_one_that_fills_is_noted(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = world.directory / name
    recognised = recognise(directory)
    assert recognised is not None
    usage = shutil.disk_usage(directory)
    for free, level in ((4096, "bad"), (99_000_000, "note")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, left=free: usage._replace(free=left))
        found = [each for each in recognised[1](directory, TODAY) if "disk" in each.sentence]
        assert [(each.level, bool(each.advice)) for each in found] == [(level, True)]


def test_an_expired_charter_is_found_everywhere(world: World) -> None:
    for name, examine in (("server", examine_server), ("org", examine_organisation)):
        assert "expired" in bad(examine(world.directory / name, TODAY + 366))
        assert "in 14 days" in bad(examine(world.directory / name, TODAY + 351))


def test_an_unsigned_change_is_found(world: World) -> None:
    world.courier("org", "revoke", world.directory / "org", "Anna")
    assert "no charter holds yet" in bad(examine_organisation(world.directory / "org", TODAY))


def test_a_renewal_that_is_not_signed_is_found(world: World) -> None:
    org = world.directory / "org"
    told = [finding.sentence for finding in examine_organisation(org, TODAY)]
    assert "Charter 1 says all that is to be said; no other is due." in told
    world.courier("org", "renew", org, "--days", "500")

    assert "A new last day is not signed yet." in bad(examine_organisation(org, TODAY))


def test_it_is_said_that_letters_are_counted_once_a_day(world: World) -> None:
    told = [finding.sentence for finding in examine_server(world.directory / "server", TODAY)]

    assert "It held 0 letters and 0 chunks at the last count, which is once a day." in told


def test_a_damaged_organisation_is_found(world: World) -> None:
    (world.directory / "org" / store.CHAIN_FILE).write_bytes(b"damaged")
    assert "damaged" in bad(examine_organisation(world.directory / "org", TODAY))


def test_a_new_server_lacks_a_charter_and_does_not_run(courier: Courier, tmp_path: Path) -> None:
    courier("server", "init", tmp_path / "s")
    found = bad(examine_server(tmp_path / "s", TODAY))
    assert "no charter" in found
    assert "does not run" in found


def test_a_missing_tor_is_found(
    courier: Courier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    courier("server", "init", tmp_path / "s")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "tor is not installed" in bad(examine_server(tmp_path / "s", TODAY))


def test_a_charter_for_other_addresses_is_found(world: World) -> None:
    config = world.directory / "server" / "server.json"
    config.write_text('{"portal":"127.0.0.1:1","desk":"127.0.0.1:2"}', encoding="utf-8")
    assert "other addresses" in bad(examine_server(world.directory / "server", TODAY))


def test_a_charter_to_try_on_one_machine_is_only_noted(world: World) -> None:
    onion = "a" * 56 + ".onion"
    config = world.directory / "server" / "server.json"
    config.write_text(f'{{"portal":"{onion}","desk":"{onion}"}}', encoding="utf-8")
    running = list(examine_server(world.directory / "server", TODAY))
    assert bad(running) == ""
    assert [f.sentence for f in running if f.level == "note"] == []
    assert any("this machine alone" in f.sentence for f in running)
    shutil.copytree(config.parent, world.directory / "stopped", ignore=_sockets)
    stopped = list(examine_server(world.directory / "stopped", TODAY))
    assert any("of one machine" in f.sentence for f in stopped if f.level == "note")
    assert "It does not run." in bad(stopped)


def _sockets(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name == "run"]


def test_a_vault_without_its_database_is_found(courier: Courier, tmp_path: Path) -> None:
    (tmp_path / "p").write_text(PASSPHRASE, encoding="utf-8")
    secret = ("--passphrase-file", tmp_path / "p")
    courier("desk", "init", tmp_path / "d", "--label", "Anna", *secret)
    with opened(tmp_path / "d", tmp_path / "p") as desk:
        assert "not joined" in bad(examine_opened_desk(desk))
    new = tmp_path / "new"
    new.write_text(f"{PASSPHRASE} again", encoding="utf-8")
    ran = courier("desk", "passphrase", tmp_path / "d", *secret, "--new-passphrase-file", new)
    assert (ran.code, bad(examine_desk(tmp_path / "d", TODAY))) == (0, "")
    for database in (tmp_path / "d").glob("vault*.sqlite"):
        database.unlink()
    assert "database is missing" in bad(examine_desk(tmp_path / "d", TODAY))


def test_a_damaged_vault_is_found(world: World) -> None:
    anna, secret = world.directory / "anna", world.directory / "passphrase"
    with opened(anna, secret) as desk:
        assert bad(examine_opened_desk(desk)) == ""
    damage_a_draft(anna, secret)
    with opened(anna, secret) as desk:
        assert "cannot be read" in bad(examine_opened_desk(desk))


def test_a_desk_without_a_sandbox_is_told_what_it_misses(
    courier: Courier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p").write_text("correct horse battery", encoding="utf-8")
    secret = ("--passphrase-file", tmp_path / "p")
    courier("desk", "init", tmp_path / "d", "--label", "Anna", *secret)
    said = [finding.sentence for finding in examine_desk(tmp_path / "d", TODAY)]
    assert "Attachments can be shown as pixels, in a sandbox." in said
    monkeypatch.setattr("silent_courier.desk.sandbox.bubblewrap.SYSTEM_PATH", "/nowhere")
    said = [finding.sentence for finding in examine_desk(tmp_path / "d", TODAY)]
    assert "This computer has no bubblewrap, so attachments are not shown here." in said


def test_what_a_killed_export_left_in_the_clear_is_named(world: World, tmp_path: Path) -> None:
    anna = world.directory / "anna"
    (anna / "exported").mkdir()
    (anna / "exported" / ".courier-case.part").mkdir()
    assert ".courier-case.part" in bad(examine_desk(anna, TODAY))
    stick = tmp_path / "stick\u202e"
    (world.directory / "secret").write_text(PASSPHRASE + "\n")
    with opened(anna, world.directory / "secret") as desk:
        unfinished.begin(desk.vault, str(stick))
    with opened(anna, world.directory / "secret") as desk:
        found = bad(examine_opened_desk(desk))
    assert "stick" in found
    assert "\u202e" not in found
