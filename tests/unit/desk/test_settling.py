import pytest

from silent_courier.desk import (
    Desk,
    list_quarantine,
    list_threads,
    read_thread,
    reply,
    settle,
)
from silent_courier.desk.filing import file_sealed
from silent_courier.protocol.errors import ThreadDisputedError, UnknownThreadError
from silent_courier.protocol.letter import letter_hash
from silent_courier.storage.vault import day_keys, letters, outbox, threads
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import SmallServer, mailbox, make_reading, seal, sync_rested
from tests.unit.protocol.makers import (
    TODAY,
    WEEK,
    Organisation,
    draw,
    letter_payload,
    source_id,
    thread_key,
)

FORGED_KEY = "cd" * 32


def file(desk: Desk, org: Organisation, sealed: bytes) -> str:
    letters.note_listing(desk.vault, TODAY, [letter_hash(sealed)], 0)
    file_sealed(make_reading(desk, org), sealed, TODAY, day_keys.living(desk.vault))
    return letter_hash(sealed).hex()


def genuine(org: Organisation, text: str = "настоящее") -> bytes:
    return seal(org, letter_payload(org, text=text, id=draw(text, 16).hex()))


def forged(org: Organisation, text: str = "подделка") -> bytes:
    changes = {"text": text, "id": draw(text, 16).hex(), "thread_key": FORGED_KEY}
    return seal(org, letter_payload(org, **changes))


@pytest.fixture
def thread(org: Organisation) -> str:
    return source_id(org).hex()


@pytest.mark.parametrize("forged_first", [True, False])
def test_whichever_comes_first_both_are_shown_alike_and_neither_is_answered(
    desk: Desk, org: Organisation, thread: str, forged_first: bool
) -> None:
    both = [forged(org), genuine(org)] if forged_first else [genuine(org), forged(org)]
    names = {file(desk, org, sealed) for sealed in both}

    entries = read_thread(desk, thread)
    assert {entry.letter for entry in entries} == names
    assert {entry.text for entry in entries} == {"настоящее", "подделка"}
    assert {(e.kind, e.state, e.by) for e in entries} == {("letter", "disputed", None)}
    assert [row.disputed for row in list_threads(desk)] == [True]
    with pytest.raises(ThreadDisputedError):
        reply(desk, thread, "Кому?")
    assert outbox.cells(desk.vault) == []
    assert [row.alarm for row in list_quarantine(desk)] == [True]


@pytest.mark.parametrize("forged_first", [True, False])
def test_the_letter_that_a_person_chooses_gives_the_key_to_answer_with(
    desk: Desk, org: Organisation, thread: str, forged_first: bool
) -> None:
    first, second = (forged, genuine) if forged_first else (genuine, forged)
    names = {make: file(desk, org, make(org)) for make in (first, second)}
    more = file(desk, org, genuine(org, "и ещё"))
    settle(desk, thread, names[genuine][:8])

    assert threads.newest_pin(desk.vault, source_id(org)) == thread_key(WEEK, org=org)
    entries = {entry.letter: entry.state for entry in read_thread(desk, thread)}
    assert entries[names[genuine]] == entries[more] == "received"
    assert [row.disputed for row in list_threads(desk)] == [False]
    assert reply(desk, thread, "Спасибо").cells == 1


def test_what_a_person_has_settled_is_not_disputed_again_but_alarms(
    desk: Desk, org: Organisation, thread: str
) -> None:
    chosen = file(desk, org, genuine(org))
    file(desk, org, forged(org))
    settle(desk, thread, chosen)
    file(desk, org, forged(org, "снова"))

    assert [row.disputed for row in list_threads(desk)] == [False]
    assert [row.alarm for row in list_quarantine(desk)] == [True, True]
    stored = desk.vault.rows("SELECT payload FROM letter WHERE state = 'quarantined'")
    assert all(FORGED_KEY.encode() not in payload for (payload,) in stored)


def test_nothing_is_settled_that_is_not_disputed(
    desk: Desk, org: Organisation, thread: str
) -> None:
    name = file(desk, org, genuine(org))
    with pytest.raises(UnknownThreadError):
        settle(desk, thread, name)
    file(desk, org, forged(org))

    for letter in ("ff" * 32, name[:3]):
        with pytest.raises(UnknownThreadError):
            settle(desk, thread, letter)


async def test_a_disputed_letter_that_was_opened_is_not_acknowledged(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, thread: str
) -> None:
    server.put(genuine(org))
    server.put(forged(org))
    await sync_rested(desk, transport)
    read_thread(desk, thread)
    await sync_rested(desk, transport)

    assert outbox.cells(desk.vault) == []
    assert mailbox(server, org).opened == ()
