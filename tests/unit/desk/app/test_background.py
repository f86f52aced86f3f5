import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from silent_courier.desk import Desk, Progress
from silent_courier.desk.app.background import FAULT, Background
from silent_courier.protocol.errors import VaultFullError
from silent_courier.storage.vault import beats
from silent_courier.storage.vault.beats import LastBeat
from silent_courier.tor.address import SocksAddress
from silent_courier.tor.onion import make_onion_key
from silent_courier.tor.transport import Transport
from tests.servers import Seen
from tests.unit.desk.app.kit import connect_by, until
from tests.unit.desk.kit import Clock, SmallServer, hang_up, seal
from tests.unit.protocol.makers import Organisation, letter_payload


async def test_it_syncs_at_once_then_when_asked(
    desk: Desk, server: SmallServer, transport: Transport, clock: Clock, org: Organisation
) -> None:
    background = Background(connect_by(transport), clock, 3600)
    background.start(desk)
    await until(lambda: background.rounds == 1)
    await until(lambda: background.status.next)
    assert background.status.next == clock.now + 3600
    assert not background.status.running

    server.put(seal(org, letter_payload(org)))
    background.ask()
    await until(lambda: background.rounds == 2)
    assert background.status.report is not None
    assert background.status.report.letters == 1
    await background.stop()
    assert background.status.report is None


async def test_trouble_is_a_sentence_and_the_next_sync_repairs_it(
    desk: Desk, server: SmallServer, transport: Transport, clock: Clock
) -> None:
    server.overrides["/v1/keyring"] = hang_up
    background = Background(connect_by(transport), clock, 3600)
    background.start(desk)
    await until(lambda: background.status.problem)
    assert background.status.problem.endswith(".")
    assert background.status.remedy.endswith(".")
    assert not background.status.running

    del server.overrides["/v1/keyring"]
    background.ask()
    await until(lambda: background.status.finished)
    assert background.status.problem == ""
    await background.stop()


async def test_without_a_tor_the_next_sync_makes_the_way_anew(
    desk: Desk, transport: Transport, clock: Clock
) -> None:
    gone, ways = SocksAddress(path=desk.vault.directory / "no.sock"), list[str]()

    @asynccontextmanager
    async def connect(_: Desk, __: Progress) -> AsyncIterator[Transport]:
        ways.append("way")
        if len(ways) > 1:
            yield transport
            return
        onion = make_onion_key(bytes(32)).address
        async with Transport(onion, socks=gone, random_bytes=desk.random, attempts=1) as lost:
            yield lost

    background = Background(connect, clock, 3600)
    background.start(desk)
    await until(lambda: background.status.problem)
    assert "starts Tor again" in background.status.remedy
    background.ask()
    await until(lambda: background.status.finished)
    assert len(ways) == 2
    await background.stop()


async def test_a_disk_too_full_for_tor_is_told_as_one(desk: Desk, clock: Clock) -> None:
    @asynccontextmanager
    async def connect(_: Desk, __: Progress) -> AsyncIterator[Transport]:
        raise OSError(errno.ENOSPC, "No space left on device")
        yield

    background = Background(connect, clock, 3600)
    background.start(desk)
    await until(lambda: background.status.problem)
    assert background.status.problem == VaultFullError.sentence
    assert "Make room" in background.status.remedy
    await background.stop()


async def test_a_fault_of_ours_is_told_and_ends_nothing(
    desk: Desk, transport: Transport, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    background = Background(connect_by(transport), clock, 3600)
    with monkeypatch.context() as broken:
        broken.setattr(desk.vault, "row", lambda *_: 1 / 0)
        background.start(desk)
        await until(lambda: background.status.problem)
    assert background.status.problem == FAULT
    background.ask()
    await until(lambda: background.status.finished)
    await background.stop()


async def test_a_sync_can_be_stopped_and_the_next_goes_on(
    desk: Desk, server: SmallServer, transport: Transport, clock: Clock
) -> None:
    reached = asyncio.Event()

    def stall(_: Seen) -> None:
        reached.set()

    server.overrides["/v1/days"] = stall
    background = Background(connect_by(transport), clock, 3600)
    background.start(desk)
    await asyncio.wait_for(reached.wait(), 10)
    await background.interrupt()
    assert background.status.stopped
    assert not background.status.running

    del server.overrides["/v1/days"]
    background.ask()
    await until(lambda: background.status.finished)
    assert not background.status.stopped
    await background.stop()


async def test_letters_are_shown_while_the_rest_of_a_sync_goes_on(
    desk: Desk, server: SmallServer, transport: Transport, clock: Clock, org: Organisation
) -> None:
    reached = asyncio.Event()

    def stall(_: Seen) -> None:
        reached.set()

    beats.set_last(desk.vault, LastBeat(slot=0))
    server.put(seal(org, letter_payload(org)))
    server.overrides["/v1/letters"] = stall
    background = Background(connect_by(transport), clock, 3600)
    background.start(desk)
    await asyncio.wait_for(reached.wait(), 10)
    assert (background.rounds, background.looks) == (0, 1)
    await background.stop()


async def test_stopping_what_does_not_run_does_nothing(clock: Clock, transport: Transport) -> None:
    background = Background(connect_by(transport), clock, 1)
    await background.interrupt()
    await background.stop()
    assert not background.status.stopped
