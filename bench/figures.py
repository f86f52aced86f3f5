"""What a measurement is, and how one is taken."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: a median, what it should be, and what it stands beside.

    `limit` is a maximum unless `at_least` is set; None where there is none.
    """

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    baseline: str = ""
    baseline_value: float | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the figure keeps its limit; None where it has none."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    @property
    def ratio(self) -> float | None:
        """How many times better than the baseline this is; below 1, how much worse."""
        if not self.baseline_value or not self.value:
            return None
        ratio = self.baseline_value / self.value
        return 1 / ratio if self.at_least else ratio

    def as_row(self) -> tuple[str, ...]:
        """Name, median, limit, whether it holds, baseline, its median, ratio: for a table."""
        sign = "≥" if self.at_least else "≤"
        return (
            self.name,
            f"{self.value:,.2f} {self.unit}",
            "" if self.limit is None else f"{sign} {self.limit:,g}",
            {True: "holds", False: "FAILS", None: ""}[self.holds],
            self.baseline,
            "" if self.baseline_value is None else f"{self.baseline_value:,.2f} {self.unit}",
            "" if self.ratio is None else _format_ratio(self.ratio),
        )

    def as_json(self) -> dict[str, object]:
        """All of it, for the JSON file."""
        return asdict(self) | {"holds": self.holds, "ratio": self.ratio}


def _format_ratio(ratio: float) -> str:
    return f"{ratio:,.2g}×" if ratio < 10 else f"{ratio:,.0f}×"


def median_cpu_ms(work: Callable[[], object], repeats: int) -> float:
    """The median of this process's CPU time for one call, in ms, after one that does not count."""
    work()
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times) * 1000
