from tests.unit.cli.conftest import World


def test_settings_are_shown_and_changed(world: World) -> None:
    assert "Delete threads: never." in world.desk("settings", "anna").out
    told = world.desk(
        "settings", "anna", "--retention-days", "365", "--feedback-days", "60", "--json"
    ).json

    assert (told["retention_days"], told["feedback_days"], told["acknowledge_days"]) == (365, 60, 7)
    assert "365 days after closing" in world.desk("settings", "anna").out


def test_templates_are_kept_shared_and_taken_away(world: World) -> None:
    empty = world.desk("templates", "anna")
    assert (empty.out, "No texts are kept yet." in empty.err) == ("", True)
    world.desk("templates", "anna", "--keep", "thanks", "--shared", stdin="Thank you\n── forged")
    world.post("anna")
    world.desk("sync", "boris")
    out = world.desk("templates", "boris").out
    assert "── thanks (shared) ──\n│ Thank you\n│ ── forged" in out
    world.desk("templates", "boris", "--remove", "thanks", "--shared")
    assert world.desk("templates", "boris", "--json").json == []
    both = world.courier("desk", "templates", "anna", "--keep", "a", "--remove", "b")
    assert both.code == 2


def test_without_letters_there_is_nothing_to_count(world: World) -> None:
    empty = world.desk("statistics", "anna")
    assert (empty.out, "nothing to count" in empty.err) == ("", True)
    assert world.desk("statistics", "anna", "--json").json == []


def test_few_letters_are_not_counted(world: World, thread: str) -> None:
    (month,) = world.desk("statistics", "anna", "--json").json
    assert (month["letters"], month["answered"]) == (None, None)
    assert "<10" in world.desk("statistics", "anna").out


def test_the_trail_lists_what_was_done(world: World, thread: str) -> None:
    world.desk("read", "anna", thread)
    world.desk("note", "anna", thread, stdin="Ask")
    told = world.desk("audit", "anna", "--json").json
    acts = [act["act"] for act in told["acts"]]
    listing = world.desk("audit", "anna")

    assert acts[0] == acts[-1] == "unlocked"
    assert [act for act in acts if act != "unlocked"] == ["opened", "noted"]
    assert thread[:8] in listing.out
    assert "Nothing was altered" in listing.err
