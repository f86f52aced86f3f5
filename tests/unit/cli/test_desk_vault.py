from pathlib import Path

from tests.unit.cli.conftest import World

NEW = "six other quite dull words"


def written(world: World, text: str) -> Path:
    path = world.directory / "new.passphrase"
    path.write_text(f"{text}\n", encoding="utf-8")
    return path


def test_the_passphrase_is_changed(world: World) -> None:
    anna, new = world.directory / "anna", written(world, NEW)
    ran = world.courier("desk", "passphrase", anna, *world.secret, "--new-passphrase-file", new)
    assert ran.code == 0, ran.err
    assert world.courier("desk", "list", anna, *world.secret).code == 51
    assert world.courier("desk", "list", anna, "--passphrase-file", new).code == 0
    told = world.courier("desk", "audit", anna, "--json", "--passphrase-file", new).json
    assert "rekeyed" in [act["act"] for act in told["acts"]]


def test_a_short_new_passphrase_is_refused(world: World) -> None:
    anna, new = world.directory / "anna", written(world, "short")
    ran = world.courier("desk", "passphrase", anna, *world.secret, "--new-passphrase-file", new)
    assert ran.code == 2
    assert world.desk("list", "anna").code == 0


def test_a_backup_is_restored_as_a_desk_that_has_yet_to_be_enrolled(world: World) -> None:
    world.courier("write", *world.portal, stdin="Письмо.")
    world.desk("sync", "anna")
    backup, again = world.directory / "anna.backup", world.directory / "again"
    ran = world.courier(
        "desk", "backup", world.directory / "anna", "--out", backup, "--phrase", *world.secret
    )
    assert ran.code == 0, ran.err
    words = ran.out.strip()
    assert len(words.split()) == 6
    told = world.desk("audit", "anna", "--json").json
    assert "backed-up" in [act["act"] for act in told["acts"]]

    new = written(world, NEW)
    wrong = world.courier(
        "desk", "restore", backup, again, *world.secret, "--new-passphrase-file", new
    )
    assert wrong.code == 51
    phrase = world.directory / "phrase"
    phrase.write_text(words, encoding="utf-8")
    secrets = ("--passphrase-file", phrase, "--new-passphrase-file", new)
    assert world.courier("desk", "restore", backup, again, *secrets).code == 0
    assert world.courier("desk", "sync", again, "--passphrase-file", new).code == 55
    assert (
        world.courier("desk", "request", again, "--passphrase-file", new, "--out", phrase).code == 0
    )
    enrolled = world.courier("org", "enrol", world.directory / "org", phrase, "--further-device")
    assert enrolled.code == 0, enrolled.err


def test_a_desk_is_not_restored_over_another(world: World) -> None:
    backup = world.directory / "anna.backup"
    world.desk("backup", "anna", "--out", backup)
    ran = world.courier(
        "desk", "restore", backup, world.directory / "boris", *world.secret,
        "--new-passphrase-file", written(world, NEW),
    )  # fmt: skip
    assert ran.code == 53, ran.err
