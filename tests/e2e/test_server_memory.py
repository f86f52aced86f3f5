"""Large uploads go to the disk: the server's memory does not grow with them."""

import asyncio
import os
from pathlib import Path

from silent_courier.protocol.sizes import MIB, SEALED_CHUNK_LEN
from tests.e2e.server_child import Child, run_child
from tests.unit.server.kit import make_organisation, set_up

STREAMS = 8
CHUNKS_EACH = 25


def _peak_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise AssertionError


async def _upload(child: Child, stream: int) -> None:
    chunk = os.urandom(SEALED_CHUNK_LEN)
    async with child.public() as client:
        ticket = await client.ticket()
        for n in range(CHUNKS_EACH):
            path = f"/v1/chunks/{stream:032x}{n:032x}"
            answer = await client.request("PUT", path, chunk, token=ticket)
            assert answer.status == 204


async def test_memory_stays_bounded_while_chunks_come_in(tmp_path: Path) -> None:
    set_up(tmp_path, make_organisation())
    async with run_child(tmp_path) as child:
        before = _peak_mib(child.pid)
        await asyncio.gather(*(_upload(child, stream) for stream in range(STREAMS)))
        peak = _peak_mib(child.pid)

    uploaded = STREAMS * CHUNKS_EACH * SEALED_CHUNK_LEN / MIB
    assert uploaded > 200 - 1
    assert peak < 150
    assert peak - before < 30
