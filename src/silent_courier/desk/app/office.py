"""What the acts of the app share: the keeper's desk, its list, and the version that pages watch."""

from dataclasses import dataclass, field
from pathlib import Path

from silent_courier.desk.app.background import Background
from silent_courier.desk.app.keeping import Keeper
from silent_courier.desk.app.listing import Listing
from silent_courier.desk.app.sessions import Sessions
from silent_courier.desk.app.standing import Standing
from silent_courier.desk.desk import Desk, Random
from silent_courier.desk.views import ThreadRow


def exports_of(directory: Path) -> Path:
    """The folder for what a person wants out of the vault in this directory."""
    return directory / "exported"


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
    acts: int = 0

    @property
    def exports(self) -> Path:
        """Where files are saved that a person wants out of the vault."""
        return exports_of(self.directory)

    @property
    def version(self) -> int:
        """Grows whenever a page has to ask again for what it shows."""
        return self.acts + self.background.rounds

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
        self.listing.refresh(desk, self.background.rounds)
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

    def changed_everything(self) -> None:
        """Every row may read differently from now on."""
        self.listing.forget()
        self.acts += 1

    def changed_lists(self) -> None:
        """More than one thread may have changed: the whole list is read anew."""
        self.listing.forget()
        self.acts += 1
