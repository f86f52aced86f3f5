"""A new desk, from nothing to its first sync: passphrase, vault, request, charter. Spec §8.6.

Where it stands follows from the vault, so each step can be left and taken up again.
"""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from silent_courier.desk.app.acts.door import ARRIVING, LANGUAGE
from silent_courier.desk.app.catalogue import LANGUAGES
from silent_courier.desk.app.office import Office
from silent_courier.desk.app.serving import Question, Route
from silent_courier.desk.passphrases import Strength, draw_phrase, strength_of
from silent_courier.desk.setup import examine, join, make_request, request_fingerprint
from silent_courier.protocol.errors import FolderError, RequestRefusedError, StorageError
from silent_courier.storage.files import write_durably
from silent_courier.storage.vault import DEFAULT_KDF, settings

REQUEST_NAME: Final = "request.courier"
_BAD_REQUEST: Final = 400


class Phrase(Question, frozen=True, forbid_unknown_fields=True):
    """Asks for six words to take as a passphrase."""

    language: str = "en"


class Judge(Question, frozen=True, forbid_unknown_fields=True):
    """Asks how long a passphrase would hold."""

    passphrase: str
    label: str = ""


class Create(Question, frozen=True, forbid_unknown_fields=True):
    """Makes the vault."""

    label: str
    passphrase: str
    language: str = "en"


class Examine(Question, frozen=True, forbid_unknown_fields=True):
    """Shows what a charter holds; its bytes in base64."""

    charter: str


class Join(Question, frozen=True, forbid_unknown_fields=True):
    """Takes a charter, by a person who has compared this fingerprint."""

    charter: str
    org_id: str


@dataclass(slots=True)
class Arriving:
    """The acts of a first run."""

    office: Office

    async def phrase(self, question: Phrase) -> object:
        """A passphrase that nobody has to invent."""
        return {"phrase": draw_phrase(self.office.random, question.language)}

    async def judge(self, question: Judge) -> object:
        """How strong, and what a guess costs."""
        strength = strength_of(question.passphrase, (question.label,) if question.label else ())
        return {"strength": strength, "guess_mib": DEFAULT_KDF.memory_kib // 1024}

    async def create(self, question: Create) -> object:
        """Make the vault, and stay in it; RequestRefusedError (400) for a weak passphrase."""
        known = (question.label,) if question.label else ()
        if strength_of(question.passphrase, known) in (Strength.SHORT, Strength.WEAK):
            raise RequestRefusedError(_BAD_REQUEST)
        await self.office.keeper.create(question.passphrase, question.label)
        if question.language in LANGUAGES:
            settings.keep(self.office.desk.vault, LANGUAGE, question.language)
            self.office.standing.change(language=question.language)
        return {}

    async def request(self, _: Question) -> object:
        """Write the request, and say where it lies and what to read out; FolderError."""
        desk = self.office.desk
        path = self.office.directory / REQUEST_NAME
        try:
            write_durably(path, make_request(desk))
        except (OSError, StorageError) as error:
            raise FolderError from error
        return {"path": str(path), "fingerprint": request_fingerprint(desk)}

    async def examine(self, question: Examine) -> object:
        """What a charter would make of this desk; taken is nothing."""
        return asdict(examine(self.office.attended(), _bytes_of(question.charter)))

    async def join(self, question: Join) -> object:
        """Take it, and begin to sync."""
        desk = self.office.attended()
        try:
            org_id = bytes.fromhex(question.org_id)
        except ValueError:
            raise RequestRefusedError(_BAD_REQUEST) from None
        joined = join(desk, _bytes_of(question.charter), org_id)
        settings.keep(desk.vault, ARRIVING, "syncing")
        self.office.keeper.joined()
        return joined

    async def arrived(self, _: Question) -> object:
        """The handler has seen the first sync, and goes to the desk."""
        settings.forget(self.office.attended().vault, ARRIVING)
        return {}


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    arriving = Arriving(office)
    return {
        "/api/phrase": Route(arriving.phrase, Phrase),
        "/api/judge": Route(arriving.judge, Judge),
        "/api/create": Route(arriving.create, Create),
        "/api/request": Route(arriving.request),
        "/api/examine": Route(arriving.examine, Examine),
        "/api/join": Route(arriving.join, Join),
        "/api/arrived": Route(arriving.arrived),
    }


def _bytes_of(base64: str) -> bytes:
    try:
        return b64decode(base64, validate=True)
    except (binascii.Error, ValueError):
        raise RequestRefusedError(_BAD_REQUEST) from None
