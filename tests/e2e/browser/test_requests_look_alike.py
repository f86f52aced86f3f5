"""Programs that look at the pages ask as a real Firefox does: same requests, headers and order.

Firefox asks an onion a little otherwise than this machine, so it asks one, whose name leads here.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from silent_courier.protocol.sizes import KEYRING_LEN_MAX
from silent_courier.tor.browsing import FIREFOX, load_page, load_read
from silent_courier.tor.transport import Transport
from tests.e2e.browser.firefox import open_firefox
from tests.tampering import Passing, tampering
from tests.unit.server.kit import House, open_house

REQUESTS = 9
"""Two pages with style and script each; worker, words, and the keyring."""

ONION = f"{'a' * 55}d.onion"
Asked = list[tuple[str, tuple[tuple[str, str], ...]]]
SYSTEM = re.compile(r"\((X11; Linux x86_64|Windows NT 10\.0; Win64; x64); ")


def _recording(asked: Asked) -> Callable[[Passing], Passing]:
    def record(passing: Passing) -> Passing:
        headers = tuple((name, _comparable(name, value)) for name, value in passing.asked)
        asked.append((passing.path, headers))
        return passing

    return record


def _comparable(name: str, value: str) -> str:
    """What differs by machine and run: the address, and what the browser says of its system."""
    return "" if name == "Host" else SYSTEM.sub("(", value)


async def test_a_visitor_and_a_checking_program_send_the_same_requests(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        browser, program = await _by_firefox(house, tmp_path / "p"), await _by_program(house)

    assert len(program) == REQUESTS
    assert {path for path, _ in program} >= {"/en/", "/en/letterbox", "/v1/keyring"}
    # A browser has several connections, so what it asks at once arrives in any order.
    assert sorted(browser) == sorted(program)
    pages = [path for path, _ in browser if not path.startswith("/static/")]
    assert pages == [path for path, _ in program if not path.startswith("/static/")]


def _address(house: House) -> str:
    assert house.server.portal_listen is not None
    return house.server.portal_listen


async def _by_firefox(house: House, profile: Path) -> Asked:
    asked: Asked = []
    with tampering(_address(house), _recording(asked)) as address:
        async with _leading_to(address) as socks, open_firefox(profile, "safer", socks) as tab:
            assert f"Firefox/{FIREFOX}" in await tab.run("navigator.userAgent")
            await tab.go(f"http://{ONION}/en/")
            await tab.click("a[href='/en/letterbox#write']")
            await tab.wait("location.pathname === '/en/letterbox'")
            for _ in range(100):
                if len(asked) >= REQUESTS:
                    break
                await asyncio.sleep(0.1)
    return asked


@asynccontextmanager
async def _leading_to(address: str) -> AsyncIterator[tuple[str, int]]:
    """A SOCKS port without passwords that leads every name to this address."""
    host, _, port = address.rpartition(":")

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError):
            await reader.readexactly((await reader.readexactly(2))[1])
            writer.write(b"\x05\x00")
            await reader.readexactly(4)
            name = await reader.readexactly((await reader.readexactly(1))[0])
            if await reader.readexactly(2) == b"\x00\x50" and name == ONION.encode():
                writer.write(b"\x05\x00\x00\x01" + bytes(6))
                further = await asyncio.open_connection(host, int(port))
                await asyncio.gather(_pass(reader, further[1]), _pass(further[0], writer))
        writer.close()

    async with await asyncio.start_server(accept, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def _by_program(house: House) -> Asked:
    asked: Asked = []
    async with AsyncExitStack() as stack:
        address = stack.enter_context(tampering(_address(house), _recording(asked)))
        transport = await stack.enter_async_context(
            Transport(f"http://{address}", socks=None, random_bytes=os.urandom)
        )
        await load_page(transport, "/en/", typed=True)
        await load_page(transport, "/en/letterbox", typed=False)
        await load_read(transport, "/v1/keyring", KEYRING_LEN_MAX)
    return asked
