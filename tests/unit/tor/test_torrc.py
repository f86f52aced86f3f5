"""The configuration says what it should, and tor itself takes it."""

import asyncio
from pathlib import Path

import pytest

from silent_courier.protocol.errors import TorPathError
from silent_courier.tor.directory import make_private_directory
from silent_courier.tor.torrc import (
    OnionConfig,
    client_torrc,
    format_torrc,
    node_torrc,
    quote_path,
    quote_socket,
    service_torrc,
)


async def tor_accepts(directory: Path, lines: tuple[str, ...]) -> bool:
    torrc = directory / "torrc"
    torrc.write_text(format_torrc(lines))
    child = await asyncio.create_subprocess_exec(
        *("tor", "--verify-config", "--defaults-torrc", "/dev/null", "-f", str(torrc)),
        stdout=asyncio.subprocess.DEVNULL,
    )
    return await child.wait() == 0


def onions(directory: Path) -> tuple[OnionConfig, OnionConfig]:
    return (
        OnionConfig(directory / "public", directory / "public.sock", public=True),
        OnionConfig(directory / "desk", directory / "desk.sock", public=False),
    )


async def test_tor_takes_the_servers_configuration(short_path: Path) -> None:
    directory = short_path / "a place with spaces, and жé#"
    make_private_directory(directory)
    node = node_torrc(directory, directory / "control.sock", 1)
    assert await tor_accepts(directory, (*node, *service_torrc(onions(directory))))


@pytest.mark.parametrize("tcp", [True, False])
async def test_tor_takes_the_clients_configuration(short_path: Path, tcp: bool) -> None:
    node = node_torrc(short_path, short_path / "control.sock", 1)
    socks = None if tcp else short_path / "socks.sock"
    assert await tor_accepts(short_path, (*node, *client_torrc(socks)))


async def test_tor_refuses_an_option_it_does_not_know(tmp_path: Path) -> None:
    assert not await tor_accepts(tmp_path, ("NoSuchOption 1",))


def test_only_the_public_onion_has_work_to_prove_and_circuit_ids(tmp_path: Path) -> None:
    public, desk = onions(tmp_path)
    special = {"HiddenServicePoWDefensesEnabled 1", "HiddenServiceExportCircuitID haproxy"}
    assert special <= set(service_torrc([public]))
    assert not special & set(service_torrc([desk]))


def test_options_of_an_onion_follow_its_directory(tmp_path: Path) -> None:
    lines = service_torrc(onions(tmp_path))
    starts = [n for n, line in enumerate(lines) if line.startswith("HiddenServiceDir ")]
    assert len(starts) == 2
    assert any("public.sock" in line for line in lines[starts[0] : starts[1]])
    assert any("desk.sock" in line for line in lines[starts[1] :])


def test_nothing_about_visitors_is_logged(tmp_path: Path) -> None:
    node = node_torrc(tmp_path, tmp_path / "control.sock", 1)
    assert [line for line in node if line.startswith("Log ")] == ["Log err stdout"]
    assert "SafeLogging 1" in node


def test_client_isolates_by_socks_user_and_explains_failures() -> None:
    (line,) = [x for x in client_torrc(Path("/s")) if x.startswith("SocksPort ")]
    assert all(f in line for f in ("IsolateSOCKSAuth", "ExtendedErrors", "OnionTrafficOnly"))


@pytest.mark.parametrize("text", ["relative", "/a\nSocksPort 9050", '/a"b', "/a\\b", "/a\0b"])
def test_paths_that_would_say_something_else_are_refused(text: str) -> None:
    with pytest.raises(TorPathError):
        quote_path(Path(text))


def test_socket_paths_longer_than_the_system_allows_are_refused() -> None:
    assert quote_socket(Path("/" + "a" * 106))
    with pytest.raises(TorPathError):
        quote_socket(Path("/" + "a" * 107))
    with pytest.raises(TorPathError):
        quote_socket(Path("/" + "ж" * 54))


def test_a_line_cannot_hold_another_line() -> None:
    with pytest.raises(ValueError, match="printable"):
        format_torrc(["Nickname a\nSocksPort 9050"])
