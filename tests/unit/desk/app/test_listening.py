import asyncio
import socket

import pytest

from silent_courier.desk.app.listening import bind
from silent_courier.protocol.errors import PortInUseError
from tests.unit.desk.app.kit import Visitor


async def test_only_this_machine_is_listened_to(visitor: Visitor) -> None:
    listener = visitor.app._listener
    assert listener.host.startswith("127.0.0.1:")
    with socket.socket() as elsewhere, pytest.raises(OSError, match="refused"):
        elsewhere.connect(("127.0.0.2", int(listener.host.rpartition(":")[2])))


async def test_a_port_in_use_is_told(visitor: Visitor) -> None:
    port = int(visitor.app._listener.host.rpartition(":")[2])
    with pytest.raises(PortInUseError):
        bind(port)


async def test_what_is_not_http_is_turned_away_in_silence(
    visitor: Visitor, capfd: pytest.CaptureFixture[str]
) -> None:
    host, _, port = visitor.app._listener.host.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"\x16\x03\x01 hello\r\n\r\n")
    assert b"400" in await asyncio.wait_for(reader.read(), 5)
    writer.close()
    await visitor.http.get("/")
    assert capfd.readouterr() == ("", "")
