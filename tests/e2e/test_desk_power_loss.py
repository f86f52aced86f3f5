"""A tag number is used once, also when the power fails between reserving it and sealing under it.

What was reserved has to be on the disk before a cell is sealed: else the next program gives the
same number again, and the board shows that two cells belong together.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from silent_courier.protocol.sizes import TAGS_PER_WEEK
from silent_courier.protocol.thread import ThreadKey
from silent_courier.storage.vault import database, open_vault, tags
from tests.e2e.power_loss import STRACE, Disk
from tests.unit.storage.vault.kit import PASSPHRASE, SOURCE, new_vault

ROOT = Path(__file__).parents[2]
KEY = ThreadKey(b"K" * 32, 1, 5)
RESERVED = b"reserved"
TIMES, EACH = 4, 3


def reserve_and_say_so(directory: Path, *, careless: bool) -> None:
    """What the traced program does."""
    if careless:
        vars(database)["_PRAGMAS"] = (*database._PRAGMAS, "PRAGMA synchronous = OFF")
    with open_vault(directory, PASSPHRASE) as vault:
        for _ in range(TIMES):
            tags.reserve(vault, SOURCE, KEY, EACH)
            os.write(1, RESERVED)
        os._exit(0)


@pytest.mark.parametrize("careless", [False, True])
def test_no_number_is_given_twice_after_a_power_loss(tmp_path: Path, careless: bool) -> None:
    directory, trace = tmp_path / "vault", tmp_path / "trace"
    new_vault(directory).close()
    disk = Disk(directory)
    program = (sys.executable, "-m", "tests.e2e.test_desk_power_loss", str(directory))
    more = ("careless",) if careless else ()
    done = subprocess.run(
        (*STRACE, str(trace), *program, *more), cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    assert done.stdout == RESERVED * TIMES

    given = []
    for number, image in enumerate(disk.replay(trace.read_text(), RESERVED), 1):
        place = tmp_path / f"after {number}"
        image.write(place)
        with open_vault(place, PASSPHRASE) as vault:
            given.append(TAGS_PER_WEEK - tags.left(vault, SOURCE, KEY))
    everything = [EACH * number for number in range(1, TIMES + 1)]
    assert (given == everything) is not careless
    assert len(given) == TIMES


if __name__ == "__main__":
    reserve_and_say_so(Path(sys.argv[1]), careless="careless" in sys.argv)
