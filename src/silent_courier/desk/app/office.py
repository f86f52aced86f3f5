"""What the acts of the app share: the keeper's desk, its list, and the version that pages watch."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from silent_courier.desk.app.background import Background
from silent_courier.desk.app.keeping import Keeper
from silent_courier.desk.app.listing import Listing
from silent_courier.desk.app.sessions import Sessions
from silent_courier.desk.app.standing import Standing
from silent_courier.desk.desk import Desk, Random
from silent_courier.desk.examining import examine_content, is_to_examine, note_examined
from silent_courier.desk.views import ThreadRow
from silent_courier.storage.vault import identity
from silent_courier.storage.vault.attachments import KeptAttachment


def exports_of(directory: Path) -> Path:
    """The folder for what a person wants out of the vault in this directory."""
    return directory / "exported"


@dataclass(slots=True)
class Writing:
    """How much has been written of what leaves the desk just now; told from another thread."""

    done: int = 0
    total: int = 0

    def tell(self, done: int, total: int) -> None:
        """So much of so much."""
        self.done, self.total = done, total


@dataclass(slots=True)
class Office:
    """One desk behind one page."""

    keeper: Keeper
    background: Background
    sessions: Sessions
    standing: Standing
    directory: Path
    random: Random
    listing: Listing = field(default_factory=Listing)
    writing: Writing = field(default_factory=Writing)
    acts: int = 0

    @property
    def exports(self) -> Path:
        """Where files are saved that a person wants out of the vault."""
        return exports_of(self.directory)

    @property
    def version(self) -> int:
        """Grows whenever a page has to ask again for what it shows."""
        return self.acts + self.background.looks

    @property
    def desk(self) -> Desk:
        """The open desk, for what a page asks by itself: that does not count as being there."""
        return self.keeper.desk

    def attended(self) -> Desk:
        """The open desk, for what only a person does."""
        desk = self.keeper.desk
        self.keeper.touch()
        return desk

    def list_of(self, desk: Desk) -> Listing:
        """The list of threads as of the last sync and every act since."""
        self.listing.refresh(desk, self.background.looks)
        return self.listing

    def acted(self, desk: Desk, thread: str) -> ThreadRow:
        """Something of this thread was changed: its row is read anew, and pages ask again."""
        row = self.list_of(desk).changed(desk, thread)
        self.acts += 1
        return row

    def deleted(self, desk: Desk, thread: str) -> None:
        """This thread is gone."""
        self.list_of(desk).remove(thread)
        self.acts += 1

    async def examined(self, desk: Desk, found: Sequence[KeptAttachment]) -> Desk:
        """Have looked into what nobody has looked at, in another thread; the desk, still open.

        RequestRefusedError (423) when it was locked meanwhile.
        """
        for attachment in found:
            if is_to_examine(desk, attachment):
                org_id, directory = identity.membership(desk.vault).org_id, desk.vault.directory
                facts = await asyncio.to_thread(examine_content, directory, org_id, attachment)
                desk = self.desk
                note_examined(desk, attachment, facts)
        return desk

    def changed_everything(self) -> None:
        """Every row may read differently from now on."""
        self.listing.forget()
        self.acts += 1

    def changed_lists(self) -> None:
        """More than one thread may have changed: the whole list is read anew."""
        self.listing.forget()
        self.acts += 1
