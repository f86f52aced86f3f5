"""The clock that all processes of a benchmark share."""

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShiftedClock:
    """Goes as time does, from another moment on; the same in every process of this machine."""

    offset: float

    def __call__(self) -> float:
        return time.monotonic() + self.offset
