"""The baseline of a server: asyncio and h11, one constant answer, no framework, no checks.

Arguments: the unix socket to listen at, a file with the answer's body.
"""

import asyncio
import sys
from pathlib import Path

import h11

from bench.programs import tell, wait_for_word

_READ_LEN = 64 * 1024


class BareProtocol(asyncio.Protocol):
    """One connection, with h11 between the bytes and the answer."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._headers = [
            ("Content-Type", "application/octet-stream"),
            ("Content-Length", str(len(body))),
        ]
        self._http = h11.Connection(h11.SERVER)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._http.receive_data(data)
        while (event := self._http.next_event()) is not h11.NEED_DATA:
            if isinstance(event, h11.EndOfMessage):
                self._answer()
                self._http.start_next_cycle()
            elif isinstance(event, h11.ConnectionClosed):
                return

    def _answer(self) -> None:
        events = (
            h11.Response(status_code=200, headers=self._headers),
            h11.Data(self._body),
            h11.EndOfMessage(),
        )
        for event in events:
            self._transport.write(self._http.send(event) or b"")


async def main(path: Path, body: bytes) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_unix_server(lambda: BareProtocol(body), path)
    tell(portal=str(path))
    await asyncio.to_thread(wait_for_word)
    server.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes()))
