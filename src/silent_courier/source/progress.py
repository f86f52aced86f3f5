"""How far a visit is, for whoever shows it. Holds no text for people and reads no clock."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Stage = Literal["files", "keyring", "board", "proof", "attachments", "letter"]


@dataclass(frozen=True, slots=True)
class Progress:
    """One stage of a visit.

    done, total: bytes, but for `proof` tries and for `letter` one. A total of 0 is not known.
    seconds_left: an estimate, None where there is nothing to estimate from.
    """

    stage: Stage
    done: int
    total: int
    seconds_left: float | None = None


OnProgress = Callable[[Progress], None]


def untold(_progress: Progress) -> None:
    """For callers who show nothing."""


def estimate_seconds_left(done: int, total: int, elapsed_s: float) -> float | None:
    """At the pace so far; None before anything is done."""
    if done <= 0 or elapsed_s <= 0:
        return None
    return max(0.0, (total - done) * elapsed_s / done)
