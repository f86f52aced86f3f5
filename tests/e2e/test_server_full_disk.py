"""A disk that is really full: refused with its own answer, nothing lost, nothing else stops."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path

import pytest

from silent_courier.protocol.board_format import parse_board
from silent_courier.protocol.sizes import CELL_LEN, SEALED_CHUNK_LEN
from tests.e2e.server_child import Child, run_child
from tests.e2e.small_disk import on_small_disk
from tests.unit.server.kit import LETTER_LEN, Organisation, make_organisation, set_up

DISK_MIB = 12


@dataclass(frozen=True, slots=True)
class FullDisk:
    """A server on a small disk of its own."""

    child: Child
    organisation: Organisation
    directory: Path

    def fill(self) -> None:
        """Take every byte that is left."""
        with (self.directory / "ballast").open("ab", buffering=0) as file:
            for piece in (65536, 4096, 1):
                with pytest.raises(OSError, match="No space left"):
                    _write_for_ever(file, bytes(piece))

    def make_room(self) -> None:
        (self.directory / "ballast").unlink()

    async def ask_desk(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        async with self.child.desks() as client:
            token = self.organisation.desks[0].token
            answer = await client.request(method, path, body, token=token)
            return answer.status, answer.body

    async def status(self, key: str) -> object:
        await asyncio.sleep(1)
        content: dict[str, object] = json.loads((self.directory / "status.json").read_text())
        return content[key]


def _write_for_ever(file: RawIOBase, piece: bytes) -> None:
    while True:
        file.write(piece)


@pytest.fixture
async def disk(tmp_path: Path) -> AsyncIterator[FullDisk]:
    async with _small_disk(tmp_path / "server") as opened:
        yield opened


@asynccontextmanager
async def _small_disk(directory: Path) -> AsyncIterator[FullDisk]:
    # A mount that only the child sees, and that goes with it; we look in through /proc.
    organisation = make_organisation(
        epoch_seconds=1, births_per_epoch=1, cell_life_epochs_min=40, cell_life_epochs_max=60
    )
    source = directory.with_name("template")
    await asyncio.to_thread(set_up, source, organisation)
    before = on_small_disk(directory, source, DISK_MIB)
    async with run_child(directory, before=before) as child:
        inside = Path(f"/proc/{child.pid}/root{directory}")
        yield FullDisk(child, organisation, inside)


async def test_full_disk_refuses_and_loses_nothing_and_goes_on_when_there_is_room(
    disk: FullDisk,
) -> None:
    kept = os.urandom(LETTER_LEN)
    async with disk.child.public() as client:
        ticket = await client.ticket()
        await client.request("POST", "/v1/letters", kept, token=await client.ticket())
        epoch = parse_board((await client.request("GET", "/v1/board")).body).epoch
        disk.fill()

        refused = await client.request("POST", "/v1/letters", os.urandom(LETTER_LEN), token=ticket)
        assert (refused.status, refused.body) == (507, b"")
        path = "/v1/chunks/" + "ab" * 32
        chunk = os.urandom(SEALED_CHUNK_LEN)
        assert (await client.request("PUT", path, chunk, token=ticket)).status == 507
        cells = await disk.ask_desk("POST", "/v1/cells", os.urandom(40 * CELL_LEN))
        assert cells[0] in {429, 507}
        assert (await disk.ask_desk("POST", "/v1/cells", os.urandom(20 * CELL_LEN)))[0] == 507

        for reading in ("/v1/keyring", "/v1/board", "/v1/tickets"):
            assert (await client.request("GET", reading)).status == 200
        day = (await disk.ask_desk("GET", "/v1/days"))[1]
        assert day[4:] == b"\0\0\0\1"
        sha = (await disk.ask_desk("GET", f"/v1/days/{int.from_bytes(day[:4], 'big')}"))[1]
        assert (await disk.ask_desk("POST", "/v1/letters/read", sha))[1][4:] == kept
        await asyncio.sleep(2)

        disk.make_room()
        # What was refused has cost nothing: the same ticket is still good for it.
        again = await client.request("POST", "/v1/letters", os.urandom(LETTER_LEN), token=ticket)
        assert again.status == 204
        assert (await client.request("PUT", path, chunk, token=ticket)).status == 204
        await asyncio.sleep(1.5)
        # The epochs that had no room are caught up.
        assert parse_board((await client.request("GET", "/v1/board")).body).epoch > epoch + 2

    assert (await disk.ask_desk("GET", path))[1] == chunk
    assert await disk.status("store_full") is False
    assert await disk.status("faults") == 0


async def test_chunks_fill_the_disk_and_every_acknowledged_one_is_whole(disk: FullDisk) -> None:
    kept: dict[str, bytes] = {}
    async with disk.child.public() as client:
        ticket = await client.ticket()
        for n in range(DISK_MIB + 2):
            path, chunk = f"/v1/chunks/{n:064x}", os.urandom(SEALED_CHUNK_LEN)
            status = (await client.request("PUT", path, chunk, token=ticket)).status
            if status == 204:
                kept[path] = chunk
            else:
                assert status == 507
    assert 3 < len(kept) < DISK_MIB

    for path, chunk in kept.items():
        assert await disk.ask_desk("GET", path) == (200, chunk)
    assert not list((disk.directory / "chunks" / "incoming").iterdir())
