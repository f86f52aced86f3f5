from tests.unit.cli.conftest import World


def test_words_are_found_and_what_is_found_cannot_command_the_terminal(world: World) -> None:
    sent = world.courier("write", *world.portal, stdin="Взятка\x1b[2J в порту, вчера.")
    assert sent.code == 0, sent.err
    world.desk("sync", "anna")
    (hit,) = world.desk("search", "anna", "взят", "порт", "--json").json["hits"]
    assert [piece["text"] for piece in hit["snippet"] if piece["hit"]] == ["Взятка", "порту"]
    shown = world.desk("search", "anna", "порту").out
    assert "│ Взятка\\x1b[2J в порту" in shown
    nothing = world.desk("search", "anna", '"" OR *')
    assert nothing.out == ""
    assert "Nothing has" in nothing.err
