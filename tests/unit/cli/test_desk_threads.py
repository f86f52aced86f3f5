import hashlib
from pathlib import Path

import pytest

from silent_courier.desk import naming
from tests.unit.cli.conftest import World


def test_a_letter_cannot_command_the_terminal(world: World, thread: str) -> None:
    out = world.desk("read", "anna", thread[:8]).out + world.desk("list", "anna").out
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "\u202e" not in out
    assert "Привет.\\x1b[2J\\x07" in out


def test_a_letter_cannot_forge_the_note_of_a_colleague(world: World) -> None:
    frame = "── 2026-11-23, note by Boris ──"
    file = world.directory / "a.txt"
    file.write_bytes(b"content")
    sent = world.courier("write", *world.portal, "--attach", file, stdin=f"Hello.\n{frame}\nTrust.")
    assert sent.code == 0, sent.err
    world.desk("sync", "anna")
    lines = world.desk("read", "anna", "newest").out.splitlines()
    assert frame not in lines
    assert f"│ {frame}" in lines
    assert any(line.startswith("│ + 1. a.txt, ") for line in lines)
    ours = [line for line in lines if not line.startswith("│")]
    assert [line for line in ours if "──" in line] == lines[2:3]


def test_reading_marks_as_read_unless_told_not_to(world: World, thread: str) -> None:
    def unread() -> int:
        return int(world.desk("list", "anna", "--json").json[0]["unread"])

    world.desk("read", "anna", thread, "--keep-unread")
    assert unread() == 1
    world.desk("read", "anna", thread)
    assert unread() == 0


def test_a_thread_is_found_by_its_beginning_and_as_the_newest(world: World, thread: str) -> None:
    for name in (thread, thread[:6], "newest"):
        assert world.desk("read", "anna", name, "--json").json["thread"] == thread


def test_a_thread_is_called_by_its_two_words_everywhere(world: World, thread: str) -> None:
    (row,) = world.desk("list", "anna", "--json").json
    words = row["alias"]
    dashed = words.replace(" ", "-")

    told = world.desk("read", "anna", dashed, "--json").json
    assert (told["thread"], told["alias"]) == (thread, words)
    assert world.desk("read", "anna", words).out.startswith(f"{words}, thread {thread[:8]}\n")
    world.desk("label", "anna", dashed, "--add", "urgent")
    world.desk("note", "anna", dashed, stdin="Тендер")
    assert world.desk("queue", "anna").out.split("\t")[1:3] == [words, thread[:8]]
    assert f"── {words} {thread[:8]}, " in world.desk("search", "anna", "тендер").out
    trail = world.desk("audit", "anna")
    assert f"\t{words}\t{thread[:8]}\t" in trail.out
    out = world.directory / "case"
    world.desk("export-case", "anna", dashed, "--out", out, "--without-files")
    assert (out / "index.html").is_file()


def test_two_words_that_two_sources_share_are_told_apart_by_their_ids(
    world: World, thread: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.courier("write", *world.portal, stdin="Another.")
    world.desk("sync", "anna")
    ids = {row["thread"][:8] for row in world.desk("list", "anna", "--json").json}
    monkeypatch.setattr(naming, "alias_of", lambda *_: "tawny heron")
    ran = world.courier("desk", "read", world.directory / "anna", "tawny-heron", *world.secret)

    assert ran.code == 56
    assert "More than one source has these two words." in ran.err
    assert len(ids) == 2
    assert all(name in ran.err for name in ids)


def test_no_thread_is_no_newest(world: World) -> None:
    ran = world.courier("desk", "read", world.directory / "anna", "newest", *world.secret)
    assert ran.code == 56


def test_an_unknown_thread_says_so(world: World, thread: str) -> None:
    ran = world.courier("desk", "read", world.directory / "anna", "0" * 64, *world.secret)
    assert ran.code == 56


def test_attachments_are_saved_and_told(world: World, thread: str) -> None:
    world.desk("sync", "anna")
    saved = world.desk("read", "anna", thread, "--save", world.directory / "out", "--json").json[
        "saved"
    ]
    (file,) = saved
    assert Path(file["path"]).read_bytes() == b"content"
    assert "Saved" in world.desk("read", "anna", thread, "--save", world.directory / "out").err


def test_a_reply_takes_the_language_of_the_thread(world: World, thread: str) -> None:
    queued = world.desk("reply", "anna", thread, "--json", stdin="Ответ.").json
    assert queued["cells"] == 1
    entries = world.desk("read", "anna", thread, "--json").json["entries"]
    assert (entries[-1]["kind"], entries[-1]["language"]) == ("reply", "ru")
    assert entries[-1]["state"] == "waiting"
    world.desk("reply", "anna", thread, "--language", "en", stdin="Answer.")
    entries = world.desk("read", "anna", thread, "--json").json["entries"]
    assert entries[-1]["language"] == "en"


def test_colleagues_see_answers_and_notes(world: World, thread: str) -> None:
    world.desk("reply", "anna", thread, stdin="Ответ.")
    world.desk("note", "anna", thread, stdin="Между нами.")
    world.post("anna")
    world.desk("sync", "boris")
    (row,) = world.desk("list", "boris", "--json").json
    assert row["answered_by"] == ["Anna"]
    out = world.desk("read", "boris", "newest").out
    assert "note by Anna" in out
    assert "Между нами." in out


def test_an_answer_and_a_note_say_whose_thread_they_went_to(world: World, thread: str) -> None:
    alias = world.desk("list", "anna", "--json").json[0]["alias"]
    answered = world.desk("reply", "anna", "newest", stdin="Ответ.")
    assert answered.err.startswith(f"To {alias}: it waits, 1 cell.")
    noted = world.desk("note", "anna", "newest", stdin="Между нами.")
    assert (noted.out, noted.err) == ("", f"On {alias}: it waits. Next: courier desk sync.\n")
    queued = world.desk("reply", "anna", "newest", "--json", stdin="Ещё.").json
    assert (queued["alias"], queued["thread"]) == (alias, thread)


def test_an_empty_reply_is_refused(world: World, thread: str) -> None:
    ran = world.courier(
        "desk", "reply", world.directory / "anna", thread, *world.secret, stdin=" \n"
    )
    assert ran.code == 2


def test_a_reply_that_is_too_long_is_refused(world: World, thread: str) -> None:
    ran = world.courier(
        "desk", "reply", world.directory / "anna", thread, *world.secret, stdin="ж" * 20_000
    )
    assert ran.code == 19


def test_a_letter_is_handed_out_with_the_key_that_opens_it(world: World, thread: str) -> None:
    letter = world.desk("read", "anna", thread, "--json").json["entries"][0]["letter"]
    out, key = world.directory / "letter.age", world.directory / "key"
    world.desk("letter", "anna", letter[:10], "--out", out, "--identity", key)
    assert hashlib.sha256(out.read_bytes()).hexdigest() == letter
    assert key.read_text(encoding="utf-8").startswith("AGE-SECRET-KEY-PQ-1")
    assert key.stat().st_mode & 0o777 == 0o600


def test_resealing_names_for_whom(world: World, thread: str) -> None:
    assert "For Boris." in world.desk("reseal", "anna", "--for", "Boris").err
    ran = world.courier(
        "desk", "reseal", world.directory / "anna", "--for", "Nobody", *world.secret
    )
    assert ran.code == 65


def test_nothing_is_released_or_settled_that_is_not_there(world: World, thread: str) -> None:
    for words in (("release", "ffff"), ("settle", thread, "ffff")):
        command, *names = words
        ran = world.courier("desk", command, world.directory / "anna", *names, *world.secret)
        assert ran.code == 56


def test_an_empty_quarantine_is_an_empty_list(world: World) -> None:
    assert world.desk("quarantine", "anna", "--json").json == []
    empty = world.desk("quarantine", "anna")
    assert empty.out == ""
    assert "Nothing was set aside." in empty.err
