from silent_courier.storage.vault import Vault, changes, threads
from silent_courier.storage.vault.changes import KeptChange
from silent_courier.storage.vault.threads import Entry
from tests.unit.storage.vault.kit import SOURCE, TODAY


def change(number: int, clock: int = 1, source: bytes = SOURCE) -> KeptChange:
    return KeptChange(bytes([number]) * 16, source, TODAY, clock, 4, TODAY, b"payload")


def test_a_change_is_kept_once_as_it_came(vault: Vault) -> None:
    assert changes.add(vault, change(1))
    assert not changes.add(vault, change(1, clock=9))

    assert changes.of_thread(vault, SOURCE) == [change(1)]
    assert changes.find(vault, change(1).id) == change(1)
    assert changes.find(vault, change(2).id) is None


def test_the_newest_clock_is_that_of_the_thread(vault: Vault) -> None:
    assert changes.newest_clock(vault, SOURCE) == -1
    for number, clock in ((1, 5), (2, 7), (3, 6)):
        changes.add(vault, change(number, clock))
    changes.add(vault, change(4, 99, b"T" * 32))

    assert changes.newest_clock(vault, SOURCE) == 7


def test_how_a_thread_stands_is_replaced(vault: Vault) -> None:
    assert changes.standing(vault, SOURCE) is None
    changes.set_standing(vault, SOURCE, b"{}", [])
    changes.set_standing(vault, SOURCE, b'{"muted":true}', [])

    assert changes.standing(vault, SOURCE) == b'{"muted":true}'
    assert changes.standings(vault) == {SOURCE: b'{"muted":true}'}


def test_a_change_waits_for_its_threads_standing(vault: Vault) -> None:
    changes.add(vault, change(1))
    assert changes.unmerged(vault) == [SOURCE]
    changes.set_standing(vault, SOURCE, b"{}", [])
    assert changes.unmerged(vault) == [SOURCE]
    changes.set_merged(vault, SOURCE)
    assert changes.unmerged(vault) == []
    changes.add(vault, change(1))
    assert changes.unmerged(vault) == []
    changes.add(vault, change(2))
    assert changes.unmerged(vault) == [SOURCE]


def test_links_are_of_both_threads_that_are_here(vault: Vault) -> None:
    low, high, gone = b"A" * 32, b"B" * 32, b"C" * 32
    for number, source in enumerate((low, high)):
        entry = Entry(bytes([number]) * 16, source, "letter", TODAY, None, b"{}")
        threads.add(vault, entry, unread=False)
    changes.set_standing(vault, low, b"{}", [high, gone])
    assert changes.same_matter(vault) == {low: (high,), high: (low,), gone: (low,)}
    changes.set_standing(vault, low, b"{}", [])

    assert changes.same_matter(vault) == {}


def test_what_a_device_has_set_on_a_thread_has_a_weight(vault: Vault) -> None:
    assert changes.weight(vault, SOURCE, change(1).device) == (0, 0)
    for number in (1, 2):
        changes.add(vault, change(number))

    length = len(change(1).payload) + len(change(2).payload)
    assert changes.weight(vault, SOURCE, change(1).device) == (2, length)
    assert changes.weight(vault, SOURCE, change(1).device + 1) == (0, 0)
