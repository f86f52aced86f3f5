"""Looks at a directory and says what is wrong in it: a server's, an organisation's, a desk's.

Reads and changes nothing. Knows no passphrase: of a desk it sees the outside, unless it is handed
an opened one. Every sentence comes with what to do.
"""

import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from silent_courier.cli.findings import Finding, bad, fine, from_error, note
from silent_courier.cli.output import counted, format_day, printable_line
from silent_courier.desk import Desk, info
from silent_courier.desk.app.office import exports_of
from silent_courier.desk.leftovers import find_parts, noted_elsewhere
from silent_courier.desk.sandbox.drawing import SENTENCES, sandbox_problem
from silent_courier.organisation import actions, store
from silent_courier.protocol.charter import Charter
from silent_courier.protocol.errors import CourierError
from silent_courier.server.config import CONFIG_NAME, Places, ServerConfig, read_config
from silent_courier.server.standing import from_stored
from silent_courier.server.status import ServerStatus, read_status
from silent_courier.storage.server.charters import read_charter
from silent_courier.storage.server.database import Database
from silent_courier.storage.vault.opening import read_header

VAULT_FILE: Final = "vault.json"
URGENT_DAYS: Final = 14
SOON_DAYS: Final = 60
FREE_BYTES_MIN: Final = 2 * 1024**3
SCARCE_BYTES: Final = 100_000_000
FULL_BYTES: Final = 1_000_000
"""With less than this free, a database and its journal can write nothing."""

Examiner = Callable[[Path, int], Iterator[Finding]]


def recognise(directory: Path) -> tuple[str, Examiner] | None:
    """What this directory is, and how to examine it; None when it is nothing of ours."""
    if (directory / CONFIG_NAME).is_file():
        return "server", examine_server
    if store.is_organisation(directory):
        return "organisation", examine_organisation
    if (directory / VAULT_FILE).is_file():
        return "desk", examine_desk
    return None


def examine_server(directory: Path, today: int) -> Iterator[Finding]:
    """A server: addresses, charter, whether it runs, can be found, and has room."""
    yield _judge_mode(directory)
    try:
        config = read_config(directory)
        status = read_status(directory)
        charter = _server_charter(directory)
    except CourierError as error:
        yield from_error(error)
        return
    if charter is None:
        yield bad(
            "It has no charter, so nobody can write or read.",
            "Run `courier server charter`, with the files that `courier org charter` makes.",
        )
    else:
        yield _judge_expiry(charter, today)
        yield from _judge_addresses(charter, config, status)
    if config.uses_tor and shutil.which("tor") is None:
        yield bad("The program tor is not installed.", "Install it: `apt install tor`.")
    yield from _judge_running(status)
    yield from _judge_room(directory, FREE_BYTES_MIN)


def examine_organisation(directory: Path, today: int) -> Iterator[Finding]:
    """An organisation: files, charter, and what waits to be signed."""
    yield _judge_mode(directory)
    yield from _judge_room(directory)
    try:
        organisation = store.load(directory)
        changes = actions.pending(organisation)
    except CourierError as error:
        yield from_error(error)
        return
    charter, roster = organisation.charter, organisation.roster
    if not roster.current_handlers:
        yield bad("Nobody is enrolled.", "Run `courier org enrol` with a desk's request file.")
    elif charter is None:
        yield bad("No charter was issued yet.", "Run `courier org charter`.")
    elif changes.left or changes.new_devices:
        yield bad("There are changes that no charter holds yet.", "Run `courier org charter`.")
    elif (charter.body.portal, charter.body.desk) != (roster.portal, roster.desk):
        yield bad("The server's new addresses are not signed.", "Run `courier org charter`.")
    elif roster.expires not in (None, charter.body.expires):
        yield bad("A new last day is not signed yet.", "Run `courier org charter`.")
    else:
        yield fine(f"Charter {charter.body.serial} says all that is to be said; no other is due.")
    if charter is not None:
        yield _judge_expiry(charter, today)
    if len(roster.current_handlers) == 1:
        yield note("There is one handler alone.", "Enrol a second: nobody reads while one is away.")


def examine_desk(directory: Path, _today: int) -> Iterator[Finding]:
    """A desk from outside."""
    yield _judge_mode(directory)
    try:
        name = read_header(directory).database
    except CourierError as error:
        yield from_error(error)
        return
    if not (directory / name).is_file():
        yield bad(
            "The vault's database is missing.", "Bring it back from a backup: courier desk restore."
        )
    else:
        yield fine("The vault's files are there.")
    yield from _judge_room(directory)
    yield from _judge_leftovers(exports_of(directory))
    yield _judge_sandbox()


def examine_opened_desk(desk: Desk) -> Iterator[Finding]:
    """A desk from inside: whether it has joined, and how long its charter holds."""
    try:
        known = info(desk)
    except CourierError as error:
        yield from_error(error)
        return
    yield fine(f"The passphrase opens it, and it has joined with charter {known.serial}.")
    if desk.vault.damaged:
        yield bad(
            "A part of the vault cannot be read, so it is not synced.",
            "Copy the folder as it is. Then make a new desk: courier desk restore, or desk init.",
        )
    yield _judge_days(known.expires, known.expires_in_days)
    for folder in noted_elsewhere(desk.vault):
        yield bad(
            f"An export to {printable_line(str(folder))} was killed, and that folder is not here.",
            "It may hold letters in the clear: make it reachable, and open the desk once.",
        )


def _judge_leftovers(folder: Path) -> Iterator[Finding]:
    for part in find_parts(folder, is_ours=True):
        yield bad(
            f"An export was killed and left letters in the clear: {printable_line(str(part))}",
            "Open the desk once, which clears it away, or delete it.",
        )


def _judge_sandbox() -> Finding:
    problem = sandbox_problem()
    if problem is None:
        return fine("Attachments can be shown as pixels, in a sandbox.")
    return note(SENTENCES[problem], "On Linux install bubblewrap: `apt install bubblewrap`.")


def _judge_mode(directory: Path) -> Finding:
    if stat.S_IMODE(directory.stat().st_mode) & 0o077:
        return bad("Other users of this machine can look into it.", "Run `chmod 700` on it.")
    return fine("Only its owner can look into it.")


def _judge_room(directory: Path, wanted: int = SCARCE_BYTES) -> Iterator[Finding]:
    free = shutil.disk_usage(directory).free
    if free < FULL_BYTES:
        yield bad("Its disk is full.", "Make room on it: until then nothing new can be kept.")
    elif free < SCARCE_BYTES:
        yield note("There are less than 100 MB free on its disk.", "Make room before it is full.")
    elif free < wanted:
        yield note("There are less than 2 GiB free on this disk.", "Make room for attachments.")


def _judge_expiry(charter: Charter, today: int) -> Finding:
    return _judge_days(format_day(charter.body.expires), charter.body.expires - today)


def _judge_days(date: str, left: int) -> Finding:
    advice = "Run `courier org renew` and `courier org charter`."
    if left < 0:
        return bad(f"The charter expired on {date}: nobody can write or read.", advice)
    if left <= SOON_DAYS:
        judge = bad if left <= URGENT_DAYS else note
        return judge(f"The charter ends on {date}, in {left} days.", advice)
    return fine(f"The charter holds until {date}, {left} days.")


def _judge_addresses(
    charter: Charter, config: ServerConfig, status: ServerStatus
) -> Iterator[Finding]:
    if (charter.body.portal, charter.body.desk) == (config.portal, config.desk):
        return
    advice = "Run `courier org charter --server` with this server's server.json."
    if config.uses_tor and not charter.body.portal.endswith(".onion"):
        if status.running and status.tor is None:
            yield fine("It serves this machine alone, to try things; its charter says so, too.")
            return
        yield note("The charter names addresses of one machine, not this server's onions.", advice)
    else:
        yield bad("The charter names other addresses than this server has.", advice)


def _judge_running(status: ServerStatus) -> Iterator[Finding]:
    if not status.running:
        yield bad("It does not run.", "Run `courier server run`.")
        return
    yield fine("It runs.")
    if status.serial is not None:
        letters, chunks = counted(status.letters, "letter"), counted(status.chunks, "chunk")
        yield fine(f"It held {letters} and {chunks} at the last count, which is once a day.")
    if status.store_full:
        yield bad("The disk is full: nothing more is taken.", "Make room, or move it.")
    elif status.store_failing:
        yield bad("Its store fails.", "Check the disk; restore a backup if it is damaged.")
    if status.faults:
        yield note(f"{status.faults} requests failed in ways that should not be.", "Update it.")
    if status.tor is None:
        return
    if status.tor.percent < 100:
        yield bad("Its tor is not on the network.", "Check the connection; add bridges.")
    for onion in status.tor.onions:
        if onion.published:
            yield fine("An onion of it can be found.")
        else:
            yield bad("An onion of it cannot be found now.", "Wait some minutes; check the clock.")


def _server_charter(directory: Path) -> Charter | None:
    path = Places(directory).store
    if not path.is_file():
        return None
    database = Database(path)
    try:
        with database.read() as connection:
            stored = read_charter(connection)
    finally:
        database.close()
    return from_stored(stored).charter if stored else None
