from silent_courier.desk import Desk
from tests.unit.desk.app.kit import Visitor, until
from tests.unit.desk.kit import SmallServer, seal
from tests.unit.protocol.makers import letter_payload


async def test_what_is_typed_is_found_with_the_alias_of_its_thread(
    desk: Desk, server: SmallServer, visitor: Visitor
) -> None:
    server.put(seal(server.org, letter_payload(server.org, text="<i>Взятка</i> в порту")))
    await visitor.unlock()
    await until(lambda: visitor.app.rounds)
    (row,) = (await visitor.told("threads"))["rows"]
    found = await visitor.told("search", words="взят порт")
    (hit,) = found["hits"]

    assert (hit["thread"], hit["alias"]) == (row["thread"], row["alias"])
    assert [piece["text"] for piece in hit["snippet"] if piece["hit"]] == ["Взятка", "порту"]
    assert (found["more"], found["left_to_index"]) == (False, 0)


async def test_a_locked_desk_finds_nothing(visitor: Visitor) -> None:
    await visitor.begin()
    assert (await visitor.ask("search", words="взятка")).status_code == 423
