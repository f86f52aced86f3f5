"""A key is needed while anything stands under it, of whatever kind."""

import os

from silent_courier.protocol.sizes import CELL_LEN
from silent_courier.storage.server.cells import Posting, queue_cells, reseal_queue
from silent_courier.storage.server.database import Database
from silent_courier.storage.server.letters import NewLetter, count_by_day
from silent_courier.storage.server.order import by_name
from silent_courier.storage.server.staged import is_empty, is_settled, settle
from silent_courier.storage.server.staged_chunks import stage_chunk
from silent_courier.storage.server.staged_letters import stage_letters
from silent_courier.storage.staging import StagingKeys
from tests.unit.storage.kit import DAY, staging_of


def test_key_is_needed_until_letters_notes_and_cells_have_left_it(
    database: Database, keys: StagingKeys
) -> None:
    staging = staging_of(keys)
    with database.write() as connection:
        assert is_settled(connection, staging.key)
        stage_letters(connection, staging, [NewLetter(bytes(32), b"letter", DAY, 40)])
        stage_chunk(connection, staging, bytes(32), 40)
        queue_cells(connection, staging, Posting(0, DAY, [os.urandom(CELL_LEN)], 10))
        assert not is_settled(connection, staging.key)
        assert not is_empty(connection)

        settle(connection, keys.live, by_name)

        assert is_empty(connection)
        assert not is_settled(connection, staging.key)
        keys.begin(DAY + 1, os.urandom(32))
        reseal_queue(connection, staging_of(keys))
        assert is_settled(connection, staging.key)
        assert not is_settled(connection, keys.live[-1])
        assert count_by_day(connection) == [(DAY, 1)]
