"""Killed in the middle of writing, again and again: what was acknowledged is there, and whole."""

import asyncio
import os
import signal
from hashlib import sha256
from pathlib import Path

from silent_courier.protocol.sizes import CELL_LEN, SEALED_CHUNK_LEN
from tests.e2e.server_child import Child, run_child
from tests.unit.server.kit import LETTER_LEN, Client, Organisation, make_organisation, set_up

ROUNDS = 2


class Visitors:
    """They post as fast as they can, and remember what was acknowledged."""

    def __init__(self, organisation: Organisation) -> None:
        self.token = organisation.desks[0].token
        self.letters: set[bytes] = set()
        self.chunks: dict[str, bytes] = {}
        self.cells: list[bytes] = []

    async def letters_until_the_end(self, child: Child) -> None:
        async with child.public() as client:
            while True:
                letter = os.urandom(LETTER_LEN)
                ticket = await client.ticket()
                if (
                    await client.request("POST", "/v1/letters", letter, token=ticket)
                ).status == 204:
                    self.letters.add(sha256(letter).digest())

    async def chunks_until_the_end(self, child: Child) -> None:
        async with child.public() as client:
            while True:
                chunk, name = os.urandom(SEALED_CHUNK_LEN), os.urandom(32).hex()
                ticket = await client.ticket()
                path = f"/v1/chunks/{name}"
                if (await client.request("PUT", path, chunk, token=ticket)).status == 204:
                    self.chunks[name] = sha256(chunk).digest()

    async def cells_until_the_end(self, child: Child) -> None:
        async with child.desks() as client:
            while True:
                cell = os.urandom(CELL_LEN)
                answer = await client.request("POST", "/v1/cells", cell, token=self.token)
                if answer.status == 204:
                    self.cells.append(cell)

    async def post_until_killed(self, child: Child) -> None:
        work = [
            *(self.letters_until_the_end(child) for _ in range(4)),
            *(self.chunks_until_the_end(child) for _ in range(2)),
            self.cells_until_the_end(child),
        ]
        posting = [asyncio.create_task(w) for w in work]
        await asyncio.sleep(0.5)
        await child.end(signal.SIGKILL)
        for result in await asyncio.gather(*posting, return_exceptions=True):
            assert isinstance(result, OSError | EOFError), result


async def test_nothing_acknowledged_is_lost_and_nothing_is_half(tmp_path: Path) -> None:
    organisation = make_organisation(cells_per_day=2**20)
    set_up(tmp_path, organisation)
    visitors = Visitors(organisation)
    for _ in range(ROUNDS):
        async with run_child(tmp_path) as child:
            await visitors.post_until_killed(child)
    assert min(map(len, (visitors.letters, visitors.chunks, visitors.cells))) > ROUNDS

    async with run_child(tmp_path) as child, child.desks() as client:
        await _check_letters(client, visitors)
        for name, digest in visitors.chunks.items():
            chunk = await client.request("GET", f"/v1/chunks/{name}", token=visitors.token)
            assert sha256(chunk.body).digest() == digest
        for start in range(0, len(visitors.cells), 256):
            # Known cells are answered with 204 and not queued again.
            batch = b"".join(visitors.cells[start : start + 256])
            answer = await client.request("POST", "/v1/cells", batch, token=visitors.token)
            assert answer.status == 204
        status = await client.request("GET", "/v1/status", token=visitors.token)
        queued = int(status.body.partition(b'"queued_cells":')[2].partition(b",")[0])
        assert queued <= len(visitors.cells) + ROUNDS


async def _check_letters(client: Client, visitors: Visitors) -> None:
    days = (await client.request("GET", "/v1/days", token=visitors.token)).body
    hashes: list[bytes] = []
    for start in range(0, len(days), 8):
        day = int.from_bytes(days[start : start + 4], "big")
        listed = (await client.request("GET", f"/v1/days/{day}", token=visitors.token)).body
        hashes += [listed[i : i + 32] for i in range(0, len(listed), 32)]
    assert visitors.letters <= set(hashes)
    for start in range(0, len(hashes), 64):
        asked = b"".join(hashes[start : start + 64])
        read = await client.request("POST", "/v1/letters/read", asked, token=visitors.token)
        found = [
            sha256(read.body[i + 4 : i + 4 + LETTER_LEN]).digest()
            for i in range(0, len(read.body), 4 + LETTER_LEN)
        ]
        assert b"".join(found) == asked
