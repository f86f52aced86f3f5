"""Chunks of deleted attachments, and that they are asked for as if nothing had been deleted."""

from collections.abc import Mapping

from silent_courier.storage.vault import Vault, attachments, debts
from silent_courier.storage.vault.attachments import GONE_AFTER_DAYS, KeptAttachment
from tests.unit.storage.vault.kit import TODAY, file_letter
from tests.unit.storage.vault.test_attachments import described

ONE, OTHER = b"1" * 16, b"2" * 16
NAMES: Mapping[int, bytes] = {1: b"b" * 32, 2: b"c" * 32}


def kept(vault: Vault) -> list[KeptAttachment]:
    """Two attachments of one letter, one of another."""
    file_letter(vault, 1, entry=ONE)
    file_letter(vault, 2, entry=OTHER)
    attachments.add(vault, ONE, [described(1, chunks=3), described(2, chunks=3)])
    attachments.add(vault, OTHER, [described(3, chunks=3)])
    return attachments.to_fetch(vault, TODAY)


def test_debts_stand_where_the_attachments_stood(vault: Vault) -> None:
    first, second, third = kept(vault)
    attachments.note_chunk(vault, first, 0)
    attachments.note_miss(vault, third, TODAY)
    now = {each.seq: each for each in attachments.to_fetch(vault, TODAY)}
    debts.owe(vault, [(now[each.seq], NAMES) for each in (first, second, third)])
    owed = debts.to_fetch(vault, TODAY)

    assert [each.place for each in owed] == [first.seq, second.seq, third.seq]
    assert [each.letter for each in owed] == [1, 1, 2]
    assert [each.is_begun for each in owed] == [True, False, False]
    assert [(each.misses, each.letters_misses) for each in owed] == [(0, 0), (0, 0), (1, 1)]
    assert [each.chunks for each in owed] == [2, 2, 2]
    assert debts.chunks_of(vault, owed[0]) == list(NAMES.items())
    assert debts.in_place_of(vault, second.seq) == owed[1]
    assert debts.in_place_of(vault, 99) is None


def test_what_is_not_there_is_asked_for_ever_less_as_if_it_were_still_here(vault: Vault) -> None:
    first, *_ = kept(vault)
    debts.owe(vault, [(first, NAMES)])
    asked = []
    for day in range(TODAY, TODAY + 40):
        for debt in debts.to_fetch(vault, day):
            debts.note_miss(vault, debt, day)
            asked.append(day - TODAY)

    assert asked == [0, 1, 2, 3, 4, 6, 10, 18, 26, 34]


def test_what_comes_ends_the_waiting_of_its_letter_and_with_the_last_the_debt(
    vault: Vault,
) -> None:
    first, second, third = kept(vault)
    debts.owe(vault, [(each, NAMES) for each in (first, second, third)])
    paid, waiting, other = debts.to_fetch(vault, TODAY)
    for each in (waiting, other):
        for _ in range(5):
            debts.note_miss(vault, each, TODAY)
    assert debts.to_fetch(vault, TODAY) == []
    debts.pay(vault, paid, 1)
    assert [each.seq for each in debts.to_fetch(vault, TODAY)] == [paid.seq, waiting.seq]
    assert debts.chunks_of(vault, paid) == [(2, NAMES[2])]
    debts.pay(vault, paid, 2)

    assert [each.seq for each in debts.to_fetch(vault, TODAY)] == [waiting.seq]


def test_what_no_server_can_hold_any_more_is_forgotten(vault: Vault) -> None:
    first, *_ = kept(vault)
    debts.owe(vault, [(first, NAMES)])
    debts.give_up(vault, TODAY + GONE_AFTER_DAYS)
    assert len(debts.to_fetch(vault, TODAY)) == 1
    debts.give_up(vault, TODAY + GONE_AFTER_DAYS + 1)

    assert vault.row("SELECT (SELECT count(*) FROM debt), count(*) FROM debt_chunk") == (0, 0)


def test_what_comes_later_is_asked_for_later_than_what_was_deleted(vault: Vault) -> None:
    first, second, third = kept(vault)
    debts.owe(vault, [(each, NAMES) for each in (first, second, third)])
    vault.run("DELETE FROM attachment")
    attachments.add(vault, ONE, [described(4)])
    (late,) = attachments.to_fetch(vault, TODAY)

    assert late.seq > max(debt.place for debt in debts.to_fetch(vault, TODAY)) == third.seq
