"""Opens a stream through a SOCKS 5 port and says why when it cannot.

Names go to tor as they are, so nothing is looked up on this machine; the user name isolates the
stream from all others. Tor's extended errors become our own.
"""

import asyncio
from collections.abc import Mapping

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

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_VERSION = 5
_BY_USER = 2
_CONNECT = 1
_BY_NAME = 3
_ADDRESS_LEN = {1: 4, 4: 16}
_REASONS: Mapping[int, type[TorError]] = {
    0xF0: OnionDescriptorMissingError,
    0xF1: OnionDescriptorMissingError,
    0xF4: ClientKeyMissingError,
    0xF5: ClientKeyWrongError,
    0xF6: BadOnionAddressError,
}
"""All others (F2, F3 and F7 among them) are OnionUnreachableError."""


async def open_through_socks(socks: SocksAddress, host: str, port: int, user: str) -> Stream:
    """A stream to `host` on circuits of this `user` alone; SocksUnreachableError or why not."""
    stream = await _open_proxy(socks)
    try:
        await _greet(stream, user.encode())
        await _connect(stream, host.encode(), port)
    except BaseException:
        stream[1].close()
        raise
    return stream


async def _open_proxy(socks: SocksAddress) -> Stream:
    try:
        if socks.path is not None:
            return await asyncio.open_unix_connection(socks.path)
        return await asyncio.open_connection(socks.host, socks.port)
    except OSError as error:
        raise SocksUnreachableError from error


async def _greet(stream: Stream, user: bytes) -> None:
    reader, writer = stream
    try:
        writer.write(bytes([_VERSION, 1, _BY_USER]))
        if await reader.readexactly(2) != bytes([_VERSION, _BY_USER]):
            raise SocksUnreachableError
        writer.write(bytes([1, len(user)]) + user + b"\x01x")
        if (await reader.readexactly(2))[1] != 0:
            raise SocksUnreachableError
    except (OSError, asyncio.IncompleteReadError) as error:
        raise SocksUnreachableError from error


async def _connect(stream: Stream, host: bytes, port: int) -> None:
    reader, writer = stream
    try:
        writer.write(bytes([_VERSION, _CONNECT, 0, _BY_NAME, len(host)]) + host)
        writer.write(port.to_bytes(2, "big"))
        _, code, _, kind = await reader.readexactly(4)
        if code != 0:
            raise _REASONS.get(code, OnionUnreachableError)
        length = _ADDRESS_LEN[kind] if kind != _BY_NAME else (await reader.readexactly(1))[0]
        await reader.readexactly(length + 2)
    except (OSError, KeyError, asyncio.IncompleteReadError) as error:
        raise ConnectionLostError from error
