from typing import Any

import pytest

from tests.unit.cli.conftest import World


def read(world: World, who: str, thread: str) -> Any:
    return world.desk("read", who, thread, "--keep-unread", "--json").json


def test_what_one_desk_sets_another_shows(world: World, thread: str) -> None:
    world.desk("assign", "anna", thread, "Boris")
    world.desk("label", "anna", thread, "--add", "urgent", "--add", "tax", "--remove", "tax")
    world.desk("follow-up", "anna", thread, "--on", "2026-12-01", "--text", "ask")
    world.desk("come-back", "anna", thread, "--by", "2026-12-20")
    entry = read(world, "anna", thread)["entries"][0]["id"]
    world.desk("translate", "anna", thread, entry[:8], "--language", "en", stdin="Hello")
    world.post("anna")
    world.desk("sync", "boris")

    told = read(world, "boris", thread)
    team = told["team"]
    assert (team["assigned"], team["mine"], team["labels"]) == ("Boris", True, ["urgent"])
    assert (team["follow_up_date"], team["come_back"]) == ("2026-12-01", "2026-12-20")
    assert told["entries"][0]["translations"][0]["text"] == "Hello"
    assert {act["by"] for act in told["acts"]} == {"Anna"}
    out = world.desk("read", "boris", thread).out
    assert "assigned to: Boris; labels: urgent; " in out
    assert "in en, by Anna:\n│ Hello\n" in out


def test_closing_muting_and_holding_can_be_taken_back(world: World, thread: str) -> None:
    alias = world.desk("list", "anna", "--json").json[0]["alias"]
    assert world.desk("close-thread", "anna", thread).err.startswith(f"Closed: {alias}. ")
    for command, field in (("close-thread", "closed"), ("mute", "muted"), ("hold", "held")):
        world.desk(command, "anna", thread)
        assert read(world, "anna", thread)["team"][field]
        world.desk(command, "anna", thread, "--off")
        assert not read(world, "anna", thread)["team"][field]


def test_what_was_set_is_taken_off(world: World, thread: str) -> None:
    world.desk("assign", "anna", thread, "--me")
    world.desk("follow-up", "anna", thread, "--on", "2026-12-01")
    world.desk("come-back", "anna", thread, "--by", "2026-12-20")
    world.desk("assign", "anna", thread, "--nobody")
    world.desk("follow-up", "anna", thread, "--done")
    world.desk("come-back", "anna", thread, "--off")

    team = read(world, "anna", thread)["team"]
    assert (team["assigned"], team["follow_up_date"], team["come_back"]) == (None, "", "")


def test_two_threads_are_one_matter(world: World, thread: str) -> None:
    sent = world.courier("write", *world.portal, stdin="Another letter")
    assert sent.code == 0, sent.err
    world.desk("sync", "anna")
    rows = world.desk("list", "anna", "--json").json
    (other,) = [row["thread"] for row in rows if row["thread"] != thread]
    world.desk("same-matter", "anna", thread, other)
    assert read(world, "anna", other)["team"]["same"] == [thread]
    world.desk("same-matter", "anna", thread, other, "--off")
    assert read(world, "anna", other)["team"]["same"] == []


def test_an_answer_is_posted_again(world: World, thread: str) -> None:
    queued = world.desk("reply", "anna", thread, "--json", stdin="Спасибо").json
    world.desk("post-again", "anna", thread, queued["id"][:8])

    assert "posted again: the answer of " in world.desk("read", "anna", thread).out


def test_a_thread_is_deleted_after_a_question(world: World, thread: str) -> None:
    world.desk("hold", "anna", thread)
    held = world.courier("desk", "delete", world.directory / "anna", thread, "--yes", *world.secret)
    assert (held.code, "on hold" in held.err) == (58, True)
    world.desk("hold", "anna", thread, "--off")
    waits = world.courier(
        "desk", "delete", world.directory / "anna", thread, "--yes", *world.secret
    )
    assert waits.code == 58
    world.post("anna")
    asked = world.courier(
        "desk", "delete", world.directory / "anna", thread, *world.secret, stdin="n\n"
    )
    alias = world.desk("list", "anna", "--json").json[0]["alias"]
    assert asked.code != 0
    assert f"Delete {alias}? " in asked.err
    assert world.desk("delete", "anna", thread, "--yes").err == f"Deleted: {alias}.\n"
    world.desk("sync", "anna")

    assert world.desk("list", "anna", "--json").json == []
    assert len(world.desk("list", "boris", "--json").json) <= 1


@pytest.mark.parametrize(
    "command",
    [
        ["assign", "anna", "newest"],
        ["assign", "anna", "newest", "Boris", "--me"],
        ["label", "anna", "newest"],
        ["follow-up", "anna", "newest"],
        ["follow-up", "anna", "newest", "--on", "2026-12-01", "--done"],
        ["come-back", "anna", "newest"],
    ],
)
def test_half_a_command_is_refused(world: World, command: list[str]) -> None:
    assert world.courier("desk", *command).code == 2
