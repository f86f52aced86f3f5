"""A desk that syncs and saves what is attached to a folder.

Arguments: the vault, its passphrase, the server's address for desks, the clock's offset, the
folder. Says when it is ready and when it is done; begins and ends when told.
"""

import asyncio
import secrets
import sys
from pathlib import Path

from bench.programs import tell, wait_for_word
from bench.programs.clock import ShiftedClock
from silent_courier import desk as desks
from silent_courier.desk import Desk
from silent_courier.storage.vault import open_vault
from silent_courier.tor.transport import Transport


async def main(desk: Desk, address: str, folder: Path) -> None:
    tell(ready=True)
    wait_for_word()
    async with Transport(address, socks=None, random_bytes=secrets.token_bytes) as transport:
        await desks.sync(desk, transport)
    saved = [
        file
        for row in desks.list_threads(desk)
        for file in desks.save_attachments(desk, row.thread, folder)
    ]
    tell(saved=[file.path for file in saved])
    wait_for_word()


if __name__ == "__main__":
    directory, passphrase, address, offset, folder = sys.argv[1:]
    with open_vault(Path(directory), passphrase) as vault:
        desk = Desk(vault, ShiftedClock(float(offset)), secrets.token_bytes)
        asyncio.run(main(desk, address, Path(folder)))
