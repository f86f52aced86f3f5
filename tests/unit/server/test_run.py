"""A server as a whole: it starts whole or not at all, mends itself, and stops clean."""

import asyncio
import os
import shutil
import socket
from pathlib import Path

import pytest

from silent_courier.protocol.board_format import parse_board
from silent_courier.protocol.errors import (
    NotAServerError,
    PortInUseError,
    ServerRunningError,
    StoreDamagedError,
    TorMissingError,
)
from silent_courier.protocol.keyring import parse_keyring
from silent_courier.server.config import Places
from silent_courier.server.listener import address_of
from silent_courier.server.run import RunningServer
from silent_courier.server.setup import init_server, load_charter
from silent_courier.server.status import read_status
from tests.unit.server.kit import (
    LETTER_LEN,
    QUICK,
    Client,
    Clock,
    make_organisation,
    make_server,
    open_house,
    set_up,
)
from tests.unit.server.serving import until


async def test_server_starts_and_stops_and_starts_again(tmp_path: Path) -> None:
    set_up(tmp_path, make_organisation())
    server = make_server(tmp_path, Clock())
    boards = []
    for _ in range(2):
        await server.start()
        assert read_status(tmp_path).running
        assert server.portal_listen is not None
        assert server.portal_url == f"http://{server.portal_listen}"
        async with Client(server.portal_listen) as client:
            boards.append((await client.request("GET", "/v1/board")).body)
        await server.stop()
        assert not read_status(tmp_path).running

    assert boards[0] == boards[1]


async def test_letters_and_queued_cells_survive_a_restart(tmp_path: Path) -> None:
    async with open_house(tmp_path / "server") as house:
        await house.ask_desk("POST", "/v1/letters", os.urandom(LETTER_LEN))
        cell = os.urandom(1024)
        await house.ask_desk("POST", "/v1/cells", cell)
        house.clock.turn(hours=5)
        organisation, clock = house.organisation, house.clock

    async with open_house(tmp_path / "server", organisation, clock=clock) as house:
        assert len((await house.ask_desk("GET", "/v1/days")).body) == 8
        board = parse_board((await house.ask_public("GET", "/v1/board")).body)
        assert cell in board.cells.values()
        assert board.epoch == int(clock() // 3600)


async def test_tickets_do_not_survive_a_restart(tmp_path: Path) -> None:
    async with open_house(tmp_path / "server") as house:
        async with house.public() as client:
            ticket = await client.ticket()
        organisation = house.organisation

    async with open_house(tmp_path / "server", organisation) as house:
        response = await house.ask_public("POST", "/v1/letters", bytes(LETTER_LEN), token=ticket)
        assert response.status == 401


async def test_second_server_on_a_directory_is_refused(tmp_path: Path) -> None:
    async with open_house(tmp_path / "server") as house:
        with pytest.raises(ServerRunningError):
            await make_server(house.directory, house.clock).start()

        assert (await house.ask_public("GET", "/v1/keyring")).status == 200


async def test_port_in_use_is_said_and_everything_let_go(tmp_path: Path) -> None:
    set_up(tmp_path, make_organisation())
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        server = RunningServer(
            tmp_path,
            clock=Clock(),
            random=os.urandom,
            listen="127.0.0.1:0",
            desk_listen=address_of(other),
        )
        with pytest.raises(PortInUseError):
            await server.start()

    assert not read_status(tmp_path).running
    async with make_server(tmp_path, Clock()) as again:
        assert again.status.running


async def test_directory_without_a_server_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAServerError):
        await make_server(tmp_path, Clock()).start()


async def test_damaged_database_is_said(tmp_path: Path) -> None:
    set_up(tmp_path, make_organisation())
    Places(tmp_path).store.write_bytes(b"not a database" * 1000)

    with pytest.raises(StoreDamagedError):
        await make_server(tmp_path, Clock()).start()

    assert not read_status(tmp_path).running


async def test_missing_tor_is_said(short_path: Path) -> None:
    directory = short_path / "server"
    init_server(directory, random=os.urandom)
    server = RunningServer(
        directory, clock=Clock(), random=os.urandom, limits=QUICK, tor="/nonexistent/tor"
    )

    with pytest.raises(TorMissingError):
        await server.start()

    assert not read_status(directory).running
    assert list((directory / "run").iterdir()) == []


async def test_server_with_onions_can_run_without_tor_where_it_is_told_to_listen(
    tmp_path: Path,
) -> None:
    directory = tmp_path / "server"
    init_server(directory, random=os.urandom)
    server = RunningServer(directory, clock=Clock(), random=os.urandom, use_tor=False)
    with pytest.raises(ValueError, match="where to listen"):
        await server.start()

    server = RunningServer(
        directory,
        clock=Clock(),
        random=os.urandom,
        use_tor=False,
        listen="127.0.0.1:0",
        desk_listen="127.0.0.1:0",
    )
    async with server:
        assert server.portal_socket is None
        await server.wait_published(0)
        names = [p.stem for p in (directory / "onion" / "desk" / "authorized_clients").iterdir()]
        assert names == ["nobody"]


async def test_desks_are_let_in_later_when_the_list_could_not_be_written(short_path: Path) -> None:
    """Nobody who left must stay in because the disk was full when the charter came."""
    directory = short_path / "server"
    organisation = make_organisation()
    init_server(directory, random=os.urandom)
    load_charter(directory, organisation.chain, organisation.access)
    clients = Places(directory).desk_onion / "authorized_clients"
    server = RunningServer(
        directory,
        clock=Clock(),
        random=os.urandom,
        use_tor=False,
        listen="127.0.0.1:0",
        desk_listen="127.0.0.1:0",
    )
    async with server:
        shutil.rmtree(clients)
        clients.write_text("in the way")
        following = organisation.next()
        load_charter(directory, following.chain, following.access)
        await server.tick()
        assert server.status.store_failing
        assert server.status.serial == 2

        clients.unlink()
        await server.tick()

        assert not server.status.store_failing
        assert len(list(clients.iterdir())) == 2


async def test_charter_loaded_while_it_runs_is_noticed_within_two_seconds(tmp_path: Path) -> None:
    async with open_house(tmp_path / "server") as house:
        following = house.organisation.next()
        await asyncio.to_thread(load_charter, house.directory, following.chain, following.access)

        await until(lambda: read_status(house.directory).serial == 2, 2)

        keyring = parse_keyring((await house.ask_public("GET", "/v1/keyring")).body)
        assert keyring.charters[-1] == following.files[-1]


async def test_new_day_and_new_epoch_come_by_themselves(tmp_path: Path) -> None:
    async with open_house(tmp_path / "server") as house:
        before = parse_board((await house.ask_public("GET", "/v1/board")).body)
        house.clock.turn(days=1)

        # Written last of all: when it is there, everything else is.
        await until(lambda: read_status(house.directory).epoch == before.epoch + 24)

        keyring = parse_keyring((await house.ask_public("GET", "/v1/keyring")).body)
        assert keyring.day == house.clock.day


async def test_what_has_had_its_time_is_gone_and_not_a_day_before_the_earliest(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path / "server") as house:
        await house.ask_desk("POST", "/v1/letters", os.urandom(LETTER_LEN))
        house.clock.turn(days=29)
        await house.server.tick()
        assert len((await house.ask_desk("GET", "/v1/days")).body) == 8

        house.clock.turn(days=15)
        await house.server.tick()
        assert (await house.ask_desk("GET", "/v1/days")).body == b""


async def test_letters_are_counted_once_a_day_alone(tmp_path: Path) -> None:
    async with open_house(tmp_path / "server") as house:
        path = Places(house.directory).status
        before = path.read_bytes()
        await house.ask_desk("POST", "/v1/letters", os.urandom(LETTER_LEN))
        await house.server.tick()
        assert path.read_bytes() == before

        house.clock.turn(days=1)
        await house.server.tick()
        assert read_status(house.directory).letters == 1


async def test_waiting_ends_when_it_is_cancelled_and_the_server_goes_on(tmp_path: Path) -> None:
    async with open_house(tmp_path / "server") as house:
        waiting = asyncio.create_task(house.server.wait())
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

        assert (await house.ask_public("GET", "/v1/keyring")).status == 200
