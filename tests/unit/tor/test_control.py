"""The control protocol against a scripted tor on a unix socket."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from silent_courier.protocol.errors import ControlError
from silent_courier.tor.control import ControlClient, Message, quote, read_message

INFO = b'250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n250-VERSION Tor="0.4.9.11"\r\n250 OK\r\n'
SCRIPT = {"PROTOCOLINFO 1": INFO, "AUTHENTICATE": b"250 OK\r\n"}

Script = dict[str, bytes]


@asynccontextmanager
async def scripted(path: Path, script: Script) -> AsyncIterator[list[str]]:
    """A tor that knows these commands and hangs up on others; yields what it was told."""
    told: list[str] = []
    open_writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_writers.append(writer)
        while line := (await reader.readline()).decode().rstrip("\r\n"):
            told.append(line)
            if line not in script:
                break
            writer.write(script[line])
        writer.close()

    server = await asyncio.start_unix_server(serve, path)
    try:
        yield told
    finally:
        server.close()
        for writer in open_writers:
            writer.close()
        await asyncio.sleep(0)


@asynccontextmanager
async def connected(path: Path, script: Script) -> AsyncIterator[ControlClient]:
    async with scripted(path, SCRIPT | script):
        client = await ControlClient.connect(path)
        try:
            yield client
        finally:
            await client.close()


async def message_of(data: bytes) -> Message:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return await read_message(reader)


async def test_a_reply_of_one_line_is_read() -> None:
    assert await message_of(b"250 OK\r\n") == Message(250, ("OK",))


async def test_a_data_block_is_folded_into_its_line() -> None:
    message = await message_of(b"250+ns/all=\r\nr a\r\n..s b\r\n.\r\n250 OK\r\n")
    assert message.value("ns/all") == "r a\n.s b"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"250",
        b"250 OK",
        b"abc OK\r\n",
        b"250*OK\r\n",
        b"250-a\r\n",
        b"250+a\r\nb\r\n",
        b"\r\n",
    ],
)
async def test_what_is_not_the_protocol_is_refused(data: bytes) -> None:
    with pytest.raises(ControlError):
        await message_of(data)


async def test_a_reply_without_end_is_refused() -> None:
    with pytest.raises(ControlError):
        await message_of(b"250-x\r\n" * 100_001)


async def test_info_is_asked_for_and_given(short_path: Path) -> None:
    script = {"GETINFO version": b"250-version=0.4.9.11\r\n250 OK\r\n"}
    async with connected(short_path / "c", script) as client:
        assert await client.get_info("version") == "0.4.9.11"


async def test_a_refused_command_is_an_error(short_path: Path) -> None:
    async with connected(short_path / "c", {"GETINFO x": b"552 Unrecognized key\r\n"}) as client:
        with pytest.raises(ControlError):
            await client.get_info("x")


async def test_replies_go_to_commands_in_their_order(short_path: Path) -> None:
    script = {f"GETINFO k{n}": f"250-k{n}={n}\r\n250 OK\r\n".encode() for n in range(20)}
    async with connected(short_path / "c", script) as client:
        values = await asyncio.gather(*(client.get_info(f"k{n}") for n in range(20)))
    assert values == [str(n) for n in range(20)]


async def test_a_reply_nobody_waits_for_any_more_is_dropped(short_path: Path) -> None:
    script = {"SLOW": b"", "FAST": b"250 slow\r\n250 fast\r\n"}
    async with connected(short_path / "c", script) as client:
        slow = asyncio.create_task(client.command("SLOW"))
        await asyncio.sleep(0.01)
        slow.cancel()
        assert (await client.command("FAST")).lines == ("fast",)


async def test_events_between_replies_reach_their_handler_alone(short_path: Path) -> None:
    event = b"650 HS_DESC UPLOADED a UNKNOWN b\r\n650-CIRC 1 X\r\n650 CIRC 2 Y\r\n"
    script = {"SETEVENTS HS_DESC": b"250 OK\r\n", "PING": event + b"250 OK\r\n"}
    seen: list[str] = []
    async with connected(short_path / "c", script) as client:
        await client.listen("HS_DESC", seen.append)
        await client.command("PING")
    assert seen == ["UPLOADED a UNKNOWN b"]


async def test_commands_under_way_end_when_tor_dies(short_path: Path) -> None:
    async with connected(short_path / "c", {}) as client:
        with pytest.raises(ControlError):
            await client.command("DIE")
        await client.wait_closed()
        with pytest.raises(ControlError):
            await client.command("PROTOCOLINFO", "1")


async def test_nobody_listening_is_an_error(short_path: Path) -> None:
    with pytest.raises(ControlError):
        await ControlClient.connect(short_path / "none")


async def test_the_cookie_is_shown_where_it_is_wanted(short_path: Path) -> None:
    cookie = short_path / 'a "cookie"'
    cookie.write_bytes(bytes(range(32)))
    name = str(cookie).replace('"', '\\"')
    info = f'250-AUTH METHODS=COOKIE,SAFECOOKIE COOKIEFILE="{name}"\r\n250 OK\r\n'.encode()
    script = {"PROTOCOLINFO 1": info, f"AUTHENTICATE {bytes(range(32)).hex()}": b"250 OK\r\n"}
    async with scripted(short_path / "c", script) as told:
        client = await ControlClient.connect(short_path / "c")
        await client.close()
    assert told[-1].startswith("AUTHENTICATE 0001")


async def test_a_refused_authentication_is_an_error(short_path: Path) -> None:
    script = SCRIPT | {"AUTHENTICATE": b"515 Authentication failed\r\n"}
    async with scripted(short_path / "c", script):
        with pytest.raises(ControlError):
            await ControlClient.connect(short_path / "c")


@pytest.mark.parametrize("words", [("A\r\nSIGNAL HALT",), ("A", "B\n"), ("\0",)])
async def test_a_second_command_cannot_hide_in_the_first(
    short_path: Path, words: tuple[str, ...]
) -> None:
    async with connected(short_path / "c", {}) as client:
        with pytest.raises(ValueError, match="one printable line"):
            await client.command(*words)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("1", "1"), ("", '""'), ("a b", '"a b"'), ('a"b\\', '"a\\"b\\\\"')],
)
def test_values_are_quoted_where_they_must_be(text: str, quoted: str) -> None:
    assert quote(text) == quoted


def test_unprintable_values_are_refused() -> None:
    refuse: Callable[[str], str] = quote
    with pytest.raises(ValueError, match="printable"):
        refuse("a\r\nb")
