import asyncio
import os
import signal
from pathlib import Path

import click
import pytest

from silent_courier.cli import connection
from silent_courier.cli.connection import (
    Way,
    connected,
    open_line,
    read_torrc,
    read_way,
    run_async,
    run_until_stopped,
)
from silent_courier.cli.output import progress
from silent_courier.protocol.errors import BadOnionAddressError, DirectConnectionRefusedError
from silent_courier.tor.address import SocksAddress
from tests.unit.cli.conftest import World


def test_a_socks_address_is_read() -> None:
    assert read_way("127.0.0.1:9150", None) == Way(SocksAddress("127.0.0.1", 9150))


@pytest.mark.parametrize("text", ["nonsense", "127.0.0.1", "127.0.0.1:0x1", "127.0.0.1:0"])
def test_what_is_no_socks_address_is_an_error_of_usage(text: str) -> None:
    with pytest.raises(click.UsageError):
        read_way(text, None)


def test_comments_and_empty_lines_are_left_out_of_a_tor_config(tmp_path: Path) -> None:
    (tmp_path / "t").write_text("# bridges\n\n  UseBridges 1  \n", encoding="utf-8")
    assert read_torrc(tmp_path / "t") == ("UseBridges 1",)
    assert read_torrc(None) == ()


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("http://192.0.2.1", DirectConnectionRefusedError),
        ("example", DirectConnectionRefusedError),
        ("abc.onion", BadOnionAddressError),
    ],
)
def test_only_onions_and_this_machine_are_connected_to(
    address: str, error: type[Exception]
) -> None:
    async def connect() -> None:
        with progress() as view:
            async with connected(address, Way(), view):
                pass

    with pytest.raises(error):
        asyncio.run(connect())


def test_a_tor_of_a_source_leaves_no_directory_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with connection._passing_directory() as place:
        assert Path(place).parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_a_request_to_end_stops_in_good_order() -> None:
    ended: list[bool] = []

    async def work() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(10)
        finally:
            ended.append(True)

    with pytest.raises(KeyboardInterrupt):
        run_async(work())
    assert ended == [True]


def test_what_runs_until_it_is_stopped_does_not_fail_by_that(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def work() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(10)

    run_until_stopped(work())
    assert capsys.readouterr().err == "Stopped.\n"


def test_what_the_work_gives_is_given_back() -> None:
    async def work() -> int:
        return 7

    assert run_async(work()) == 7


def test_work_on_a_line_is_done_piece_by_piece_over_one_connection(world: World) -> None:
    with open_line(world.server.portal_url, Way()) as line:
        for _ in range(2):
            answer = line.run(line.transport.request("GET", "/v1/tickets", max_len=17))
            assert answer.status == 200
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
