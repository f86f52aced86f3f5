"""A desk at work: opens its vault, lists all threads as its page does, reads one, searches.

Arguments: the vault, its passphrase, the clock's offset, a thread, words. Says when the list is
there, and what the rest took; ends when told.
"""

import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.programs import tell, wait_for_word
from bench.programs.clock import ShiftedClock
from silent_courier.desk import read_thread, search_all
from silent_courier.desk.app.api import routes  # noqa: F401 - in memory, as in a desk with a page
from silent_courier.desk.app.listing import Filter, Listing
from silent_courier.desk.desk import take_up
from silent_courier.storage.vault import open_vault

ROUNDS = 5


def main(directory: Path, passphrase: str, offset: float, thread: str, words: str) -> None:
    with open_vault(directory, passphrase) as vault:
        desk = take_up(vault, ShiftedClock(offset), secrets.token_bytes)
        listing = Listing()
        listing.refresh(desk, 0)
        window = listing.window(desk, Filter(), 0, 50)
        tell(threads=window.total)
        tell(
            read=_median_ms(lambda: read_thread(desk, thread, mark_read=False)),
            search=_median_ms(lambda: search_all(desk, words)),
        )
        wait_for_word()


def _median_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[ROUNDS // 2] * 1000


if __name__ == "__main__":
    place, passphrase, offset, thread, words = sys.argv[1:]
    main(Path(place), passphrase, float(offset), thread, words)
