"""Finding one's own cells: a lookup by tags that nobody else can compute."""

import pytest

from silent_courier.protocol.board import find_fragments
from silent_courier.protocol.board_format import Board, encode_board, parse_board
from silent_courier.protocol.reply import join_fragments, seal_reply
from silent_courier.protocol.sizes import CELL_LEN
from tests.unit.protocol.makers import (
    WEEK,
    device_key,
    draw,
    drawing,
    flip,
    make_organisation,
    reply_payload,
    thread_key,
)

ORG = make_organisation(3)
REPLY = reply_payload(ORG, text="я" * 1400)
CELLS = seal_reply(REPLY, device_key(4), thread_key(org=ORG), [3, 250, 7, 0], drawing())
STRANGERS = [draw(f"stranger/{n}", CELL_LEN) for n in range(50)]
DEVICES = [0, 4, 8]


def board(cells: list[bytes] = CELLS) -> Board:
    return parse_board(encode_board(1, [*cells, *STRANGERS]))


def test_reply_is_found_among_strangers_and_joins() -> None:
    found, damaged = find_fragments(board(), [thread_key(org=ORG)], DEVICES)

    assert {(f.device, f.generation) for f in found} == {(4, 1)}
    reply = join_fragments([f.fragment for f in found], 4, ORG.org_id, ORG.charter.current_devices)
    assert (reply.payload, damaged) == (REPLY, 0)


@pytest.mark.parametrize("week", [WEEK - 7, WEEK - 1, WEEK, WEEK + 1])
def test_reply_is_found_under_its_own_week_alone(week: int) -> None:
    found, _ = find_fragments(board(), [thread_key(week, org=ORG)], DEVICES)

    assert len(found) == (4 if week == WEEK else 0)


def test_reply_is_found_under_its_own_generation_alone() -> None:
    keys = [thread_key(WEEK, generation, ORG) for generation in (1, 2, 3)]

    assert {f.generation for f in find_fragments(board(), keys, DEVICES)[0]} == {1}


def test_other_words_find_nothing() -> None:
    assert find_fragments(board(), [thread_key()], DEVICES) == ([], 0)


@pytest.mark.parametrize("devices", [[], [0], [8], [0, 8, 255]])
def test_slots_not_looked_at_show_nothing(devices: list[int]) -> None:
    assert find_fragments(board(), [thread_key(org=ORG)], devices) == ([], 0)


def test_cell_that_does_not_open_is_counted_and_stops_nothing() -> None:
    spoiled = [flip(CELLS[0], 8 * 500), *CELLS[1:]]

    found, damaged = find_fragments(board(spoiled), [thread_key(org=ORG)], DEVICES)

    assert (len(found), damaged) == (3, 1)
