import re
import shlex
import time
from pathlib import Path

import pytest

from tests.unit.cli.conftest import World
from tests.unit.cli.test_source import write

MANUAL = Path(__file__).parents[3] / "docs" / "desk.md"
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
    for command in ("sync", "list"):
        assert world.courier("desk", command, again, "--passphrase-file", new).code == 55
    assert (
        world.courier("desk", "request", again, "--passphrase-file", new, "--out", phrase).code == 0
    )
    enrolled = world.courier("org", "enrol", world.directory / "org", phrase, "--further-device")
    assert enrolled.code == 0, enrolled.err


def test_the_manual_s_steps_for_a_lost_device_keep_it_out_and_bring_its_handler_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(world.directory)
    _enrol_a_second_device(world)
    words = world.words_file(write(world, stdin="Первое письмо."))
    world.desk("sync", "anna")
    world.desk("sync", "phone")
    (row,) = world.desk("list", "phone", "--json").json
    world.desk("reply", "anna", row["thread"], stdin="Первый ответ.")
    world.post("anna")

    world.desk("sign-portal", "anna")
    verify = ("verify", *world.portal[1:])
    assert world.courier(*verify).code == 0
    first, second = _commands("A device is lost")
    for command in first:
        _run(world, command)
    verified = world.courier(*verify)
    assert (verified.code, "No handler has signed" in verified.out) == (0, False), verified.out
    assert world.courier("desk", "sync", "phone", *world.secret).code == 25
    for command in second:
        _run(world, command)
        if " join " in command:
            assert [each["alias"] for each in world.desk("list", "anna-new", "--json").json] == [
                row["alias"]
            ]

    again = ("write", *world.portal, "--words-file", words)
    assert world.courier(*again, stdin="Второе письмо.").code == 0
    world.desk("sync", "anna-new")
    texts = world.desk("read", "anna-new", row["alias"]).out
    assert "Первое письмо." in texts
    assert "Второе письмо." in texts
    world.desk("reply", "anna-new", row["thread"], stdin="Второй ответ.")
    world.post("anna-new")
    checked = world.courier("check", *world.portal, "--words-file", words)
    for told in ("Первый ответ.", "no longer a handler", "Второй ответ.", "Anna Two"):
        assert told in checked.out
    assert world.courier("desk", "sync", "phone", *world.secret).code == 25
    assert "Второе" not in world.desk("read", "phone", row["thread"]).out


def _enrol_a_second_device(world: World) -> None:
    for command in (
        "courier desk init phone --label Anna",
        "courier desk request phone > phone.request",
        "courier org enrol org phone.request --further-device",
        "courier org charter org --out charter --access access",
        "courier server charter server charter --access access",
        "courier desk join phone charter",
        *(f"courier desk sync {desk}" for desk in ("phone", "anna", "boris")),
    ):
        _run(world, command)


def _commands(title: str) -> list[list[str]]:
    """The commands of each block under this heading of the manual."""
    section = MANUAL.read_text(encoding="utf-8").partition(f"## {title}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    return [[line.partition("  #")[0] for line in block.splitlines()] for block in blocks]


def _run(world: World, command: str) -> None:
    """Run a line of the manual as it stands, but for the passphrases that it would ask for."""
    line, _, target = command.partition(" > ")
    arguments = shlex.split(line)[1:]
    if arguments[:2] not in (["org", "revoke"], ["org", "enrol"], ["server", "charter"]):
        arguments += ["--passphrase-file", "passphrase"]
    if arguments[:2] == ["desk", "restore"]:
        arguments += ["--new-passphrase-file", "passphrase"]
    out = ["--out", target.strip()] if target else []
    end = time.monotonic() + 20
    # A server that runs takes up a new charter a moment later.
    while (ran := world.courier(*arguments, *out)).code in {18, 25} and time.monotonic() < end:
        time.sleep(0.2)
    assert ran.code == 0, f"{command}: {ran.err}"


def test_a_label_that_no_charter_holds_is_refused_before_anything_is_made(world: World) -> None:
    backup, again = world.directory / "anna.backup", world.directory / "again"
    world.desk("backup", "anna", "--out", backup)
    ran = world.courier(
        *("desk", "restore", backup, again, "--label", "An\u202ena", *world.secret),
        *("--new-passphrase-file", written(world, NEW)),
    )
    assert ran.code == 27
    assert not again.exists()


def test_a_desk_is_not_restored_over_another(world: World) -> None:
    backup = world.directory / "anna.backup"
    world.desk("backup", "anna", "--out", backup)
    ran = world.courier(
        "desk", "restore", backup, world.directory / "boris", *world.secret,
        "--new-passphrase-file", written(world, NEW),
    )  # fmt: skip
    assert ran.code == 53, ran.err
