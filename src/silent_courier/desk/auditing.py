"""Writing down what handlers do at this desk. Spec §14.19."""

from contextlib import suppress
from enum import StrEnum

from silent_courier.desk.desk import Desk
from silent_courier.protocol.calendar import SECONDS_PER_DAY
from silent_courier.protocol.errors import VaultDamagedError, VaultFullError
from silent_courier.storage.vault import audit


class Act(StrEnum):
    """What was done."""

    UNLOCKED = "unlocked"
    OPENED = "opened"
    REPLIED = "replied"
    POSTED_AGAIN = "posted-again"
    NOTED = "noted"
    TAKEN_BACK = "taken-back"
    CHANGED = "changed"
    LOOKED_AT = "looked-at"
    EXPORTED = "exported"
    HANDED_OUT = "handed-out"
    DELETED = "deleted"
    EXPIRED = "expired"
    DISMISSED = "dismissed"
    RELEASED = "released"
    SETTLED = "settled"
    AWAY = "away"
    RESEALED = "resealed"
    SET = "set"
    BACKED_UP = "backed-up"
    REKEYED = "rekeyed"


def record(desk: Desk, act: Act, source: bytes | None = None, detail: str = "") -> None:
    """Write down an act; `detail` is a word of this program's, never one of a letter or a file."""
    about = "" if source is None else audit.name_of(source)
    audit.append(desk.vault, int(desk.clock()), act, about, detail)


def record_unlocked(desk: Desk) -> None:
    """Write down that the vault was opened; neither a full disk nor damage must keep it closed."""
    with suppress(VaultFullError, VaultDamagedError):
        record(desk, Act.UNLOCKED)


def record_once_a_day(desk: Desk, act: Act, source: bytes) -> None:
    """Write down an act, unless it stands there today."""
    if not audit.has(desk.vault, act, audit.name_of(source), desk.today * SECONDS_PER_DAY):
        record(desk, act, source)
