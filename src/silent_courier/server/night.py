"""The work of a night: the day is written anew in random order, and its key destroyed. Spec §12.5.

Each step can be broken off anywhere and done again: nothing that was acknowledged is lost or there
twice, and a key goes only when nothing is left that needs it.
"""

import asyncio
from functools import partial

from sqlalchemy import Connection

from silent_courier.server.draws import Random
from silent_courier.server.purge import Counts, count, purge
from silent_courier.server.store import Store
from silent_courier.storage.server.cells import reseal_queue
from silent_courier.storage.server.order import at_random
from silent_courier.storage.server.staged import is_settled, settle
from silent_courier.storage.staging import SECRET_LEN, Staging, StagingKey


async def do_night(store: Store, random: Random, today: int) -> Counts:
    """Everything that is due; `store.keys.due` is empty afterwards, unless uploads still run."""
    await asyncio.to_thread(store.keys.begin, today, random(SECRET_LEN))
    # What has had its time goes first: when the disk is full, this makes room for the rest.
    await asyncio.to_thread(purge, store.database, store.chunks, random, today)
    due = store.keys.due
    # In the writer's thread, where nobody has to wait for a lock.
    await store.stage(partial(_write_anew, due=due))
    for key in due:
        await asyncio.to_thread(store.chunks.settle, key, at_random(random))
    await asyncio.to_thread(store.database.checkpoint)
    await asyncio.to_thread(_destroy_keys, store, due)
    return await store.read(count)


def _write_anew(connection: Connection, staging: Staging, due: tuple[StagingKey, ...]) -> None:
    settle(connection, due, at_random(staging.random))
    reseal_queue(connection, staging)


def _destroy_keys(store: Store, due: tuple[StagingKey, ...]) -> None:
    for key in due:
        # Nobody can begin to use it any more; once nobody does, nothing more comes under it.
        if store.keys.is_in_use(key):
            continue
        with store.database.read() as connection:
            settled = is_settled(connection, key)
        if settled and not store.chunks.has_staged(key):
            store.keys.destroy(key)
