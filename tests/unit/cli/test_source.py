import time
from pathlib import Path

import httpx
import pytest

from silent_courier.cli import source
from silent_courier.protocol.words import decode_words
from silent_courier.source import portal as portal_requests
from silent_courier.source.visit import Letterbox
from tests.unit.cli.conftest import World
from tests.unit.cli.relay import silent_after

TEXT = "Здравствуйте.\nЭто письмо."


def write(world: World, *options: object, stdin: str = TEXT) -> str:
    """Write a letter; the new words."""
    ran = world.courier("write", *world.portal, "--json", *options, stdin=stdin)
    assert ran.code == 0, ran.err
    assert list(ran.json) == ["words"]
    return str(ran.json["words"])


def test_new_words_are_the_only_output_and_open_an_empty_mailbox(world: World) -> None:
    words = write(world, "--language", "ru")
    assert len(decode_words(words)) == 16
    ran = world.courier("check", *world.portal, "--words-file", world.words_file(words), "--json")
    assert ran.code == 0
    assert ran.json["answers"] == []
    assert ran.json["warning"] is None
    assert ran.json["letterbox"]["name"] == "Sample Ombudsman"


def test_words_go_to_standard_output_alone_where_nobody_types(world: World) -> None:
    ran = world.courier("write", *world.portal, stdin=TEXT)
    assert len(decode_words(ran.out)) == 16
    assert not set(ran.out.split()) & set(ran.err.split())


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_new_words_are_out_before_anything_that_can_fail_after_the_letter_went(
    world: World, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    def fail(_letterbox: Letterbox) -> None:
        raise ValueError

    monkeypatch.setattr(source, "tell_letterbox", fail)
    ran = world.courier("write", *world.portal, *options, stdin=TEXT)
    assert ran.code == 70
    words = ran.json["words"] if options else ran.out
    assert len(decode_words(words)) == 16


def test_words_are_kept_when_nobody_says_whether_the_letter_arrived(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_ATTEMPTS", 1)
    monkeypatch.setattr(portal_requests, "PATIENCE_S", (0.0,))
    with silent_after(world.server.portal_listen or "", b"POST /v1/letters") as address:
        portal = ("--portal", f"http://{address}", "--org", world.org_id)
        ran = world.courier("write", *portal, stdin=TEXT)

    assert 40 <= ran.code < 50
    assert len(decode_words(ran.out)) == 16
    world.desk("sync", "anna")
    assert "Здравствуйте" in world.desk("read", "anna", "newest").out


def test_an_answer_is_read_with_its_handler_and_day(world: World) -> None:
    words = world.words_file(write(world))
    world.desk("sync", "anna")
    world.desk("reply", "anna", "newest", stdin="Мы получили письмо.")
    world.post("anna")
    time.sleep(2)
    ran = world.courier("check", *world.portal, "--words-file", words)
    assert ran.code == 0
    assert "Anna ──" in ran.out
    assert "Мы получили письмо." in ran.out
    answers = world.courier("check", *world.portal, "--words-file", words, "--json").json["answers"]
    assert [(a["handler"], a["left"], a["text"]) for a in answers] == [
        ("Anna", False, "Мы получили письмо.")
    ]


def test_a_second_letter_under_the_same_words_shows_no_words(world: World) -> None:
    words = write(world)
    file = world.words_file(words)
    ran = world.courier("write", *world.portal, "--words-file", file, stdin="Ещё письмо.")
    assert ran.code == 0
    assert words.split()[0] not in (ran.out + ran.err).split()
    ran = world.courier("write", *world.portal, "--words-file", file, "--json", stdin="И ещё.")
    assert "words" not in ran.json
    world.desk("sync", "anna")
    (row,) = world.desk("list", "anna", "--json").json
    assert row["letters"] == 3


def test_a_file_goes_as_it_is_with_a_warning(world: World, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8" + bytes(range(256)) * 100)
    ran = world.courier("write", *world.portal, "--attach", tmp_path / "photo.jpg", stdin="С фото.")
    assert "sent as they are" in ran.err
    world.desk("sync", "anna")
    world.desk("sync", "anna")
    world.desk("read", "anna", "newest", "--save", tmp_path / "saved")
    saved = (tmp_path / "saved" / "photo.jpg").read_bytes()
    assert saved == (tmp_path / "photo.jpg").read_bytes()


def test_another_organisation_is_refused_before_anything_is_sent(world: World) -> None:
    ran = world.courier(
        "write", "--portal", world.server.portal_url, "--org", "00" * 32, stdin=TEXT
    )
    assert ran.code == 13
    assert ran.out == ""
    world.desk("sync", "anna")
    assert world.desk("list", "anna", "--json").json == []


def test_a_missing_file_sends_nothing(world: World, tmp_path: Path) -> None:
    ran = world.courier("write", *world.portal, "--attach", tmp_path / "none", stdin=TEXT)
    assert ran.code == 20
    assert ran.out == ""


def test_wrong_words_name_the_place(world: World) -> None:
    ran = world.courier(
        "check", *world.portal, "--words-file", world.words_file("abandon " * 11 + "nonsense")
    )
    assert ran.code == 11
    assert "word 12" in ran.err
    assert "nonsense" not in ran.err


def test_a_portal_that_is_gone_says_so(world: World) -> None:
    words = world.words_file(write(world))
    ran = world.courier(
        *("check", "--portal", "http://127.0.0.1:9", "--org", world.org_id),
        *("--words-file", words),
    )
    assert ran.code == 45


def test_an_address_of_another_machine_is_refused(world: World) -> None:
    ran = world.courier("write", "--portal", "http://192.0.2.1", "--org", world.org_id, stdin=TEXT)
    assert ran.code == 46


def test_a_letter_sealed_into_a_file_goes_by_the_page_and_is_read(
    world: World, tmp_path: Path
) -> None:
    keyring = tmp_path / "keyring"
    keyring.write_bytes(httpx.get(f"{world.server.portal_url}/v1/keyring").content)
    for number, given in enumerate((("--keyring", keyring, "--org", world.org_id), world.portal)):
        file = tmp_path / f"letter-{number}"
        ran = world.courier("write", *given, "--to-file", file, "--json", stdin=f"{number} {TEXT}")
        assert ran.code == 0, ran.err
        assert file.stat().st_mode & 0o777 == 0o600
        parts = [("form", (None, b"file")), ("letter", ("letter", file.read_bytes()))]
        page = httpx.post(f"{world.server.portal_url}/en/forms", files=parts)
        assert page.status_code == 200
        words = world.words_file(str(ran.json["words"]))
        ran = world.courier("check", *world.portal, "--words-file", words)
        assert ran.code == 0
    world.desk("sync", "anna")
    rows = world.desk("list", "anna", "--json").json
    assert sorted(row["preview"][0] for row in rows) == ["0", "1"]


def test_what_a_file_to_hand_in_cannot_hold_is_refused_before_words_are_made(
    world: World, tmp_path: Path
) -> None:
    (tmp_path / "photo").write_bytes(b"x")
    file = tmp_path / "letter"
    keyring = ("--keyring", tmp_path / "photo", "--org", world.org_id)
    for options, code, said in (
        ((*world.portal, "--to-file", file, "--attach", tmp_path / "photo"), 2, "text alone"),
        ((*world.portal, "--to-file", tmp_path / "photo"), 2, "does not exist yet"),
        ((*world.portal, "--keyring", tmp_path / "photo"), 2, "goes with --to-file"),
        ((*world.portal, *keyring, "--to-file", file), 2, "leave --portal away"),
        (("--org", world.org_id), 2, "--portal"),
        ((*keyring, "--to-file", file), 27, "keyring"),
    ):
        ran = world.courier("write", *options, stdin=TEXT)
        assert ran.code == code, ran.err
        assert said in ran.err
        assert ran.out == ""
        assert not file.exists()
    ran = world.courier("write", *world.portal, "--to-file", file, stdin="ж" * 9000)
    assert ran.code == 19
    assert ran.out == ""
    assert not file.exists()
