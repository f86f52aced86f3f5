import os
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from silent_courier.desk import (
    Desk,
    as_stranger,
    board_watch,
    info,
    list_alarms,
    read_thread,
    reply,
)
from silent_courier.desk.alarms import AlarmKind
from silent_courier.desk.board_watch import BORN_WITHIN_S, LOOK_EVERY_S, judge_board
from silent_courier.desk.report import Trouble
from silent_courier.protocol.board_format import Board, encode_board, parse_board
from silent_courier.protocol.calendar import SECONDS_PER_DAY
from silent_courier.storage.vault import posted_cells
from silent_courier.tor.address import SocksAddress
from silent_courier.tor.transport import Transport
from tests.servers import HttpServer, Seen, SocksRelay, ok
from tests.unit.desk.kit import Clock, SmallServer, hang_up, seal, sync_rested
from tests.unit.protocol.makers import Organisation, letter_payload, source_id

EPOCH_S = 3600
ONION = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"


def board_of(clock: Clock, cells: Iterable[bytes], *, late: int = 0) -> Board:
    fresh = os.urandom(1024)
    return parse_board(encode_board(int(clock.now) // EPOCH_S - late, [*cells, fresh]))


def kinds(desk: Desk) -> list[str]:
    return [row.kind for row in list_alarms(desk)]


@pytest.fixture
async def answered(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    """An answer that the server has taken."""
    server.put(seal(org, letter_payload(org)))
    await sync_rested(desk, transport)
    reply(desk, source_id(org).hex(), "Спасибо")
    await sync_rested(desk, transport)
    assert len(posted_cells.unseen(desk.vault)) == len(server.cells) > 0


@pytest.mark.usefixtures("answered")
def test_cells_that_are_on_the_board_are_seen_and_forgotten(
    desk: Desk, org: Organisation, server: SmallServer, clock: Clock
) -> None:
    judge_board(desk, board_of(clock, server.cells), org.charter.body.parameters)

    assert (kinds(desk), posted_cells.unseen(desk.vault)) == ([], [])


def on_board(desk: Desk, org: Organisation) -> list[str]:
    entries = read_thread(desk, source_id(org).hex(), mark_read=False)
    return [entry.on_board for entry in entries if entry.kind == "reply"]


@pytest.mark.usefixtures("answered")
def test_an_answer_says_when_it_was_seen_on_the_board_and_not_before(
    desk: Desk, org: Organisation, server: SmallServer, clock: Clock
) -> None:
    judge_board(desk, board_of(clock, []), org.charter.body.parameters)
    assert on_board(desk, org) == [""]
    clock.now += SECONDS_PER_DAY
    judge_board(desk, board_of(clock, server.cells), org.charter.body.parameters)
    assert on_board(desk, org) == ["2026-11-24"]


@pytest.mark.usefixtures("answered")
def test_an_answer_that_was_never_seen_does_not_count_as_shown(
    desk: Desk, org: Organisation, clock: Clock
) -> None:
    clock.now += org.charter.body.parameters.cell_life_epochs_min * EPOCH_S
    judge_board(desk, board_of(clock, []), org.charter.body.parameters)
    assert on_board(desk, org) == [""]


@pytest.mark.usefixtures("answered")
def test_cells_that_wait_for_their_birth_are_no_alarm(
    desk: Desk, org: Organisation, clock: Clock
) -> None:
    clock.now += BORN_WITHIN_S
    judge_board(desk, board_of(clock, []), org.charter.body.parameters)

    assert kinds(desk) == []


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("altered", [False, True])
def test_cells_that_must_have_been_born_and_are_missing_or_altered_alarm(
    desk: Desk, org: Organisation, server: SmallServer, clock: Clock, *, altered: bool
) -> None:
    clock.now += BORN_WITHIN_S + 2 * EPOCH_S
    other = [server.cells[0][:16] + bytes(1008)] if altered else []
    judge_board(desk, board_of(clock, other), org.charter.body.parameters)

    (row,) = list_alarms(desk)
    assert (row.kind, row.date, row.details) == (
        "cells-missing",
        "2026-11-23",
        (str(len(server.cells)),),
    )


@pytest.mark.usefixtures("answered")
def test_cells_whose_life_may_be_over_are_not_expected(
    desk: Desk, org: Organisation, clock: Clock
) -> None:
    clock.now += org.charter.body.parameters.cell_life_epochs_min * EPOCH_S
    judge_board(desk, board_of(clock, []), org.charter.body.parameters)

    assert (kinds(desk), posted_cells.unseen(desk.vault)) == ([], [])


def test_yesterday_s_board_alarms(desk: Desk, org: Organisation, clock: Clock) -> None:
    judge_board(desk, board_of(clock, [], late=4), org.charter.body.parameters)
    assert kinds(desk) == []
    judge_board(desk, board_of(clock, [], late=24), org.charter.body.parameters)

    assert kinds(desk) == [AlarmKind.OLD_BOARD]


def test_yesterday_s_cells_under_today_s_epoch_alarm(
    desk: Desk, org: Organisation, clock: Clock
) -> None:
    board = board_of(clock, [])
    judge_board(desk, board, org.charter.body.parameters)
    judge_board(desk, board, org.charter.body.parameters)
    assert kinds(desk) == []
    clock.now += SECONDS_PER_DAY
    repeated = Board(board.epoch + 24, board.cells)
    judge_board(desk, repeated, org.charter.body.parameters)

    assert kinds(desk) == [AlarmKind.OLD_BOARD]


@dataclass(frozen=True, slots=True)
class Portal:
    """A way to the public side, what was asked of it, and by which SOCKS users."""

    transport: Transport
    seen: list[Seen]
    users: list[str]


@pytest.fixture
async def portal(server: SmallServer, short_path: Path) -> AsyncIterator[Portal]:
    """The public side of the same server, and what was asked of it."""
    seen: list[Seen] = []

    def answer(request: Seen) -> bytes | None:
        seen.append(request)
        override = server.overrides.get("/v1/board")
        if override:
            return override(request)
        return ok(encode_board(int(server.clock.now) // EPOCH_S, server.cells))

    async def no_wait(_: float) -> None:
        return None

    path, socks = short_path / "portal.sock", short_path / "socks"
    async with (
        await HttpServer(answer).listen_unix(path),
        await SocksRelay(path).listen_unix(socks) as relay,
        Transport(
            ONION,
            socks=SocksAddress(path=socks),
            random_bytes=os.urandom,
            attempts=1,
            sleep=no_wait,
        ) as public,
    ):
        yield Portal(public, seen, relay.users)


async def test_the_board_is_looked_at_as_a_stranger_now_and_then(
    desk: Desk,
    clock: Clock,
    transport: Transport,
    portal: Portal,
) -> None:
    public, seen = portal.transport, portal.seen
    for _ in range(2):
        assert (await sync_rested(desk, transport, public=public)).troubles == ()
    assert [(request.method, request.path) for request in seen] == [("GET", "/v1/board")]
    assert seen[0].header("Authorization") is None
    clock.now += LOOK_EVERY_S
    await sync_rested(desk, transport, public=public)

    assert len(seen) == 2
    # By circuits of its own each time: tor gives each SOCKS user others.
    assert len(portal.users) == len(set(portal.users)) == 2


async def test_a_board_that_cannot_be_had_stops_no_sync(
    desk: Desk, server: SmallServer, transport: Transport, portal: Portal
) -> None:
    for override in (hang_up, lambda _: ok(status=500), lambda _: ok(b"no board")):
        server.overrides["/v1/board"] = override
        report = await sync_rested(desk, transport, public=portal.transport)

        assert report.troubles == (Trouble.BOARD_NOT_SEEN.value,)


async def test_a_portal_that_cannot_be_asked_from_here_stops_nothing(
    desk: Desk, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(info(desk), portal="example.onion")
    monkeypatch.setattr(board_watch, "info", lambda _: other)

    async with as_stranger(desk, transport) as public:
        assert public is None
