"""Cases of the board, and of finding one's own cells on it. Spec §6.3, §6.4."""

from collections.abc import Iterator, Sequence

from silent_courier.protocol.board_format import encode_board
from silent_courier.protocol.payload import parse_reply_payload
from silent_courier.protocol.sizes import BOARD_HEADER_LEN
from silent_courier.protocol.thread import ThreadKey, derive_thread_key
from vectors.generate import samples
from vectors.generate.case import OK, Case, fields
from vectors.generate.cells import cell, fragment, sealed
from vectors.generate.draw import draw
from vectors.generate.organisation import (
    DEVICE_KEYS,
    ORG_ID,
    STRANGER,
    WEEK,
    Json,
    thread_key,
    to_json,
)
from vectors.generate.payload import canonical
from vectors.generate.sealing import flip

EPOCH = 498_720
MALFORMED = "malformed_board"
FOREIGN = tuple(draw(f"board/foreign/{i}", 1024) for i in range(6))


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    yield _parse("is-empty", encode_board(EPOCH, ()), 0)
    yield _parse("holds-six-cells", encode_board(EPOCH, FOREIGN), 6)
    yield _parse("is-of-the-last-epoch", encode_board(2**64 - 1, ()), 0, 2**64 - 1)
    for name, data in _malformed():
        yield Case(f"board/{name}", "board.parse", (), data, MALFORMED)
    yield from _searched()


def _parse(name: str, data: bytes, count: int, epoch: int = EPOCH) -> Case:
    return Case(f"board/{name}", "board.parse", fields(("epoch", epoch), ("cells", count)), data)


def _malformed() -> Iterator[tuple[str, bytes]]:
    board = encode_board(EPOCH, FOREIGN)
    head, cells = board[:BOARD_HEADER_LEN], sorted(FOREIGN)
    yield "is-nothing", b""
    yield "is-half-a-header", board[: BOARD_HEADER_LEN - 1]
    yield "has-another-magic", flip(board, 0)
    yield "has-another-version", flip(board, 4)
    yield "has-something-reserved", flip(board, 7)
    yield "is-a-byte-short", board[:-1]
    yield "is-a-byte-long", board + b"\0"
    yield "is-not-sorted", head + cells[1] + cells[0] + b"".join(cells[2:])
    yield "has-a-cell-twice", head + cells[0] + b"".join(cells)
    twin = cells[0][:16] + draw("board/twin", 1008)
    yield "has-a-tag-twice", head + b"".join(sorted([*cells, twin]))


def _find(
    name: str,
    cells: Sequence[bytes],
    found: Sequence[Json] = (),
    damaged: int = 0,
    *,
    partial: int = 0,
    keys: Sequence[ThreadKey] = (),
    devices: Sequence[int] = (0, 4, 5, 8),
) -> Case:
    given = fields(
        ("thread-key", (f"{k.generation} {k.week} {k.key.hex()}" for k in keys or _keys())),
        ("device", (str(device) for device in devices)),
        ("org-id", ORG_ID),
        ("device-key", DEVICE_KEYS),
    )
    payloads = (canonical(parse_reply_payload(to_json(body))) for body in found)
    out = fields(("payload", payloads), ("partial", partial), ("damaged", damaged))
    board = encode_board(EPOCH, [*FOREIGN, *cells])
    return Case(f"board/{name}", "board.find", given + out, board, OK)


def _keys() -> tuple[ThreadKey, ...]:
    """A source's look back: from the week to come to the first, two generations."""
    return tuple(
        thread_key(week, generation) for generation in (2, 1) for week in range(WEEK + 1, 1, -1)
    )


def _searched() -> Iterator[Case]:
    now, before, renewed = thread_key(), thread_key(WEEK - 7), thread_key(generation=2)
    long = samples.reply(text="Ответ. " * 200)
    yield _find("is-searched-without-luck", [])
    stranger = [derive_thread_key(STRANGER, ORG_ID, 1, week) for week in range(3, 11)]
    yield _find("gives-nothing-to-a-stranger", sealed(long, "find/long"), keys=stranger)
    yield _find("gives-one-reply", sealed(long, "find/long"), [long])
    old = sealed(samples.opened(), "find/old", 7, key=before)
    new = sealed(samples.reply(), "find/new", 255, key=renewed)
    yield _find(
        "gives-replies-of-two-generations",
        [*old, *new, *sealed(long, "find/long", key=now)],
        [samples.reply(), long, samples.opened()],
    )
    yield _find("is-not-searched-in-other-slots", sealed(long, "find/long"), devices=(0, 5, 8))
    yield _find("is-not-searched-in-no-slot", sealed(long, "find/long"), devices=())
    yield from _damaged(long)


def _damaged(long: Json) -> Iterator[Case]:
    short = sealed(samples.opened(), "find/short", 9)
    cells = sealed(long, "find/long")
    altered = [flip(cells[0], 40), *cells[1:]]
    # The altered cell counts as damage; of the reply there is a part.
    beside = [samples.opened()]
    yield _find("delivers-beside-a-damaged-one", [*altered, *short], beside, 1, partial=1)
    yield _find("tells-of-a-missing-part", [*cells[1:], *short], beside, partial=1)
    twice = [cell(fragment(0, 3), "find/twice", number) for number in (3, 4)]
    yield _find("tells-of-a-part-that-is-there-twice", [*twice, *short], beside, 1)
    differ = [cell(fragment(part, 3 + part), "find/differ", 3 + part) for part in (0, 1)]
    yield _find("tells-of-parts-that-differ-in-count", [*differ, *short], beside, 1)
    odd = cell(fragment(4, 2), "find/odd", 3)
    yield _find("tells-of-an-impossible-part", [odd, *short], [samples.opened()], 1)
