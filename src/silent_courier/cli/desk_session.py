"""An opened desk and its way to the server, for as long as one command runs."""

import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeVar

from silent_courier.cli.connection import Way, connected
from silent_courier.cli.options import directory_argument, passphrase_option
from silent_courier.cli.output import View, counted, tell
from silent_courier.cli.portal import portal_maker
from silent_courier.cli.prompts import read_passphrase
from silent_courier.desk import Desk, SyncReport, info, take_up, tor_client_key
from silent_courier.desk.auditing import Act, record, record_unlocked
from silent_courier.protocol.errors import VaultInUseError
from silent_courier.storage.vault import Vault, open_vault
from silent_courier.tor.transport import Transport

F = TypeVar("F", bound=Callable[..., Any])

_PATIENCE_S = 10.0
_PAUSE_S = 0.2

DAMAGED: Final = (
    "A part of the vault cannot be read. The rest is shown, and nothing is synced. Make a new desk:"
    " courier desk restore, or courier desk init; colleagues hand over."
)
"""Said before anything of a damaged vault is shown."""

NOT_OPENED: Final = (
    "  Not opened: sealed before this device was there, to day keys that are gone, or not for it."
    " Colleagues' desks pass on what is for you."
)
"""Said after the number of such letters: it frightens without its reason."""

EXPIRY_WARNINGS_DAYS = (60, 14)
"""From the first a desk mentions the date, from the second it urges."""


def desk_options(command: F) -> F:
    """DIR and --passphrase-file."""
    return directory_argument(passphrase_option(command))


@contextmanager
def opened(directory: Path, passphrase_file: Path | None) -> Iterator[Desk]:
    """The desk in this directory, closed at the end; VaultError."""
    passphrase = read_passphrase(passphrase_file, "Passphrase of the desk")
    with _open_patiently(directory, passphrase) as vault:
        desk = take_up(vault, time.time, secrets.token_bytes, portal_maker())
        record_unlocked(desk)
        if vault.damaged:
            tell(DAMAGED)
        yield desk


def write_down(directory: Path, passphrase: str, act: Act) -> None:
    """Write an act on the whole vault down in it, before or after it is done; VaultError."""
    with _open_patiently(directory, passphrase) as vault:
        record(take_up(vault, time.time, secrets.token_bytes), act)


def _open_patiently(directory: Path, passphrase: str) -> Vault:
    """Another command may be using the vault just now; a running desk keeps it."""
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        with suppress(VaultInUseError):
            return open_vault(directory, passphrase)
        time.sleep(_PAUSE_S)
    return open_vault(directory, passphrase)


@asynccontextmanager
async def to_server(desk: Desk, directory: Path, way: Way, view: View) -> AsyncIterator[Transport]:
    """A transport to the desk onion; a tor of our own keeps its state in the desk's directory."""
    async with connected(
        info(desk).desk, way, view, directory=directory / "tor", client_key=tor_client_key(desk)
    ) as transport:
        yield transport


def tell_report(report: SyncReport, *, at: str = "") -> None:
    """What a sync brought, in one line that may begin with a time; then what wants attention."""
    counts = (
        (report.letters, "new letter"),
        (report.colleague_letters, "letter from a colleague", "letters from colleagues"),
        (report.resealed, "letter handed over", "letters handed over"),
        (report.attachments, "attachment complete", "attachments complete"),
        (report.quarantined, "letter in quarantine", "letters in quarantine"),
        (report.not_opened, "letter not opened", "letters not opened"),
        (report.cells_posted, "cell posted", "cells posted"),
        (report.letters_posted, "letter posted", "letters posted"),
        (report.waiting, "cell waiting", "cells waiting"),
        (report.letters_waiting, "letter for colleagues waiting", "letters for colleagues waiting"),
    )
    said = [counted(*count) for count in counts if count[0]]
    tell(f"{at}Synced: {', '.join(said) or 'nothing new'}.")
    if report.not_opened:
        tell(NOT_OPENED)
    for trouble in report.troubles:
        tell(f"  {trouble}")
    if report.alarms:
        tell(f"  {counted(report.alarms, 'alarm')}. See: courier desk alarms.")
    first, last = EXPIRY_WARNINGS_DAYS
    if report.expires_in_days <= first:
        urge = "Renew it NOW" if report.expires_in_days <= last else "Have it renewed"
        left = counted(report.expires_in_days, "day")
        tell(f"The charter ends in {left}. {urge}: courier org renew.")
