"""Looking at the public board as a stranger does: are our cells there, is it of today? §14.12.

Asked over the portal, on circuits of its own and without any token, so that a server cannot show
its desks another board than it shows sources. Refuses to let its own failure stop a sync.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from silent_courier.desk.alarms import AlarmKind, raise_alarm
from silent_courier.desk.desk import Desk
from silent_courier.desk.setup import info
from silent_courier.protocol.board_format import Board, parse_board
from silent_courier.protocol.calendar import SECONDS_PER_DAY, day_of
from silent_courier.protocol.charter import Parameters
from silent_courier.protocol.errors import (
    BadOnionAddressError,
    DirectConnectionRefusedError,
    UnexpectedAnswerError,
)
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.sizes import BOARD_CELLS_MAX, BOARD_HEADER_LEN, CELL_LEN
from silent_courier.storage.vault import posted_cells
from silent_courier.storage.vault.posted_cells import BoardSeen, PostedCell
from silent_courier.tor.transport import Transport

LOOK_EVERY_S: Final = 6 * 3600
LATE_S: Final = 2 * 3600
"""Clocks differ; a board that is behind by more is an old one."""

BORN_WITHIN_S: Final = 2 * SECONDS_PER_DAY
"""Desks' quotas of two days are all that can be ahead of a cell in the queue."""

BOARD_LEN_MAX: Final = BOARD_HEADER_LEN + BOARD_CELLS_MAX * CELL_LEN


@asynccontextmanager
async def as_stranger(desk: Desk, transport: Transport) -> AsyncIterator[Transport | None]:
    """A way to the portal for what strangers see, by the same tor.

    None where the charter's address cannot be asked from here: letters matter more than looking.

    Raises:
        NotJoinedError
    """
    try:
        public = transport.to(info(desk).portal)
    except (BadOnionAddressError, DirectConnectionRefusedError):
        yield None
        return
    async with public:
        yield public


async def watch_board(desk: Desk, public: Transport, parameters: Parameters) -> None:
    """Fetch the board once in a while and hold it against what the server took from us.

    Raises:
        TorError, MalformedBoardError, UnexpectedAnswerError
    """
    last = posted_cells.last_board(desk.vault)
    if last is not None and 0 <= desk.clock() - last.at < LOOK_EVERY_S:
        return
    public.new_visit()
    response = await public.request("GET", "/v1/board", purpose="board", max_len=BOARD_LEN_MAX)
    if response.status != 200:
        raise UnexpectedAnswerError(response.status)
    judge_board(desk, parse_board(response.body), parameters)


def judge_board(desk: Desk, board: Board, parameters: Parameters) -> None:
    """Raise what is wrong with a board; forget the cells that were seen on it."""
    now = int(desk.clock())
    with desk.vault.transaction():
        _judge_age(desk, board, parameters, now)
        _judge_cells(desk, board, parameters, now)
    desk.vault.forget()


def _judge_age(desk: Desk, board: Board, parameters: Parameters, now: int) -> None:
    last = posted_cells.last_board(desk.vault)
    seen = BoardSeen(board.epoch, sha256(b"".join(board.cells.values())), now)
    late = now - board.epoch * parameters.epoch_seconds
    # In every epoch cells are born, so two epochs never have the same ones.
    repeated = last is not None and last.digest == seen.digest and last.epoch < seen.epoch
    if repeated or late > LATE_S + 2 * parameters.epoch_seconds:
        raise_alarm(desk, AlarmKind.OLD_BOARD, day_of(now), "", str(board.epoch))
    posted_cells.set_last_board(desk.vault, seen)


def _judge_cells(desk: Desk, board: Board, parameters: Parameters, now: int) -> None:
    life = parameters.cell_life_epochs_min * parameters.epoch_seconds
    born = BORN_WITHIN_S + 2 * parameters.epoch_seconds
    seen: list[PostedCell] = []
    over: list[PostedCell] = []
    missing: dict[int, int] = {}
    for cell in posted_cells.unseen(desk.vault):
        shown = board.cells.get(cell.tag)
        if shown is not None and sha256(shown) == cell.digest:
            seen.append(cell)
        elif now >= cell.at + life:
            over.append(cell)
        elif now >= cell.at + born:
            missing[day_of(cell.at)] = missing.get(day_of(cell.at), 0) + 1
    posted_cells.forget(desk.vault, [*seen, *over])
    answers = {cell.entry for cell in seen} - {cell.entry for cell in over}
    posted_cells.note_shown(desk.vault, answers, day_of(now))
    for day, count in missing.items():
        raise_alarm(desk, AlarmKind.CELLS_MISSING, day, "", str(count))
