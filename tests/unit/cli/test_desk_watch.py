from tests.unit.cli.conftest import World


def test_a_desk_without_alarms_lists_none(world: World) -> None:
    assert world.desk("alarms", "anna", "--json").json == []
    empty = world.desk("alarms", "anna")
    assert (empty.out, empty.err.count("\n"), "No alarms." in empty.err) == ("", 1, True)


def test_an_alarm_that_is_not_there_cannot_be_dismissed(world: World) -> None:
    ran = world.courier("desk", "alarms", world.directory / "anna", "--dismiss", "7", *world.secret)
    assert ran.code == 2
    assert "no such alarm" in ran.err


def test_a_desk_closes_and_opens(world: World) -> None:
    assert world.desk("close", "anna", "--until", "2999-12-31").code == 0
    assert world.desk("close", "anna", "--open").code == 0


def test_a_closure_has_a_day_that_is_not_over(world: World) -> None:
    for options in ((), ("--until", "2001-01-01"), ("--until", "2999-12-31", "--open")):
        ran = world.courier("desk", "close", world.directory / "anna", *options, *world.secret)
        assert ran.code == 2
