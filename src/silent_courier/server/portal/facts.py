"""What the pages say about the letterbox today, taken from the verified keyring."""

from dataclasses import dataclass
from typing import Final, Literal

from silent_courier.protocol.charter import handler_of
from silent_courier.protocol.errors import NotEmptiedError, TooFewDayKeysError
from silent_courier.protocol.keyring import VerifiedKeyring, check_open
from silent_courier.protocol.manifest import Manifest
from silent_courier.server.portal.fingerprint import fingerprint_words

COME_BACK_DAYS: Final = 28
Refusal = Literal["too-few", "not-emptied"]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a page shows that is not a sentence. Days since 1970-01-01 UTC.

    Name, portal, `org_id`, serial and dates come from the charter. All else changes by day and
    stands in a page between the marks of `<!--today-->` alone.
    """

    name: str
    portal: str
    org_id: str
    fingerprint_words: tuple[str, ...]
    serial: int
    issued: int
    expires: int
    day: int
    readers: tuple[str, ...]
    missing: tuple[str, ...]
    emptied: int | None
    closed_until: int | None
    refusal: Refusal | None
    signer: str | None
    signed: int | None

    @property
    def fingerprint_hex(self) -> str:
        """The organisation's id in groups of eight hex digits."""
        return " ".join(self.org_id[i : i + 8] for i in range(0, len(self.org_id), 8))

    @property
    def come_back(self) -> int:
        """The day by which a source should have come back."""
        return self.day + COME_BACK_DAYS


def collect_facts(keyring: VerifiedKeyring, manifest: Manifest | None = None) -> Facts:
    """What the pages say while this keyring and manifest hold."""
    body = keyring.charter.body
    present = {handler_of(statement.device) for statement in keyring.day_statements}
    handlers = keyring.charter.current_handlers
    away = {handler_of(closure.device): closure.until for closure in keyring.closures}
    all_away = {handler.handler for handler in handlers} <= set(away)
    return Facts(
        name=body.name,
        portal=body.portal,
        org_id=keyring.charter.org_id.hex(),
        fingerprint_words=fingerprint_words(keyring.charter.org_id),
        serial=body.serial,
        issued=body.issued,
        expires=body.expires,
        day=keyring.day,
        readers=tuple(h.label for h in handlers if h.handler in present),
        missing=tuple(h.label for h in keyring.missing),
        emptied=max(keyring.last_sign_of_life.values(), default=None),
        closed_until=min(away.values()) if all_away else None,
        refusal=_refusal(keyring),
        signer=keyring.charter.label_of(manifest.device) if manifest else None,
        signed=manifest.day if manifest else None,
    )


def _refusal(keyring: VerifiedKeyring) -> Refusal | None:
    try:
        check_open(keyring, keyring.day)
    except TooFewDayKeysError:
        return "too-few"
    except NotEmptiedError:
        return "not-emptied"
    return None
