import secrets
from pathlib import Path

import pytest

from silent_courier.protocol.errors import (
    ConnectionLostError,
    PortalBusyError,
    PortalFullError,
    PortalNotReadyError,
    PortalRefusedError,
    ProofTooHardError,
    ResponseTooLongError,
    ServerUnreachableError,
)
from silent_courier.protocol.sizes import letter_len
from silent_courier.source.portal import (
    PATIENCE_S,
    Portal,
    get_board,
    get_keyring,
    post_letter,
    take_ticket,
)
from silent_courier.source.progress import Progress, untold
from silent_courier.tor.transport import Transport
from tests.unit.source.small_portal import SmallPortal, make_portal, no_sleep, reach

LETTER = bytes(letter_len(4))


def door(transport: Transport) -> Portal:
    return Portal(transport, secrets.token_bytes, no_sleep, untold)


@pytest.fixture
def small() -> SmallPortal:
    return make_portal()


async def test_keyring_and_board_are_taken_as_they_are(
    small: SmallPortal, short_path: Path
) -> None:
    heard: list[Progress] = []
    async with reach(small, short_path) as transport:
        portal = Portal(transport, secrets.token_bytes, no_sleep, heard.append)

        keyring = await get_keyring(portal)
        assert keyring == small.keyring()
        assert len(await get_board(portal, 1024)) == 16
    assert Progress("keyring", len(keyring), 0) in heard
    assert Progress("board", 16, 0) in heard


async def test_a_board_longer_than_the_charter_allows_is_not_read(
    small: SmallPortal, short_path: Path
) -> None:
    async with reach(small, short_path) as transport:
        with pytest.raises(ResponseTooLongError):
            await get_board(door(transport), 15)


async def test_a_ticket_costs_work_and_leaves_a_letter(
    small: SmallPortal, short_path: Path
) -> None:
    async with reach(small, short_path) as transport:
        ticket = await take_ticket(door(transport))
        assert ticket in small.tickets
        await post_letter(door(transport), LETTER, ticket)

    assert small.letters == [LETTER]
    assert [path for _, path, _ in small.trace] == ["/v1/tickets", "/v1/tickets", "/v1/letters"]


async def test_a_challenge_that_passed_is_followed_by_work_on_the_next(
    small: SmallPortal, short_path: Path
) -> None:
    small.refusals["POST tickets"] = [403, 403]
    async with reach(small, short_path) as transport:
        assert await take_ticket(door(transport)) in small.tickets


async def test_a_portal_that_takes_no_work_is_given_up(
    small: SmallPortal, short_path: Path
) -> None:
    small.refusals["POST tickets"] = [403] * 9
    async with reach(small, short_path) as transport:
        with pytest.raises(PortalRefusedError) as refused:
            await take_ticket(door(transport))

    assert refused.value.status == 403
    assert len(small.trace) == 2 * (len(PATIENCE_S) + 1)


async def test_who_is_not_drawn_asks_again_with_the_same_work(
    small: SmallPortal, short_path: Path
) -> None:
    small.refusals["POST tickets"] = [503, 503, 503]
    async with reach(small, short_path) as transport:
        assert await take_ticket(door(transport)) in small.tickets

    asked = [seen.body for seen in small.seen if seen.method == "POST"]
    assert (len(asked), len(set(asked))) == (4, 1)
    assert [seen.method for seen in small.seen].count("GET") == 1


async def test_work_is_done_anew_when_its_challenge_passed_while_tickets_were_short(
    small: SmallPortal, short_path: Path
) -> None:
    small.refusals["POST tickets"] = [503, 403, 503]
    async with reach(small, short_path) as transport:
        assert await take_ticket(door(transport)) in small.tickets

    asked = [seen.body for seen in small.seen if seen.method == "POST"]
    assert [asked[0] == other for other in asked] == [True, True, False, False]


async def test_who_is_never_drawn_is_told_that_the_portal_is_busy(
    small: SmallPortal, short_path: Path
) -> None:
    small.refusals["POST tickets"] = [503] * 9
    async with reach(small, short_path) as transport:
        with pytest.raises(PortalBusyError):
            await take_ticket(door(transport))

    assert len(small.trace) == 1 + len(PATIENCE_S) + 1


async def test_a_portal_that_asks_too_much_work_is_refused(
    small: SmallPortal, short_path: Path
) -> None:
    small.bits = 60
    async with reach(small, short_path) as transport:
        with pytest.raises(ProofTooHardError):
            await take_ticket(door(transport))


@pytest.mark.parametrize("status", [None, 401, 429])
async def test_a_letter_goes_again_with_a_fresh_ticket_and_is_kept_once(
    small: SmallPortal, short_path: Path, status: int | None
) -> None:
    small.refusals["POST letters"] = [status, status]
    async with reach(small, short_path) as transport:
        await post_letter(door(transport), LETTER, await take_ticket(door(transport)))

    assert small.letters == [LETTER]
    posts = [seen for seen in small.seen if seen.path == "/v1/letters"]
    assert {seen.body for seen in posts} == {LETTER}
    assert len({seen.header("Authorization") for seen in posts}) == 3


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, PortalRefusedError),
        (413, PortalRefusedError),
        (503, PortalNotReadyError),
        (507, PortalFullError),
    ],
)
async def test_what_the_portal_refuses_is_told_as_it_is(
    small: SmallPortal, short_path: Path, status: int, error: type[PortalRefusedError]
) -> None:
    small.refusals["POST letters"] = [status]
    async with reach(small, short_path) as transport:
        with pytest.raises(error) as refused:
            await post_letter(door(transport), LETTER, await take_ticket(door(transport)))

    assert type(refused.value) is error
    assert refused.value.status == status


async def test_a_portal_without_a_charter_says_so(small: SmallPortal, short_path: Path) -> None:
    small.refusals["GET keyring"] = [503]
    async with reach(small, short_path) as transport:
        with pytest.raises(PortalNotReadyError):
            await get_keyring(door(transport))


async def test_the_network_may_be_away_for_a_while_once_a_visit_has_begun(
    small: SmallPortal, short_path: Path
) -> None:
    # Each of our tries is four of the transport's.
    small.refusals["GET board"] = [None] * 10
    async with reach(small, short_path) as transport:
        assert len(await get_board(door(transport), 1024)) == 16


async def test_a_network_that_stays_away_is_told(short_path: Path) -> None:
    nobody = f"unix:{short_path}/nobody"
    async with Transport(
        nobody, socks=None, random_bytes=secrets.token_bytes, sleep=no_sleep
    ) as transport:
        with pytest.raises(ServerUnreachableError):
            await take_ticket(door(transport))


async def test_a_letter_whose_answer_is_always_lost_is_told_at_last(
    small: SmallPortal, short_path: Path
) -> None:
    small.refusals["POST letters"] = [None] * 20
    async with reach(small, short_path) as transport:
        with pytest.raises(ConnectionLostError):
            await post_letter(door(transport), LETTER, await take_ticket(door(transport)))

    assert small.letters == [LETTER]
