from tests.unit.cli.conftest import World


def ids(world: World, *options: str) -> list[str]:
    return [row["thread"] for row in world.desk("list", "anna", *options, "--json").json]


def test_a_list_is_of_what_was_asked_for(world: World, thread: str) -> None:
    world.desk("label", "anna", thread, "--add", "Urgent")
    world.desk("assign", "anna", thread, "--me")

    assert ids(world) == ids(world, "--show", "open") == [thread]
    assert ids(world, "--show", "mine", "--label", "urgent", "--language", "ru") == [thread]
    assert ids(world, "--label", "other") == ids(world, "--language", "fa") == []
    assert ids(world, "--show", "overdue") == ids(world, "--show", "closed") == []


def test_a_table_says_who_and_how_it_stands(world: World, thread: str) -> None:
    world.desk("assign", "anna", thread, "Boris")
    world.desk("hold", "anna", thread)
    out = world.desk("list", "anna").out

    assert "Boris" in out
    assert "on hold" in out


def test_there_is_no_such_list(world: World) -> None:
    assert world.courier("desk", "list", "anna", "--show", "moon").code == 2
