"""The board's bytes: sorted, total to parse, the same whoever made them."""

import pytest

from silent_courier.protocol.board_format import encode_board, parse_board
from silent_courier.protocol.errors import MalformedBoardError
from silent_courier.protocol.sizes import BOARD_HEADER_LEN, CELL_LEN, TAG_LEN


def _cell(tag: int) -> bytes:
    return tag.to_bytes(TAG_LEN, "big").ljust(CELL_LEN, b"c")


def test_board_comes_back_as_it_went_in() -> None:
    board = parse_board(encode_board(7, [_cell(2), _cell(1)]))

    assert board.epoch == 7
    assert list(board.cells.values()) == [_cell(1), _cell(2)]


def test_order_of_arrival_does_not_show() -> None:
    assert encode_board(7, [_cell(3), _cell(1), _cell(2)]) == encode_board(
        7, [_cell(2), _cell(3), _cell(1)]
    )


def test_empty_board_is_its_header() -> None:
    assert len(encode_board(0, [])) == BOARD_HEADER_LEN
    assert parse_board(encode_board(0, [])).cells == {}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        encode_board(1, [])[:-1],
        b"X" + encode_board(1, [])[1:],
        encode_board(1, [_cell(1)])[:-1],
        encode_board(1, [_cell(1)]) + b"\0",
        encode_board(1, []) + _cell(2) + _cell(1),
        encode_board(1, []) + _cell(1) + _cell(1),
    ],
    ids=["empty", "cut header", "other magic", "cut cell", "longer", "unsorted", "tag twice"],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedBoardError):
        parse_board(data)
