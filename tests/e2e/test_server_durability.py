"""What was acknowledged is on the disk: the syncs are seen to end before the answer leaves.

Killing a process shows little, since the kernel keeps what it wrote; so the system calls of a
running server are traced, and from them a disk is made that holds what was synced alone, as after a
power loss. A server that syncs nothing has to fail the same checks.
"""

import os
import re
import secrets
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from silent_courier.protocol.sizes import CELL_LEN, SEALED_CHUNK_LEN
from silent_courier.server.run import RunningServer
from tests.e2e.power_loss import STRACE, Disk
from tests.e2e.server_child import LIMITS, Child, run_child
from tests.unit.server.kit import LETTER_LEN, Client, make_organisation, set_up

CHUNK = "ab" * 32
_LINE = re.compile(r"^(?P<pid>\d+) +(?P<rest>.*)$")
_SYNC = re.compile(r"^f(?:data)?sync\((?P<what>\d+<[^>]*>)(?P<end>.*)$")
_ENDED = re.compile(r"^<\.\.\. f(?:data)?sync resumed>\) += 0$")
_LINK = re.compile(r"^link(?:at)?\(")


@dataclass(frozen=True, slots=True)
class Step:
    """Something that mattered: a sync that ended, a link made, a request read, an answer sent."""

    kind: str
    what: str = ""


def read_trace(text: str) -> list[Step]:
    """The steps of a trace, in the order in which they were over (an answer: begun)."""
    steps: list[Step] = []
    syncing: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        pid, rest = match["pid"], match["rest"]
        if sync := _SYNC.match(rest):
            if sync["end"].startswith(") ") and sync["end"].endswith("= 0"):
                steps.append(Step("sync", sync["what"]))
            else:
                syncing[pid] = sync["what"]
        elif _ENDED.match(rest):
            steps.append(Step("sync", syncing.pop(pid)))
        elif _LINK.match(rest):
            steps.append(Step("link", rest))
        elif "HTTP/1.1 204" in rest:
            steps.append(Step("answer"))
        elif "POST /v1/letters" in rest or "PUT /v1/chunks" in rest:
            steps.append(Step("request"))
    return steps


def is_durable(steps: Sequence[Step], *wanted: tuple[str, str]) -> bool:
    """Whether these came in this order between the last request and its answer."""
    begin = max(n for n, step in enumerate(steps) if step.kind == "request")
    end = next(n for n, step in enumerate(steps) if n > begin and step.kind == "answer")
    between = iter(steps[begin:end])
    return all(
        any(step.kind == kind and part in step.what for step in between) for kind, part in wanted
    )


async def _trace(directory: Path, arguments: Sequence[str], *, chunk: bool) -> list[Step]:
    organisation = make_organisation()
    set_up(directory, organisation)
    out = directory.with_suffix(".trace")
    calls = "trace=fsync,fdatasync,link,linkat,recvfrom,read,sendto,write"
    before = ("strace", "-f", "-y", "-s", "100", "-e", calls, "-o", str(out))
    async with run_child(directory, before=before, arguments=arguments) as child:
        async with child.public() as client:
            ticket = await client.ticket()
            if chunk:
                data = os.urandom(SEALED_CHUNK_LEN)
                response = await client.request("PUT", f"/v1/chunks/{CHUNK}", data, token=ticket)
            else:
                data = os.urandom(LETTER_LEN)
                response = await client.request("POST", "/v1/letters", data, token=ticket)
        assert response.status == 204
    return read_trace(out.read_text(errors="replace"))


@pytest.mark.parametrize(("arguments", "durable"), [((), True), (("--careless",), False)])
async def test_letter_is_synced_before_it_is_acknowledged(
    tmp_path: Path, arguments: Sequence[str], durable: bool
) -> None:
    steps = await _trace(tmp_path / "server", arguments, chunk=False)

    assert is_durable(steps, ("sync", "store.sqlite-wal")) is durable


@pytest.mark.parametrize(("arguments", "durable"), [((), True), (("--careless",), False)])
async def test_chunk_its_name_and_its_day_are_synced_before_it_is_acknowledged(
    tmp_path: Path, arguments: Sequence[str], durable: bool
) -> None:
    steps = await _trace(tmp_path / "server", arguments, chunk=True)

    wanted = (
        ("sync", "/chunks/incoming/"),
        ("link", "/chunks/staged/"),
        ("sync", "/chunks/staged>"),
        ("sync", "store.sqlite-wal"),
    )
    assert is_durable(steps, *wanted) is durable


@dataclass(slots=True)
class Acknowledged:
    """What got a 204, in order: letters and chunks, and at some place cells that wait."""

    token: bytes
    things: list[tuple[str, bytes]]

    async def hand_in(self, child: Child) -> None:
        async with child.public() as client, child.desks() as desk:
            for kind in ("letter", "chunk", "cells", "letter", "chunk"):
                ticket = await client.ticket()
                data = os.urandom({"letter": LETTER_LEN, "chunk": SEALED_CHUNK_LEN}.get(kind, 3072))
                if kind == "letter":
                    answer = await client.request("POST", "/v1/letters", data, token=ticket)
                elif kind == "chunk":
                    name = sha256(data).hexdigest()
                    answer = await client.request("PUT", f"/v1/chunks/{name}", data, token=ticket)
                else:
                    answer = await desk.request("POST", "/v1/cells", data, token=self.token)
                assert answer.status == 204
                self.things.append((kind, data))

    async def missing(self, directory: Path, count: int) -> int:
        """How many of the first so many a server on this disk does not have, whole."""
        found = 0
        async with (
            RunningServer(
                directory,
                clock=time.time,
                random=secrets.token_bytes,
                listen="127.0.0.1:0",
                desk_listen="127.0.0.1:0",
                limits=LIMITS,
            ) as server,
            Client(server.desk_listen or "") as client,
        ):
            for kind, data in self.things[:count]:
                found += await self._is_there(client, kind, data)
        return count - found

    async def _is_there(self, client: Client, kind: str, data: bytes) -> bool:
        digest = sha256(data).digest()
        if kind == "letter":
            read = await client.request("POST", "/v1/letters/read", digest, token=self.token)
            return read.body[4:] == data
        if kind == "chunk":
            path = f"/v1/chunks/{digest.hex()}"
            return (await client.request("GET", path, token=self.token)).body == data
        status = (await client.request("GET", "/v1/status", token=self.token)).body
        return b'"queued_cells":%d,' % (len(data) // CELL_LEN) in status


@pytest.mark.parametrize(("arguments", "lost"), [((), False), (("--careless",), True)])
async def test_what_was_acknowledged_outlives_a_power_loss_at_that_moment(
    tmp_path: Path, arguments: Sequence[str], lost: bool
) -> None:
    organisation = make_organisation()
    directory, out = tmp_path / "server", tmp_path / "trace"
    set_up(directory, organisation)
    disk = Disk(directory)
    given = Acknowledged(organisation.desks[0].token, [])
    async with run_child(directory, before=(*STRACE, str(out)), arguments=arguments) as child:
        await given.hand_in(child)
        await child.end(signal.SIGKILL)

    images = list(disk.replay(out.read_text()))
    assert len(images) == len(given.things)
    for number, image in enumerate(images, 1):
        place = tmp_path / f"after {number}"
        image.write(place)
        assert await given.missing(place, number) == (number if lost else 0)
