"""The public side over real sockets: what it takes, what it refuses, and that nobody can tell."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from silent_courier.protocol.keyring import parse_keyring
from silent_courier.protocol.sizes import SEALED_CHUNK_LEN
from silent_courier.server.setup import init_server
from tests.unit.server.kit import (
    LETTER_LEN,
    QUICK,
    Client,
    Clock,
    House,
    Response,
    make_server,
    open_house,
    solve,
)

CHUNK = "/v1/chunks/" + "ab" * 32
LETTERS = "/v1/letters"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path / "server") as opened:
        yield opened


@pytest.fixture
async def client(house: House) -> AsyncIterator[Client]:
    async with house.public() as opened:
        yield opened


def _visible(response: Response) -> tuple[object, ...]:
    return response.status, response.headers, response.body


async def _letters(house: House) -> int:
    days = (await house.ask_desk("GET", "/v1/days")).body
    return sum(int.from_bytes(days[i + 4 : i + 8], "big") for i in range(0, len(days), 8))


async def test_keyring_and_board_are_the_same_bytes_for_all(house: House) -> None:
    for path in ("/v1/keyring", "/v1/board"):
        first, second = [await house.ask_public("GET", path) for _ in range(2)]
        assert _visible(first) == _visible(second)
        assert first.status == 200
    assert parse_keyring((await house.ask_public("GET", "/v1/keyring")).body).day == (
        house.clock.day
    )


async def test_letter_is_taken_for_a_ticket_and_desks_find_it(house: House, client: Client) -> None:
    letter = os.urandom(LETTER_LEN)

    response = await client.request("POST", "/v1/letters", letter, token=await client.ticket())

    assert (response.status, response.body) == (204, b"")
    assert await _letters(house) == 1


async def test_same_letter_again_is_taken_and_kept_once(house: House, client: Client) -> None:
    letter = os.urandom(LETTER_LEN)
    answers = [
        await client.request("POST", "/v1/letters", letter, token=await client.ticket())
        for _ in range(2)
    ]

    assert _visible(answers[0]) == _visible(answers[1])
    assert await _letters(house) == 1


async def test_used_ticket_takes_no_second_letter(house: House, client: Client) -> None:
    ticket = await client.ticket()
    await client.request("POST", "/v1/letters", os.urandom(LETTER_LEN), token=ticket)

    again = await client.request("POST", "/v1/letters", os.urandom(LETTER_LEN), token=ticket)

    assert again.status == 401
    assert await _letters(house) == 1


async def test_two_letters_at_once_for_one_ticket_are_one_letter(house: House) -> None:
    async with house.public() as one, house.public() as two:
        ticket = await one.ticket()
        answers = await asyncio.gather(
            *(
                client.request("POST", "/v1/letters", os.urandom(LETTER_LEN), token=ticket)
                for client in (one, two)
            )
        )

    assert sorted(answer.status for answer in answers) == [204, 401]
    assert await _letters(house) == 1


@pytest.mark.parametrize("token", [None, bytes(32)], ids=["none", "foreign"])
@pytest.mark.parametrize(
    "request_line", [("POST", "/v1/letters", LETTER_LEN), ("PUT", CHUNK, SEALED_CHUNK_LEN)]
)
async def test_without_a_good_ticket_nothing_is_taken(
    house: House, client: Client, request_line: tuple[str, str, int], token: bytes | None
) -> None:
    method, path, length = request_line
    response = await client.request(method, path, bytes(length), token=token)

    assert response.status == 401
    assert await _letters(house) == 0
    assert (await house.ask_desk("GET", CHUNK)).status == 404


async def test_late_ticket_is_refused(house: House, client: Client) -> None:
    ticket = await client.ticket()
    house.clock.turn(seconds=1800)

    response = await client.request("POST", "/v1/letters", bytes(LETTER_LEN), token=ticket)

    assert response.status == 401


@pytest.mark.parametrize(
    ("length", "status"), [(0, 400), (1, 400), (LETTER_LEN - 1, 400), (LETTER_LEN + 1, 413)]
)
async def test_letter_of_another_length_is_refused_and_costs_nothing(
    house: House, client: Client, length: int, status: int
) -> None:
    ticket = await client.ticket()
    async with house.public() as other:
        response = await other.request("POST", "/v1/letters", bytes(length), token=ticket)
    assert response.status == status

    good = await client.request("POST", "/v1/letters", os.urandom(LETTER_LEN), token=ticket)

    assert good.status == 204


async def test_chunk_comes_to_the_desk_as_it_went_in(house: House, client: Client) -> None:
    chunk = os.urandom(SEALED_CHUNK_LEN)

    response = await client.request("PUT", CHUNK, chunk, token=await client.ticket())

    assert response.status == 204
    assert (await house.ask_desk("GET", CHUNK)).body == chunk


async def test_new_and_repeated_chunk_are_answered_alike_and_the_first_bytes_win(
    house: House, client: Client
) -> None:
    ticket = await client.ticket()
    first = os.urandom(SEALED_CHUNK_LEN)
    answers = [
        await client.request("PUT", CHUNK, chunk, token=ticket)
        for chunk in (first, first, os.urandom(SEALED_CHUNK_LEN))
    ]

    assert len({repr(_visible(answer)) for answer in answers}) == 1
    assert (await house.ask_desk("GET", CHUNK)).body == first


async def test_chunk_cannot_be_read_here_whether_it_is_there_or_not(
    house: House, client: Client
) -> None:
    await client.request("PUT", CHUNK, bytes(SEALED_CHUNK_LEN), token=await client.ticket())

    there = await house.ask_public("GET", CHUNK)
    not_there = await house.ask_public("GET", "/v1/chunks/" + "cd" * 32)

    assert _visible(there) == _visible(not_there)
    assert there.status == 405


@pytest.mark.parametrize(
    ("length", "status"), [(1, 400), (SEALED_CHUNK_LEN - 1, 400), (SEALED_CHUNK_LEN + 1, 413)]
)
async def test_chunk_of_another_length_is_refused_and_leaves_nothing(
    house: House, client: Client, length: int, status: int
) -> None:
    ticket = await client.ticket()
    async with house.public() as other:
        response = await other.request("PUT", CHUNK, bytes(length), token=ticket)

    assert response.status == status
    assert (await house.ask_desk("GET", CHUNK)).status == 404
    assert list((house.directory / "chunks" / "incoming").iterdir()) == []


async def test_chunk_without_a_declared_length_is_measured(house: House) -> None:
    async with house.public() as client:
        ticket = await client.ticket()
    head = (
        f"PUT {CHUNK} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        f"Authorization: Bearer {ticket.hex()}\r\n\r\n"
    ).encode()
    for length, status in ((SEALED_CHUNK_LEN - 1, b"400"), (SEALED_CHUNK_LEN, b"204")):
        async with house.public() as client:
            body = b"%x\r\n" % length + bytes(length) + b"\r\n0\r\n\r\n"
            client.writer.write(head + body)
            assert (await client.reader.readline()).split()[1] == status


async def test_upload_that_breaks_off_leaves_nothing_and_costs_nothing(house: House) -> None:
    async with house.public() as client:
        ticket = await client.ticket()
    head = (
        f"PUT {CHUNK} HTTP/1.1\r\nHost: x\r\nContent-Length: {SEALED_CHUNK_LEN}\r\n"
        f"Authorization: Bearer {ticket.hex()}\r\n\r\n"
    ).encode()
    for _ in range(65):
        async with house.public() as client:
            client.writer.write(head + bytes(1000))
            await client.writer.drain()
    async with house.public() as client:
        response = await client.request("PUT", CHUNK, bytes(SEALED_CHUNK_LEN), token=ticket)

    assert response.status == 204
    assert list((house.directory / "chunks" / "incoming").iterdir()) == []


async def test_64_chunks_a_ticket(house: House, client: Client) -> None:
    ticket = await client.ticket()
    statuses = []
    for n in range(65):
        path = f"/v1/chunks/{n:064x}"
        answer = await client.request("PUT", path, bytes(SEALED_CHUNK_LEN), token=ticket)
        statuses.append(answer.status)

    assert statuses == [204] * 64 + [401]


async def test_proof_is_taken_once_and_only_for_this_challenge(
    house: House, client: Client
) -> None:
    offer = (await client.request("GET", "/v1/tickets")).body
    proof = solve(offer)

    statuses = [
        (await client.request("POST", "/v1/tickets", body)).status
        for body in (proof, proof, solve(offer[:1] + bytes(16)), bytes(31), b"")
    ]

    assert statuses == [200, 403, 403, 400, 400]


async def test_nothing_is_served_before_the_first_charter(tmp_path: Path) -> None:
    init_server(tmp_path, random=os.urandom, portal="127.0.0.1:1", desk="127.0.0.1:2")
    async with make_server(tmp_path, Clock()) as server:
        assert server.portal_listen is not None
        assert server.desk_listen is not None
        for method, path in (
            ("GET", "/v1/keyring"),
            ("GET", "/v1/board"),
            ("GET", "/v1/tickets"),
            ("POST", "/v1/tickets"),
            ("PUT", CHUNK),
            ("POST", "/v1/letters"),
        ):
            async with Client(server.portal_listen) as client:
                assert (await client.request(method, path)).status == 503
        async with Client(server.desk_listen) as client:
            assert (await client.request("GET", "/v1/days", token=bytes(32))).status == 503


async def test_desks_paths_are_not_here(client: Client) -> None:
    for path in ("/v1/status", "/v1/days", "/v1/days/1", "/v1/cells", "/v1/statements"):
        assert (await client.request("GET", path)).status == 404


async def test_half_an_upload_keeps_its_connection_whoever_else_comes(tmp_path: Path) -> None:
    limits = replace(QUICK, connections=4)
    async with open_house(tmp_path / "server", limits=limits) as house, AsyncExitStack() as crowd:
        for path, body in (
            (CHUNK, os.urandom(SEALED_CHUNK_LEN)),
            (LETTERS, os.urandom(LETTER_LEN)),
        ):
            upload = await crowd.enter_async_context(house.public())
            method = "PUT" if path == CHUNK else "POST"
            head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
            bearer = f"Authorization: Bearer {(await upload.ticket()).hex()}\r\n\r\n"
            upload.writer.write(f"{head}{bearer}".encode() + body[:100])

            for _ in range(30):
                other = await crowd.enter_async_context(house.public())
                other.writer.write(
                    b"POST /v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 32\r\n\r\n"
                )
                await asyncio.sleep(0.01)

            upload.writer.write(body[100:])
            assert (await upload.reader.readline()).startswith(b"HTTP/1.1 204 ")
