"""The desk's side over real sockets: only for devices of the charter, whole batches or nothing."""

import json
import os
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest

from silent_courier.protocol.board_format import parse_board
from silent_courier.protocol.charter import Handler
from silent_courier.protocol.keyring import parse_keyring
from silent_courier.protocol.sizes import CELL_LEN, SEALED_CHUNK_LEN, TAG_LEN
from silent_courier.protocol.statements import (
    SignOfLife,
    Statements,
    encode_statements,
    sign_statement,
)
from silent_courier.server.setup import load_charter
from tests.unit.server.kit import DAY, LETTER_LEN, House, day_statement, open_house

CHUNK = "/v1/chunks/" + "ab" * 32
PATHS = (
    ("GET", "/v1/manifest"),
    ("POST", "/v1/manifest"),
    ("GET", "/v1/keyring"),
    ("GET", "/v1/board"),
    ("GET", "/v1/status"),
    ("GET", "/v1/days"),
    ("GET", "/v1/days/1"),
    ("POST", "/v1/letters/read"),
    ("GET", CHUNK),
    ("POST", "/v1/letters"),
    ("POST", "/v1/cells"),
    ("POST", "/v1/statements"),
)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path / "server") as opened:
        yield opened


async def _post(house: House, path: str, body: bytes, *, desk: int = 0) -> int:
    token = house.organisation.desks[desk].token
    return (await house.ask_desk("POST", path, body, token=token)).status


async def _status(house: House, *, desk: int = 0) -> dict[str, int]:
    token = house.organisation.desks[desk].token
    answer = await house.ask_desk("GET", "/v1/status", token=token)
    status: dict[str, int] = json.loads(answer.body)
    return status


def _cells(count: int) -> bytes:
    return os.urandom(count * CELL_LEN)


def _days(house: House, *days: int, desk: int = 0) -> bytes:
    organisation = house.organisation
    return encode_statements(
        Statements(tuple(day_statement(organisation, organisation.desks[desk], d) for d in days))
    )


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_nothing_without_a_token_of_a_device(house: House, method: str, path: str) -> None:
    foreign = await house.ask_desk(method, path, token=bytes(32))
    missing = await house.ask_desk(method, path, token=None)

    assert foreign == missing
    assert (foreign.status, foreign.body) == (401, b"")


async def test_ticket_of_a_source_is_no_token(house: House) -> None:
    async with house.public() as client:
        ticket = await client.ticket()

    assert (await house.ask_desk("GET", "/v1/days", token=ticket)).status == 401


async def test_device_of_a_revoked_handler_is_out_as_soon_as_the_charter_is_in(
    house: House,
) -> None:
    organisation = house.organisation.next(
        generation_days=(*house.organisation.charter.body.generation_days, DAY),
        handlers=(
            Handler(handler=0, label="stays"),
            Handler(handler=1, label="left", left_generation=2),
        ),
    )
    load_charter(house.directory, organisation.chain, organisation.access)
    await house.server.tick()

    for method, path in PATHS:
        answer = await house.ask_desk(method, path, token=organisation.desks[1].token)
        assert answer.status == 401
    assert (await house.ask_desk("GET", "/v1/days")).status == 200


async def test_keyring_and_board_are_those_of_the_portal(house: House) -> None:
    for path in ("/v1/keyring", "/v1/board"):
        assert (await house.ask_desk("GET", path)) == (await house.ask_public("GET", path))


async def test_letters_are_listed_by_day_and_read(house: House) -> None:
    letters = [os.urandom(LETTER_LEN) for _ in range(3)]
    assert await _post(house, "/v1/letters", letters[0]) == 204
    assert await _post(house, "/v1/letters", letters[0], desk=1) == 204
    house.clock.turn(days=1)
    for letter in letters[1:]:
        assert await _post(house, "/v1/letters", letter) == 204

    days = (await house.ask_desk("GET", "/v1/days")).body
    later = (await house.ask_desk("GET", f"/v1/days/{DAY + 1}")).body
    asked = sha256(letters[2]).digest() + bytes(32) + sha256(letters[0]).digest()
    read = (await house.ask_desk("POST", "/v1/letters/read", asked)).body

    assert days == b"".join(number.to_bytes(4, "big") for number in (DAY, 1, DAY + 1, 2))
    assert later == b"".join(sorted(sha256(letter).digest() for letter in letters[1:]))
    length = LETTER_LEN.to_bytes(4, "big")
    assert read == length + letters[2] + bytes(4) + length + letters[0]
    assert (await house.ask_desk("GET", f"/v1/days/{DAY + 2}")).body == b""


@pytest.mark.parametrize(
    ("length", "status"), [(0, 400), (31, 400), (33, 400), (64 * 32, 200), (65 * 32, 413)]
)
async def test_letters_are_asked_for_by_whole_hashes_and_64_at_most(
    house: House, length: int, status: int
) -> None:
    assert await _post(house, "/v1/letters/read", bytes(length)) == status


@pytest.mark.parametrize(("length", "status"), [(LETTER_LEN - 1, 400), (LETTER_LEN + 1, 413)])
async def test_letter_of_another_length_is_refused(house: House, length: int, status: int) -> None:
    assert await _post(house, "/v1/letters", bytes(length)) == status
    assert (await house.ask_desk("GET", "/v1/days")).body == b""


async def test_chunk_is_read_or_not_there(house: House) -> None:
    async with house.public() as client:
        chunk = os.urandom(SEALED_CHUNK_LEN)
        await client.request("PUT", CHUNK, chunk, token=await client.ticket())

    assert (await house.ask_desk("GET", CHUNK)).body == chunk
    missing = await house.ask_desk("GET", "/v1/chunks/" + "cd" * 32)
    assert (missing.status, missing.body) == (404, b"")


async def test_cells_wait_and_are_born_with_the_next_epoch(house: House) -> None:
    cells = _cells(3)
    assert await _post(house, "/v1/cells", cells, desk=1) == 204
    assert (await _status(house, desk=0))["queued_cells"] == 0
    assert (await _status(house, desk=1))["queued_cells"] == 3
    assert (await _status(house))["queued_all"] == 3

    house.clock.turn(hours=1)
    await house.server.tick()

    board = parse_board((await house.ask_public("GET", "/v1/board")).body)
    present = [cells[i : i + CELL_LEN] in board.cells.values() for i in range(0, 3072, CELL_LEN)]
    assert present == [True, True, False]
    assert (await _status(house, desk=1))["queued_cells"] == 1


async def test_very_same_cells_again_are_done_before_and_after_birth(house: House) -> None:
    cells = _cells(2)
    for _ in range(2):
        assert await _post(house, "/v1/cells", cells) == 204
    assert (await _status(house))["queued_all"] == 2
    house.clock.turn(hours=1)
    await house.server.tick()

    assert await _post(house, "/v1/cells", cells) == 204
    assert (await _status(house))["queued_all"] == 0


async def test_tag_with_other_bytes_is_a_conflict_and_nothing_is_kept(house: House) -> None:
    cell = _cells(1)
    await _post(house, "/v1/cells", cell)
    clash = cell[:TAG_LEN] + os.urandom(CELL_LEN - TAG_LEN)

    assert await _post(house, "/v1/cells", _cells(1) + clash, desk=1) == 409
    assert (await _status(house))["queued_all"] == 1


async def test_quota_of_a_day_holds_and_is_new_tomorrow(house: House) -> None:
    assert await _post(house, "/v1/cells", _cells(19)) == 204
    assert await _post(house, "/v1/cells", _cells(2)) == 429
    assert (await _status(house))["queued_all"] == 19
    assert await _post(house, "/v1/cells", _cells(1)) == 204
    assert await _post(house, "/v1/cells", _cells(1)) == 429

    house.clock.turn(days=1)

    assert await _post(house, "/v1/cells", _cells(20)) == 204


@pytest.mark.parametrize(
    ("length", "status"),
    [(0, 400), (CELL_LEN - 1, 400), (CELL_LEN + 1, 400), (257 * CELL_LEN, 413)],
)
async def test_cells_come_whole_and_256_at_most(house: House, length: int, status: int) -> None:
    assert await _post(house, "/v1/cells", bytes(length)) == status


async def test_statements_are_in_the_keyring_when_they_are_acknowledged(house: House) -> None:
    days = _days(house, *range(DAY, DAY + 15))
    desk = house.organisation.desks[1]
    sign = sign_statement(SignOfLife(desk.key.device, DAY), house.organisation.charter, desk.key)

    assert await _post(house, "/v1/statements", days) == 204
    signs = encode_statements(Statements((), (sign,)))
    assert await _post(house, "/v1/statements", signs, desk=1) == 204

    keyring = parse_keyring((await house.ask_public("GET", "/v1/keyring")).body)
    assert [s.day for s in keyring.statements.day_statements] == [DAY]
    assert keyring.statements.signs_of_life == (sign,)


async def test_statements_that_are_not_right_change_nothing(house: House) -> None:
    before = await house.ask_public("GET", "/v1/keyring")
    good = _days(house, DAY)
    assert await _post(house, "/v1/statements", good, desk=1) == 403
    assert await _post(house, "/v1/statements", _days(house, DAY, DAY - 1)) == 400
    assert await _post(house, "/v1/statements", good[:-1]) == 400
    assert await _post(house, "/v1/statements", b"") == 400
    assert await _post(house, "/v1/statements", good[:-9] + b"x" + good[-8:]) == 400
    assert await _post(house, "/v1/statements", bytes(40_000)) == 413
    assert await house.ask_public("GET", "/v1/keyring") == before

    assert await _post(house, "/v1/statements", good) == 204
    assert await _post(house, "/v1/statements", good) == 204
    assert await _post(house, "/v1/statements", _days(house, DAY)) == 409


async def test_status_says_where_things_stand(house: House) -> None:
    assert await _status(house) == {
        "day": DAY,
        "serial": 1,
        "epoch": int(house.clock() // 3600),
        "queued_cells": 0,
        "queued_all": 0,
    }


async def test_portals_paths_for_strangers_are_not_here(house: House) -> None:
    assert (await house.ask_desk("GET", "/v1/tickets")).status == 404
    assert (await house.ask_desk("PUT", CHUNK)).status == 405
