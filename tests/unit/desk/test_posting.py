import pytest

from silent_courier.desk import Desk, note, read_thread, reply, sync
from silent_courier.desk.report import Trouble
from silent_courier.protocol.errors import TorError
from silent_courier.protocol.letter import letter_hash, open_letter, read_letter
from silent_courier.protocol.payload import NotePayload, ReplyCopyPayload
from silent_courier.storage.vault import outbox, passing
from silent_courier.tor.transport import Transport
from tests.servers import Seen, ok
from tests.unit.desk.kit import (
    SmallServer,
    again,
    hang_up,
    says_something,
    seal,
    status,
    sync_rested,
)
from tests.unit.protocol.makers import (
    TODAY,
    Organisation,
    day_identity,
    draw,
    letter_payload,
    source_id,
)

CELLS, LETTERS = "/v1/cells", "/v1/letters"
BEAT = 6  # half of the twelve cells a day that the charter gives
LONG = "Спасибо за письмо. " * 100  # four cells


@pytest.fixture
async def thread(desk: Desk, org: Organisation, server: SmallServer, transport: Transport) -> str:
    """A thread with a letter; the colleague is there."""
    server.state_for([4], range(TODAY, TODAY + 14))
    server.put(seal(org, letter_payload(org)))
    await sync(desk, transport)
    server.seen.clear()
    server.cells.clear()
    return source_id(org).hex()


def states(desk: Desk, thread: str) -> list[str]:
    return [entry.state for entry in read_thread(desk, thread, mark_read=False) if entry.own]


def refuse_more_than(server: SmallServer, count: int) -> None:
    """Take at most so many cells at once."""

    def answer(seen: Seen) -> bytes:
        cells = [seen.body[i : i + 1024] for i in range(0, len(seen.body), 1024)]
        return ok(status=429 if len(cells) > count else server._take_cells(cells))

    server.overrides[CELLS] = answer


async def test_a_reply_is_posted_with_its_copy_for_all(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, thread: str
) -> None:
    reply(desk, thread, LONG, "ru")
    report = await sync_rested(desk, transport)

    assert (report.cells_posted, report.letters_posted, report.waiting) == (4, 1, 0)
    assert len(server.cells) == BEAT
    assert states(desk, thread) == ["posted"]
    (posted,) = server.real_letters()
    for device in (0, 4):
        opened = open_letter(posted, [day_identity(device)])
        letter = read_letter(opened.plaintext, org.org_id, org.charter.all_devices)
        assert letter.device == 0
        assert isinstance(letter.payload, ReplyCopyPayload)
        assert letter.payload.text == LONG


async def test_nothing_is_posted_twice(
    desk: Desk, server: SmallServer, transport: Transport, thread: str
) -> None:
    reply(desk, thread, LONG)
    note(desk, thread, "заметка")
    for _ in range(3):
        await sync_rested(desk, transport)

    assert len(server.cells) == len(set(server.cells)) == 3 * BEAT
    assert len(server.real_letters()) == 2


async def test_what_was_taken_but_not_confirmed_is_posted_again_as_it_was(
    desk: Desk, server: SmallServer, transport: Transport, thread: str
) -> None:
    reply(desk, thread, LONG)

    def take_and_hang_up(seen: Seen) -> None:
        server._take(seen.path, seen.body, 0)

    server.overrides = {CELLS: take_and_hang_up}
    with pytest.raises(TorError):
        await sync_rested(desk, transport)
    server.overrides = {LETTERS: take_and_hang_up}
    with pytest.raises(TorError):
        await sync_rested(desk, transport)
    server.overrides = {}
    await sync_rested(desk, transport)

    first, again = server.posted(CELLS)[:2]
    assert first == again
    assert len(server.cells) == len({cell[:16] for cell in server.cells})
    taken = [letter_hash(body) for body in server.posted(LETTERS)]
    assert len(set(taken[:2])) == 1
    assert len(set(server.real_letters())) == 1
    assert states(desk, thread) == ["posted"]


async def test_a_letter_not_posted_for_a_day_is_sealed_to_those_who_are_there_then(
    desk: Desk,
    server: SmallServer,
    transport: Transport,
    thread: str,
) -> None:
    note(desk, thread, "заметка")
    server.overrides = {LETTERS: hang_up}
    with pytest.raises(TorError):
        await sync_rested(desk, transport)
    server.clock.turn(1)
    server.overrides = {}
    await sync_rested(desk, transport)

    posted = server.real_letters()[-1]
    opened = open_letter(posted, [day_identity(4, TODAY + 1)])
    letter = read_letter(opened.plaintext, server.org.org_id, server.org.charter.all_devices)
    assert isinstance(letter.payload, NotePayload)


async def test_over_the_quota_the_rest_stays_in_the_beat_as_it_is(
    desk: Desk, server: SmallServer, transport: Transport, thread: str
) -> None:
    for number in range(3):
        reply(desk, thread, f"ответ {number}")
    queued = {cell.cell for cell in outbox.cells(desk.vault)}
    server.quota = 2
    report = await sync_rested(desk, transport)
    assert report.troubles == (Trouble.OVER_QUOTA.value,)
    assert report.letters_posted == 3
    left = [cell.cell for cell in outbox.beat_cells(desk.vault)]
    assert len(server.cells) == 2
    assert len(left) == BEAT - 2

    server.quota = 1000
    await sync_rested(desk, transport)
    assert server.cells[2:BEAT] == left
    assert queued < set(server.cells)
    assert states(desk, thread) == ["posted", "posted", "posted"]


async def test_a_batch_that_is_refused_is_posted_in_halves(
    desk: Desk, server: SmallServer, transport: Transport, thread: str
) -> None:
    for number in range(BEAT):
        reply(desk, thread, f"ответ {number}")
    queued = {cell.cell for cell in outbox.cells(desk.vault)}
    refuse_more_than(server, 2)
    report = await sync_rested(desk, transport)

    assert report.cells_posted == BEAT
    assert set(server.cells) == queued
    assert report.troubles == ()


async def test_a_tag_that_is_taken_refuses_its_cell_and_no_other(
    desk: Desk, server: SmallServer, transport: Transport, thread: str
) -> None:
    for number in range(3):
        reply(desk, thread, f"ответ {number}")
    queued = [cell.cell for cell in outbox.cells(desk.vault)]
    server.cells.append(queued[1][:16] + bytes(1008))
    report = await sync_rested(desk, transport)

    assert (report.cells_posted, report.waiting) == (2, 0)
    assert report.troubles == (Trouble.CELL_REFUSED.value,)
    assert states(desk, thread) == ["posted", "refused", "posted"]
    await sync_rested(desk, transport)
    assert queued[1] not in server.cells


@pytest.mark.parametrize("code", [500, 503, 507])
async def test_a_full_server_gets_it_later(
    desk: Desk, server: SmallServer, transport: Transport, thread: str, code: int
) -> None:
    reply(desk, thread, "ответ")
    server.overrides = {CELLS: status(code), LETTERS: status(code)}
    report = await sync_rested(desk, transport)
    assert report.troubles == (Trouble.SERVER_FULL.value,)
    assert report.waiting == 1
    server.overrides = {}

    report = await sync_rested(desk, transport)
    assert (report.cells_posted, report.letters_posted) == (1, 1)


async def test_a_refused_letter_stops_no_other_and_is_tried_again_as_it_is(
    desk: Desk, server: SmallServer, transport: Transport, thread: str
) -> None:
    note(desk, thread, "раз")
    refused: list[bytes] = []

    def refuse_the_note(seen: Seen) -> bytes:
        if says_something(seen.body):
            refused.append(seen.body)
            return ok(status=400)
        return ok(status=204)

    server.overrides = {LETTERS: refuse_the_note}
    report = await sync_rested(desk, transport)

    assert report.troubles == (Trouble.LETTER_REFUSED.value,)
    assert len(server.posted(LETTERS)) == 16
    assert states(desk, thread) == ["waiting"]
    server.overrides = {}
    server.seen.clear()
    await sync(desk, transport)
    assert server.posted(LETTERS) == refused


async def test_without_our_own_day_key_in_the_keyring_letters_wait(
    desk: Desk, server: SmallServer, transport: Transport, thread: str
) -> None:
    note(desk, thread, "заметка")
    server.statements = {k: v for k, v in server.statements.items() if k[0] != 0}
    report = await sync_rested(desk, transport)

    assert report.troubles == (Trouble.NOT_IN_KEYRING.value,)
    assert server.posted(LETTERS) == []


async def test_what_is_queued_survives_the_program(
    desk: Desk, server: SmallServer, transport: Transport, thread: str
) -> None:
    reply(desk, thread, LONG)
    restarted = again(desk)
    report = await sync_rested(restarted, transport)

    assert (report.cells_posted, report.letters_posted) == (4, 1)
    restarted.vault.close()


async def test_what_was_passed_on_is_noted_when_it_is_taken(
    desk: Desk,
    server: SmallServer,
    transport: Transport,
    thread: str,
) -> None:
    sealed = seal(server.org, letter_payload(server.org, id=draw("early", 16).hex()), devices=[0])
    desk.vault.run("UPDATE presence SET late = 99 WHERE device = 4")
    server.put(sealed)
    server.overrides = {LETTERS: status(507)}
    await sync_rested(desk, transport)
    assert passing.holders(desk.vault, letter_hash(sealed)) == frozenset()
    server.overrides = {}
    await sync_rested(desk, transport)

    assert passing.holders(desk.vault, letter_hash(sealed)) == {0, 4}
    server.seen.clear()
    await sync_rested(desk, transport)
    assert server.real_letters() == []
