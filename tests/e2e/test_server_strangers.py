"""What strangers, thieves and former handlers try at a running server, and what they are told."""

import os
from pathlib import Path

from silent_courier.protocol.charter import Handler
from silent_courier.protocol.sizes import SEALED_CHUNK_LEN
from silent_courier.server.portal.pages import PAGES
from silent_courier.server.setup import load_charter
from tests.unit.server.kit import (
    LETTER_LEN,
    Client,
    Clock,
    House,
    Response,
    make_organisation,
    open_house,
)

CHUNK, UNKNOWN = "/v1/chunks/" + "ab" * 32, "/v1/chunks/" + "cd" * 32


async def _hand_in(client: Client, ticket: bytes | None) -> int:
    letter = os.urandom(LETTER_LEN)
    return (await client.request("POST", "/v1/letters", letter, token=ticket)).status


async def test_uploaded_chunk_looks_like_an_unknown_one_on_the_portal(tmp_path: Path) -> None:
    content = os.urandom(SEALED_CHUNK_LEN)
    async with open_house(tmp_path) as house, house.public() as client:
        ticket = await client.ticket()
        assert (await client.request("PUT", CHUNK, content, token=ticket)).status == 204
        desk = house.organisation.desks[0].token
        for token in (None, ticket, desk):
            for method in ("GET", "HEAD", "DELETE", "POST"):
                known, unknown = [
                    await _bare(house, method, path, token) for path in (CHUNK, UNKNOWN)
                ]
                assert known == unknown
                assert known.startswith(b"HTTP/1.1 405 ")
        again = [
            await client.request("PUT", path, os.urandom(SEALED_CHUNK_LEN), token=ticket)
            for path in (CHUNK, UNKNOWN)
        ]
        assert again[0] == again[1]
        assert (await house.ask_desk("GET", CHUNK)).body == content


async def test_nothing_on_the_portal_tells_that_something_came(tmp_path: Path) -> None:
    pages = [f"/en/{page}" for page in PAGES]
    paths = ("/v1/keyring", "/v1/board", "/v1/tickets", CHUNK, "/v1/letters", "/", *pages)
    async with open_house(tmp_path) as house:
        before = [await _bare(house, "GET", path, None) for path in paths]
        async with house.public() as client:
            for _ in range(3):
                assert await _hand_in(client, await client.ticket()) == 204
            content, ticket = os.urandom(SEALED_CHUNK_LEN), await client.ticket()
            assert (await client.request("PUT", CHUNK, content, token=ticket)).status == 204
        await house.server.tick()

        assert [await _bare(house, "GET", path, None) for path in paths] == before
        assert {answer[:13] for answer in before} == {b"HTTP/1.1 200 ", b"HTTP/1.1 405 "}


async def _bare(house: House, method: str, path: str, token: bytes | None) -> bytes:
    """Every byte of the answer."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: {house.server.portal_listen}\r\nConnection: close\r\n"
    )
    if token is not None:
        head += f"Authorization: Bearer {token.hex()}\r\n"
    async with house.public() as client:
        client.writer.write(f"{head}\r\n".encode())
        return await client.reader.read()


async def test_used_late_unknown_and_foreign_tickets_get_one_answer(tmp_path: Path) -> None:
    clock = Clock()
    async with (
        open_house(tmp_path / "one", clock=clock) as house,
        open_house(tmp_path / "other", clock=clock) as other,
        house.public() as client,
        other.public() as elsewhere,
    ):
        used, late, foreign = (
            await client.ticket(),
            await client.ticket(),
            await elsewhere.ticket(),
        )
        assert await _hand_in(client, used) == 204
        clock.turn(seconds=1)
        answers: list[Response] = []
        for ticket in (used, foreign, os.urandom(32), house.organisation.desks[0].token, None):
            letter = os.urandom(LETTER_LEN)
            answers.append(await client.request("POST", "/v1/letters", letter, token=ticket))
        clock.turn(seconds=30 * 60)
        answers.append(await client.request("POST", "/v1/letters", letter, token=late))

        assert answers[0].status == 401
        assert all(answer == answers[0] for answer in answers)
        assert (await house.ask_desk("GET", "/v1/days")).body[4:] == (1).to_bytes(4, "big")


async def test_stolen_ticket_costs_its_owner_another_and_no_letter(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house, house.public() as owner, house.public() as thief:
        stolen = await owner.ticket()
        assert await _hand_in(thief, stolen) == 204

        letter = os.urandom(LETTER_LEN)
        answer = await owner.request("POST", "/v1/letters", letter, token=stolen)
        assert answer.status == 401
        again = await owner.ticket()
        answer = await owner.request("POST", "/v1/letters", letter, token=again)
        assert answer.status == 204


async def test_device_of_a_handler_who_left_gets_what_no_token_gets(tmp_path: Path) -> None:
    organisation = make_organisation()
    async with open_house(tmp_path, organisation) as house:
        left = organisation.desks[1].token
        assert (await house.ask_desk("GET", "/v1/days", token=left)).status == 200
        revoked = organisation.next(
            generation_days=(*organisation.charter.body.generation_days, house.clock.day),
            handlers=(
                Handler(handler=0, label="stays"),
                Handler(handler=1, label="left", left_generation=2),
            ),
        )
        load_charter(tmp_path, revoked.chain, revoked.access)
        await house.server.tick()

        for method, path, body in (
            ("GET", "/v1/keyring", b""),
            ("GET", "/v1/board", b""),
            ("GET", "/v1/status", b""),
            ("GET", "/v1/days", b""),
            ("GET", f"/v1/days/{house.clock.day}", b""),
            ("POST", "/v1/letters/read", bytes(32)),
            ("GET", CHUNK, b""),
            ("POST", "/v1/letters", os.urandom(LETTER_LEN)),
            ("POST", "/v1/cells", os.urandom(1024)),
            ("POST", "/v1/statements", b"statements"),
        ):
            answers = [
                await house.ask_desk(method, path, body, token=token)
                for token in (left, None, os.urandom(32))
            ]
            assert answers[0].status == 401
            assert answers[0] == answers[1] == answers[2]
        assert (await house.ask_desk("GET", "/v1/days")).status == 200
