"""What a handler should ask about: each once, until they have dismissed it. Spec §14.12."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from silent_courier.storage.vault.database import Vault


@dataclass(frozen=True, slots=True)
class Alarm:
    """What happened on which day; `raised` is the day on which this desk noticed."""

    seq: int
    kind: str
    day: int
    details: tuple[str, ...]
    raised: int
    dismissed: bool


@dataclass(frozen=True, slots=True)
class Cause:
    """What makes it the same alarm: what happened, on which day, and to whom or what."""

    kind: str
    day: int
    subject: str


def raise_alarm(vault: Vault, cause: Cause, details: Sequence[str], today: int) -> None:
    """Raise an alarm, unless it stands; one that was dismissed comes back only if it has changed.

    Args:
        vault: the vault.
        cause: what it is about.
        details: what is shown of it besides its sentence.
        today: when it was noticed.
    """
    vault.run(
        "INSERT INTO alarm (kind, day, subject, details, raised) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (kind, day, subject) DO UPDATE SET details = excluded.details,"
        " dismissed = dismissed AND details = excluded.details",
        cause.kind,
        cause.day,
        cause.subject,
        json.dumps(list(details), ensure_ascii=False),
        today,
    )


def standing(vault: Vault) -> int:
    """How many nobody has dismissed."""
    row = vault.row("SELECT count(*) FROM alarm WHERE NOT dismissed")
    return int(row[0]) if row else 0


def every(vault: Vault) -> list[Alarm]:
    """All there ever were, newest first."""
    rows = vault.rows(
        "SELECT seq, kind, day, details, raised, dismissed FROM alarm ORDER BY raised DESC,"
        " seq DESC"
    )
    return [
        Alarm(row[0], row[1], row[2], tuple(json.loads(row[3])), row[4], bool(row[5]))
        for row in rows
    ]


def end(vault: Vault, kind: str) -> None:
    """Take away what is over."""
    vault.run("DELETE FROM alarm WHERE kind = ?", kind)


def dismiss(vault: Vault, seq: int) -> bool:
    """A handler has seen to it; False when there is no such alarm."""
    return vault.run("UPDATE alarm SET dismissed = 1 WHERE seq = ?", seq) > 0
