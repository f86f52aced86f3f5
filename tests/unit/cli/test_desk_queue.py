import pytest

from tests.unit.cli.conftest import World
from tests.unit.cli.test_source import write


@pytest.fixture
def thread(world: World) -> str:
    write(world)
    world.desk("sync", "anna")
    return str(world.desk("list", "anna", "--json").json[0]["thread"])


def test_what_waits_is_listed_with_the_time_at_which_it_goes(world: World, thread: str) -> None:
    assert world.desk("queue", "anna").err.startswith("Nothing waits.")
    ran = world.desk("reply", "anna", thread, stdin="Ответ.")
    assert "It goes by 20" in ran.err
    (row,) = world.desk("queue", "anna", "--json").json
    assert (row["thread"], row["kind"], row["cells"], row["begun"]) == (thread, "reply", 1, False)
    assert row["posting_at"] > 0
    out = world.desk("queue", "anna").out
    assert row["id"][:8] in out
    assert "Ответ." in out
    assert "It goes by 20" in world.desk("read", "anna", thread).out


def test_what_waits_can_be_taken_back_and_comes_back_as_it_was(world: World, thread: str) -> None:
    text = "Не то.\nСовсем не то."
    world.desk("reply", "anna", thread, stdin=text)
    (row,) = world.desk("queue", "anna", "--json").json
    assert world.desk("take-back", "anna", row["id"][:8]).out.strip() == text

    assert world.desk("queue", "anna", "--json").json == []
    assert "Не то" not in world.desk("read", "anna", thread).out


def test_what_has_gone_or_never_was_is_not_taken_back(world: World, thread: str) -> None:
    world.desk("reply", "anna", thread, stdin="Ответ.")
    (row,) = world.desk("queue", "anna", "--json").json
    world.post("anna")
    ran = world.courier("desk", "take-back", world.directory / "anna", row["id"], *world.secret)
    assert (ran.code, "was posted" in ran.err) == (2, True)
    assert "Ответ" not in ran.out
