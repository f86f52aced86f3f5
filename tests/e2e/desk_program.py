"""A desk in a process of its own, to be killed: answers what is there, syncs, says so.

Arguments: the vault's directory, the server's address, the time.
"""

import asyncio
import secrets
import sys
from pathlib import Path

from silent_courier.desk import Desk, list_threads, read_thread, reply, sync
from silent_courier.storage.vault import open_vault
from silent_courier.tor.transport import Transport
from tests.e2e.due import let_be_due
from tests.e2e.house import PASSPHRASE


def answer_all(desk: Desk) -> None:
    """Answer every thread that has no answer yet."""
    for row in list_threads(desk):
        if not any(entry.kind == "reply" for entry in read_thread(desk, row.thread)):
            reply(desk, row.thread, f"ответ на {row.preview}", "ru")


async def main(directory: Path, url: str, now: float) -> None:
    """Until it ends or is killed."""
    with open_vault(directory, PASSPHRASE) as vault:
        desk = Desk(vault, lambda: now, secrets.token_bytes)
        print("begun", flush=True)
        async with Transport(url, socks=None, random_bytes=secrets.token_bytes) as transport:
            await sync(desk, transport)
            answer_all(desk)
            let_be_due(desk)
            await sync(desk, transport)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])))
