"""Ready-made bytes: the same for all, new exactly when something in them changed."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from silent_courier.protocol.board_format import parse_board
from silent_courier.protocol.errors import DayKeyTakenError, RequestRefusedError
from silent_courier.protocol.keyring import Keyring, parse_keyring
from silent_courier.protocol.statements import SignOfLife, Statements, sign_statement
from silent_courier.server.config import Places
from silent_courier.server.publisher import Publisher
from silent_courier.server.setup import init_server, load_charter
from silent_courier.server.store import Store
from silent_courier.storage.chunks import DiskChunks
from silent_courier.storage.server.database import Database
from silent_courier.storage.staging import StagingKeys
from tests.unit.server.kit import Clock, Organisation, day_statement, make_organisation


@dataclass(frozen=True, slots=True)
class Press:
    """A publisher with what it looks at."""

    publisher: Publisher
    clock: Clock
    directory: Path

    def load(self, organisation: Organisation) -> None:
        load_charter(self.directory, organisation.chain, organisation.access)

    def keyring(self) -> Keyring:
        return parse_keyring(self.publisher.keyring)


@asynccontextmanager
async def _open(tmp_path: Path) -> AsyncIterator[Press]:
    init_server(tmp_path, random=os.urandom, portal="127.0.0.1:1", desk="127.0.0.1:2")
    places = Places(tmp_path)
    keys = StagingKeys(places.staging)
    chunks = DiskChunks(places.chunks, keys, os.urandom)
    store = Store(Database(places.store), chunks, keys, os.urandom)
    clock = Clock()
    try:
        yield Press(Publisher(store, clock, os.urandom), clock, tmp_path)
    finally:
        await store.close()


async def test_before_the_first_charter_there_is_nothing(tmp_path: Path) -> None:
    async with _open(tmp_path) as press:
        assert not await press.publisher.look()

        for ask in ("keyring", "board", "standing"):
            with pytest.raises(RequestRefusedError) as caught:
                getattr(press.publisher, ask)
            assert caught.value.status == 503


async def test_charter_is_noticed_once(tmp_path: Path) -> None:
    async with _open(tmp_path) as press:
        organisation = make_organisation()
        press.load(organisation)

        assert await press.publisher.look()
        assert not await press.publisher.look()
        assert press.keyring() == Keyring(press.clock.day, organisation.files, Statements())

        press.load(following := organisation.next())
        assert await press.publisher.look()
        assert press.keyring().charters == (organisation.files[0], following.files[-1])


async def test_new_access_list_for_the_same_charter_is_noticed(tmp_path: Path) -> None:
    async with _open(tmp_path) as press:
        organisation = make_organisation()
        press.load(organisation)
        await press.publisher.look()

        press.load(organisation.signed_anew())

        assert await press.publisher.look()


async def test_statements_are_in_the_keyring_of_their_day(tmp_path: Path) -> None:
    async with _open(tmp_path) as press:
        organisation = make_organisation()
        desk = organisation.desks[0]
        press.load(organisation)
        await press.publisher.look()
        today, tomorrow = (
            day_statement(organisation, desk, press.clock.day + ahead) for ahead in (0, 1)
        )
        sign = sign_statement(
            SignOfLife(desk.key.device, press.clock.day), organisation.charter, desk.key
        )

        await press.publisher.state(Statements((today, tomorrow), (sign,)))
        assert press.keyring().statements == Statements((today,), (sign,))

        press.clock.turn(days=1)
        await press.publisher.look()
        assert press.keyring() == Keyring(
            press.clock.day, organisation.files, Statements((tomorrow,), (sign,))
        )


async def test_statements_end_with_their_charter(tmp_path: Path) -> None:
    async with _open(tmp_path) as press:
        organisation = make_organisation()
        press.load(organisation)
        await press.publisher.look()
        statement = day_statement(organisation, organisation.desks[0], press.clock.day)
        await press.publisher.state(Statements((statement,)))

        press.load(organisation.next())
        await press.publisher.look()

        assert press.keyring().statements == Statements()


async def test_second_key_for_a_day_leaves_the_keyring_as_it_was(tmp_path: Path) -> None:
    async with _open(tmp_path) as press:
        organisation = make_organisation()
        desk = organisation.desks[0]
        press.load(organisation)
        await press.publisher.look()
        first, second = (day_statement(organisation, desk, press.clock.day) for _ in range(2))
        await press.publisher.state(Statements((first,)))

        with pytest.raises(DayKeyTakenError):
            await press.publisher.state(Statements((second,)))

        assert press.keyring().statements.day_statements == (first,)


async def test_nothing_is_made_again_without_need(tmp_path: Path) -> None:
    async with _open(tmp_path) as press:
        press.load(make_organisation())
        await press.publisher.look()
        keyring, board = press.publisher.keyring, press.publisher.board
        press.clock.turn(seconds=1799)

        await press.publisher.look()

        assert press.publisher.keyring is keyring
        assert press.publisher.board is board


async def test_board_is_that_of_the_epoch(tmp_path: Path) -> None:
    async with _open(tmp_path) as press:
        press.load(make_organisation())
        await press.publisher.look()
        first = parse_board(press.publisher.board)

        press.clock.turn(hours=1)
        await press.publisher.look()

        second = parse_board(press.publisher.board)
        assert second.epoch == first.epoch + 1 == press.publisher.epoch
        assert len(second.cells.keys() - first.cells.keys()) == 2
