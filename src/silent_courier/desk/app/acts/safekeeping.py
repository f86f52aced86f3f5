"""The vault as a file that has to last: another passphrase, and a backup."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from silent_courier.desk.app.catalogue import LANGUAGES
from silent_courier.desk.app.office import Office
from silent_courier.desk.app.serving import Question, Route
from silent_courier.desk.auditing import Act, record
from silent_courier.desk.dates import iso_date
from silent_courier.desk.desk import Desk, Random
from silent_courier.desk.passphrases import Strength, draw_phrase, strength_of
from silent_courier.protocol.errors import FolderError, RequestRefusedError
from silent_courier.storage.vault import open_vault
from silent_courier.storage.vault.backup import copy_still, seal_copy
from silent_courier.storage.vault.rekeying import change_passphrase

_BAD_REQUEST = 400


class Change(Question, frozen=True, forbid_unknown_fields=True):
    """Changes the passphrase."""

    old: str
    new: str


class Backup(Question, frozen=True, forbid_unknown_fields=True):
    """Asks for a backup under the passphrase, or under six words in this language."""

    passphrase: str
    words: str = ""


@dataclass(slots=True)
class Safekeeping:
    """The acts on the vault itself."""

    office: Office

    async def change(self, question: Change) -> object:
        """Change the passphrase; the desk is locked afterwards."""
        if strength_of(question.new) in (Strength.SHORT, Strength.WEAK):
            raise RequestRefusedError(_BAD_REQUEST)
        clock = self.office.attended().clock

        def change(directory: Path, old: str, new: str, random: Random) -> None:
            change_passphrase(directory, old, new, random)
            with open_vault(directory, new) as vault:
                record(Desk(vault, clock, random), Act.REKEYED)

        await self.office.keeper.change_passphrase(question.old, question.new, change)
        return {}

    async def backup(self, question: Backup) -> object:
        """Write a backup beside what was exported, and say where it lies."""
        desk = self.office.attended()
        directory = desk.vault.directory
        await self.office.keeper.check(question.passphrase)
        words = draw_phrase(desk.random, question.words) if question.words in LANGUAGES else ""
        out = self.office.exports / f"desk-{iso_date(desk.today)}.backup"
        try:
            self.office.exports.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise FolderError from error
        with desk.vault.standing_still():
            await asyncio.to_thread(copy_still, desk.vault.path)
        seal = words or question.passphrase
        await asyncio.to_thread(seal_copy, directory, question.passphrase, out, seal, desk.random)
        record(desk, Act.BACKED_UP)
        return {"path": str(out), "words": words}


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    safekeeping = Safekeeping(office)
    return {
        "/api/passphrase": Route(safekeeping.change, Change),
        "/api/backup": Route(safekeeping.backup, Backup),
    }
