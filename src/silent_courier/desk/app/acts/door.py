"""Coming and going: the session, the passphrase, the language, and what a page watches."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from silent_courier.desk.app.catalogue import LANGUAGES
from silent_courier.desk.app.office import Office
from silent_courier.desk.app.serving import Question, Route
from silent_courier.desk.desk import Desk
from silent_courier.desk.setup import DeskInfo, info
from silent_courier.protocol.errors import (
    NotJoinedError,
    RequestRefusedError,
    VaultDamagedError,
)
from silent_courier.storage.vault import settings
from silent_courier.storage.vault.opening import HEADER_NAME, lost_its_header

LANGUAGE = "language"
ARRIVING = "arriving"
"""Set while a new desk is led through its first sync."""

_BAD_REQUEST = 400


class Start(Question, frozen=True, forbid_unknown_fields=True):
    """Exchanges the start token."""

    token: str


class Unlock(Question, frozen=True, forbid_unknown_fields=True):
    """Opens the vault."""

    passphrase: str


class Speak(Question, frozen=True, forbid_unknown_fields=True):
    """Chooses the page's language."""

    language: str


@dataclass(slots=True)
class Door:
    """The acts of the door."""

    office: Office
    _known: DeskInfo | None = None

    async def start(self, question: Start) -> object:
        """Exchange the start token for a session."""
        return {"session": self.office.sessions.begin(question.token)}

    async def state(self, _: Question) -> object:
        """Locked or open, who this is, and how syncing goes; does not count as being there."""
        office = self.office
        if not office.keeper.is_open:
            office.listing.forget()
            self._known = None
            return {
                "locked": True,
                "vault": (office.directory / HEADER_NAME).exists(),
                "lost": lost_its_header(office.directory),
                "wait_s": office.keeper.wait_s,
                "language": office.standing.language,
                "broke": office.standing.broke,
            }
        return {
            "locked": False,
            "desk": self._whose(office.desk),
            "arriving": _is_arriving(office.desk),
            "damaged": office.desk.vault.damaged,
            "sync": office.background.status,
            "version": office.version,
            "language": office.standing.language,
        }

    def _whose(self, desk: Desk) -> DeskInfo | None:
        try:
            self._known = info(desk)
        except NotJoinedError:
            return None
        except VaultDamagedError:
            # It is shown what can be read, and that not everything can.
            return self._known
        return self._known

    async def unlock(self, question: Unlock) -> object:
        """Open the vault."""
        office = self.office
        await office.keeper.unlock(question.passphrase)
        self._whose(office.desk)
        language = settings.value_of(office.desk.vault, LANGUAGE, office.standing.language)
        office.standing.change(language=language)
        return {}

    async def lock(self, _: Question) -> object:
        """Close it."""
        self.office.listing.forget()
        await self.office.keeper.lock()
        return {}

    async def awake(self, _: Question) -> object:
        """Somebody is at the page."""
        self.office.attended()
        return {}

    async def speak(self, question: Speak) -> object:
        """Remember the language, in the vault and nowhere else."""
        if question.language not in LANGUAGES:
            raise RequestRefusedError(_BAD_REQUEST)
        settings.keep(self.office.attended().vault, LANGUAGE, question.language)
        self.office.standing.change(language=question.language)
        return {}


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    door = Door(office)
    return {
        "/api/start": Route(door.start, Start, session=False),
        "/api/state": Route(door.state),
        "/api/unlock": Route(door.unlock, Unlock),
        "/api/lock": Route(door.lock),
        "/api/awake": Route(door.awake),
        "/api/language": Route(door.speak, Speak),
    }


def _is_arriving(desk: Desk) -> bool:
    with suppress(VaultDamagedError):
        return settings.value_of(desk.vault, ARRIVING) != ""
    return False
