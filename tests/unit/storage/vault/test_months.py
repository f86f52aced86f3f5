from datetime import date

from silent_courier.storage.vault import Vault, months, openings, threads
from silent_courier.storage.vault.months import Month
from tests.unit.storage.vault.kit import SOURCE, make_entry

NOVEMBER = (date(2026, 11, 1) - date(1970, 1, 1)).days


def put(vault: Vault, number: int, day: int, kind: str = "letter") -> None:
    threads.add(vault, make_entry(bytes([number]) * 16, kind=kind, day=day), unread=True)


def test_letters_are_counted_in_the_month_of_their_day(vault: Vault) -> None:
    put(vault, 1, NOVEMBER - 1)
    put(vault, 2, NOVEMBER)
    put(vault, 3, NOVEMBER + 29)
    put(vault, 4, NOVEMBER + 30)

    assert [(m.month, m.letters) for m in months.every(vault)] == [
        ("2026-10", 1),
        ("2026-11", 2),
        ("2026-12", 1),
    ]


def test_what_became_of_letters_is_counted(vault: Vault) -> None:
    put(vault, 1, NOVEMBER)
    openings.note_opened(vault, SOURCE, NOVEMBER + 3)
    put(vault, 2, NOVEMBER + 4, "reply")
    put(vault, 3, NOVEMBER + 5)

    assert months.every(vault) == [Month("2026-11", letters=2, answered=1, opened=1, waited=3)]


def test_what_was_deleted_is_counted_on(vault: Vault) -> None:
    put(vault, 1, NOVEMBER)
    openings.note_opened(vault, SOURCE, NOVEMBER + 3)
    before = months.every(vault)
    months.keep_of_thread(vault, SOURCE)
    vault.run("DELETE FROM entry")
    assert months.every(vault) == before
    put(vault, 2, NOVEMBER)
    months.keep_of_thread(vault, SOURCE)
    vault.run("DELETE FROM entry")

    assert months.every(vault) == [Month("2026-11", letters=2, answered=0, opened=1, waited=3)]
