"""A sample organisation on disk: a server's directory, joined desks, and a clock they share.

Everything is made by the code that the commands use, but for the passphrases' key derivation,
which is made quick: it is slow on purpose and belongs to no figure.
"""

import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.programs.clock import ShiftedClock
from bench.sample import DAY
from silent_courier import desk as desks
from silent_courier.desk import Desk
from silent_courier.organisation.issue import issue
from silent_courier.organisation.roster import Rhythm, Roster, enrol
from silent_courier.protocol.access import parse_request
from silent_courier.protocol.calendar import SECONDS_PER_DAY
from silent_courier.protocol.chain import encode_chain
from silent_courier.protocol.charter import Charter
from silent_courier.protocol.root import RootKey
from silent_courier.server.setup import init_server, load_charter
from silent_courier.storage.vault import KdfParameters

RESULTS = Path(__file__).parent / "results"
PASSPHRASE = "ten dull green words"
QUICK_KDF = KdfParameters(1, 64, 1)
NOON = DAY * SECONDS_PER_DAY + 43_200.0


@dataclass(frozen=True, slots=True)
class World:
    """An organisation whose server has its charter and whose desks have joined."""

    directory: Path
    server: Path
    charter: Charter
    clock: ShiftedClock
    desks: tuple[Desk, ...]

    @property
    def letter_slots(self) -> int:
        """How many recipients a letter has room for."""
        return self.charter.body.parameters.letter_slots

    def desk_directory(self, number: int) -> Path:
        """A desk's vault."""
        return self.directory / f"desk-{number}"

    def with_a_copy(self, name: str) -> "World":
        """The same with another server, which begins with all that this one, stopped, has."""
        copy = self.directory / name
        shutil.copytree(self.server, copy)
        return replace(self, server=copy)


@contextmanager
def workspace() -> Iterator[Path]:
    """A directory for a while, on the disk of this checkout: in memory an fsync costs nothing."""
    RESULTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tmp-", dir=RESULTS) as name:
        yield Path(name)


@contextmanager
def open_world(*, handlers: int = 5, rhythm: Rhythm | None = None) -> Iterator[World]:
    """Make an organisation at noon of a day, with one desk for each handler."""
    with workspace() as directory, ExitStack() as stack:
        clock = ShiftedClock(NOON - time.monotonic())
        made = [_make_desk(directory / f"desk-{n}", f"H{n}", clock) for n in range(handlers)]
        for desk in made:
            stack.callback(desk.vault.close)
        charter = _found(directory, made, rhythm or Rhythm())
        yield World(directory, directory / "server", charter, clock, tuple(made))


def _make_desk(directory: Path, label: str, clock: ShiftedClock) -> Desk:
    return desks.init(
        directory, PASSPHRASE, label, clock=clock, random=secrets.token_bytes, kdf=QUICK_KDF
    )


def _found(directory: Path, made: Sequence[Desk], rhythm: Rhythm) -> Charter:
    """Onions, roster and charter, handed to the server and to every desk."""
    config = init_server(directory / "server", random=secrets.token_bytes)
    roster = Roster(name="Sample", portal=config.portal, desk=config.desk, rhythm=rhythm)
    for desk in made:
        roster = enrol(roster, parse_request(desks.make_request(desk)))
    root = RootKey(secrets.token_bytes(32), secrets.token_bytes(32))
    issued = issue(roster, (), root, DAY)
    chain = encode_chain([issued.file])
    charter = load_charter(directory / "server", chain, issued.access)
    for desk in made:
        desks.join(desk, chain)
    return charter
