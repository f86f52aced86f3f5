"""After visits of every kind, neither the disk nor any output tells of one: not that it was, not
when, not who."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from silent_courier.protocol.sizes import SEALED_CHUNK_LEN
from tests.e2e.server_child import Child, run_child
from tests.unit.server.kit import LETTER_LEN, Client, Organisation, make_organisation, set_up

MARKER = "mark3r"
EPOCH_COLUMNS = {"epoch", "ends"}


async def _visit(client: Client) -> None:
    """A whole visit by somebody who leaves marks wherever there is room for one."""
    marks = [("User-Agent", MARKER), ("Cookie", MARKER), ("X-Forwarded-For", MARKER)]
    for path in ("/v1/keyring", "/v1/board", f"/{MARKER}", f"/v1/board?{MARKER}"):
        await client.request("GET", path, headers=marks)
    ticket = await client.ticket()
    for length in (10, SEALED_CHUNK_LEN):
        path = "/v1/chunks/" + "ab" * 32
        await client.request("PUT", path, bytes(length), token=ticket, headers=marks)
    await client.request("POST", "/v1/letters", os.urandom(LETTER_LEN), token=ticket)
    await client.request("POST", "/v1/letters", os.urandom(LETTER_LEN), token=ticket)


async def _disturb(child: Child) -> None:
    """Visitors that break rules."""
    for data in (
        f"{MARKER}\r\n\r\n",
        f"GET /{MARKER} HTTP/1.1\r\n\r\n",
        f"POST /v1/letters HTTP/1.1\r\nHost: {MARKER}\r\nContent-Length: 99999999\r\n\r\n",
        f"POST /v1/tickets HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{MARKER}\r\n",
        f"PUT /v1/chunks/{'ab' * 32} HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{MARKER}",
    ):
        async with child.public() as client:
            client.writer.write(data.encode())
            await client.writer.drain()
            await asyncio.sleep(0.05)


async def _visit_as_a_desk(client: Client, organisation: Organisation) -> None:
    for token in (organisation.desks[0].token, bytes(32)):
        for path in ("/v1/status", "/v1/days", f"/v1/days/{MARKER}", "/v1/chunks/" + "ab" * 32):
            await client.request("GET", path, token=token)
        await client.request("POST", "/v1/cells", os.urandom(1024), token=token)


def _rows(path: Path) -> Iterator[tuple[str, str, object]]:
    with closing(sqlite3.connect(path)) as connection:
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        for table in tables:
            found = connection.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in found.description]
            for row in found:
                yield from ((table, name, value) for name, value in zip(names, row, strict=True))


def _is_finer_than_a_day(value: object, now: float) -> bool:
    """Whether this could be a moment around now, in seconds or finer units, or hours."""
    if not isinstance(value, int | float):
        return False
    units = (3600.0, 60.0, 1.0, 1e-3, 1e-6, 1e-9)
    return any(abs(value * unit - now) < 3600 for unit in units)


async def test_nothing_tells_of_a_visit(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    organisation = make_organisation()
    directory = tmp_path / "server"
    set_up(directory, organisation)
    async with run_child(directory) as child:
        async with child.public() as client:
            await _visit(client)
            visitor = "{}:{}".format(*client.writer.get_extra_info("sockname")).encode()
        await _disturb(child)
        async with child.desks() as client:
            await _visit_as_a_desk(client, organisation)
        await asyncio.sleep(0.5)
        live = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}
        await child.end()
        assert child.process.stdout is not None
        assert await child.process.stdout.read() == b""
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")

    left = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}
    for content in (*live.values(), *left.values()):
        assert MARKER.encode() not in content
        assert visitor not in content
    assert all("ab" * 8 not in str(path) for path in left)
    assert sorted(path.parent.name if path.parent != directory else path.name for path in left) == [
        "server.json",
        "server.lock",
        "staged",
        "staging",
        "status.json",
        "store.sqlite",
    ]


async def test_database_holds_no_time_finer_than_a_day_but_the_boards_epochs(
    tmp_path: Path,
) -> None:
    organisation = make_organisation()
    set_up(tmp_path, organisation)
    async with run_child(tmp_path) as child:
        async with child.public() as client:
            await _visit(client)
        async with child.desks() as client:
            await _visit_as_a_desk(client, organisation)

    rows = list(_rows(tmp_path / "store.sqlite"))
    finer = {
        (table, name) for table, name, value in rows if _is_finer_than_a_day(value, time.time())
    }

    assert {name for _, name in finer} <= EPOCH_COLUMNS
    assert {table for table, _ in finer} <= {"board", "cells"}
    tables = {table for table, _, _ in rows}
    assert {"staged_letters", "staged_chunks", "queued_cells"} <= tables
