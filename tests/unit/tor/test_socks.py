"""The SOCKS handshake: what a tor may answer, and what that means here."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from silent_courier.protocol.errors import (
    BadOnionAddressError,
    ClientKeyMissingError,
    ClientKeyWrongError,
    ConnectionLostError,
    OnionDescriptorMissingError,
    OnionUnreachableError,
    SocksUnreachableError,
    TorError,
)
from silent_courier.tor.address import SocksAddress
from silent_courier.tor.socks import open_through_socks

GREETED = b"\x05\x02\x01\x00"


@asynccontextmanager
async def answering(path: Path, answer: bytes) -> AsyncIterator[list[bytes]]:
    """A SOCKS port that says this, byte by byte, whatever it hears, and hangs up."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in answer:
            writer.write(bytes([byte]))
            await asyncio.sleep(0)
        writer.write_eof()
        heard.append(await reader.read())
        writer.close()

    server = await asyncio.start_unix_server(serve, path)
    yield heard
    server.close()
    await asyncio.sleep(0.01)


async def attempt(path: Path) -> bytes:
    reader, writer = await open_through_socks(SocksAddress(path=path), "x.onion", 80, "user")
    try:
        return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize(
    "bound",
    [
        b"\x01" + bytes(6),
        b"\x04" + bytes(18),
        b"\x03\x05a.bcd" + bytes(2),
    ],
)
async def test_the_stream_begins_after_the_bound_address(short_path: Path, bound: bytes) -> None:
    async with answering(short_path / "s", GREETED + b"\x05\x00\x00" + bound + b"hello"):
        assert await attempt(short_path / "s") == b"hello"


async def test_the_name_is_left_to_tor_and_the_user_isolates(short_path: Path) -> None:
    async with answering(short_path / "s", GREETED + b"\x05\x00\x00\x01" + bytes(6)) as heard:
        await attempt(short_path / "s")
    assert heard == [b"\x05\x01\x02\x01\x04user\x01x\x05\x01\x00\x03\x07x.onion\x00\x50"]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (0xF0, OnionDescriptorMissingError),
        (0xF1, OnionDescriptorMissingError),
        (0xF2, OnionUnreachableError),
        (0xF3, OnionUnreachableError),
        (0xF4, ClientKeyMissingError),
        (0xF5, ClientKeyWrongError),
        (0xF6, BadOnionAddressError),
        (0xF7, OnionUnreachableError),
        (0x01, OnionUnreachableError),
        (0x04, OnionUnreachableError),
        (0xEE, OnionUnreachableError),
    ],
)
async def test_each_refusal_has_its_own_error(
    short_path: Path, code: int, error: type[TorError]
) -> None:
    async with answering(short_path / "s", GREETED + bytes([5, code, 0, 1]) + bytes(6)):
        with pytest.raises(error):
            await attempt(short_path / "s")


@pytest.mark.parametrize(
    "answer",
    [b"", b"\x05", b"\x05\xff", b"\x05\x00", b"HTTP/1.1 400", GREETED[:3], b"\x05\x02\x01\x01"],
)
async def test_what_is_no_socks_port_with_users_is_refused(short_path: Path, answer: bytes) -> None:
    async with answering(short_path / "s", answer):
        with pytest.raises(SocksUnreachableError):
            await attempt(short_path / "s")


@pytest.mark.parametrize("answer", [b"", b"\x05\x00", b"\x05\x00\x00\x01\x00", b"\x05\x00\x00\x09"])
async def test_an_answer_that_breaks_off_is_a_lost_connection(
    short_path: Path, answer: bytes
) -> None:
    async with answering(short_path / "s", GREETED + answer):
        with pytest.raises(ConnectionLostError):
            await attempt(short_path / "s")


async def test_nobody_at_the_address_is_said_so(short_path: Path) -> None:
    with pytest.raises(SocksUnreachableError):
        await attempt(short_path / "none")
    with pytest.raises(SocksUnreachableError):
        await open_through_socks(SocksAddress("127.0.0.1", 1), "x.onion", 80, "user")
