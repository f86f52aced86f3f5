from contextlib import nullcontext
from dataclasses import replace

import pytest

from silent_courier.protocol.errors import AlreadyPostedError
from silent_courier.storage.vault import Vault, outbox
from tests.unit.storage.vault.kit import reopened

ENTRY = b"e" * 16
CELLS = [bytes([number]) * 1024 for number in range(3)]


def test_cells_stay_in_order_until_they_are_taken(vault: Vault) -> None:
    outbox.add_cells(vault, ENTRY, CELLS)
    again = reopened(vault)
    queued = outbox.cells(again)
    assert [cell.cell for cell in queued] == CELLS
    outbox.remove_cells(again, queued[:2])

    assert [cell.cell for cell in outbox.cells(again)] == CELLS[2:]
    again.close()


def test_a_refused_cell_is_not_posted_but_its_reply_shows_it(vault: Vault) -> None:
    outbox.add_cells(vault, ENTRY, CELLS)
    outbox.add_cells(vault, b"f" * 16, CELLS[:1])
    outbox.refuse_cell(vault, outbox.cells(vault)[1])

    assert len(outbox.cells(vault)) == 3
    assert outbox.waiting(vault) == {ENTRY: True, b"f" * 16: False}


def test_a_letter_is_posted_as_the_bytes_that_were_kept(vault: Vault) -> None:
    outbox.add_letter(vault, ENTRY, b"{}")
    (letter,) = outbox.letters(vault)
    assert (letter.sealed, letter.sealed_day, letter.recipients) == (None, None, ())
    sealed = replace(letter, sealed=b"sealed", sealed_day=7, recipients=(0, 4))
    outbox.keep_sealed(vault, sealed)
    again = reopened(vault)

    assert outbox.letters(again) == [sealed]
    assert outbox.waiting_letters(again) == {ENTRY}
    outbox.remove_letter(again, sealed)
    assert outbox.letters(again) == []
    again.close()


def test_contents_are_not_in_representations(vault: Vault) -> None:
    outbox.add_cells(vault, ENTRY, CELLS)
    outbox.add_letter(vault, ENTRY, b"secret payload")

    assert "secret" not in repr(outbox.letters(vault))
    assert repr(CELLS[1])[2:10] not in repr(outbox.cells(vault))


def test_a_beat_keeps_its_order_and_its_covers_until_they_are_taken(vault: Vault) -> None:
    outbox.add_cells(vault, ENTRY, CELLS)
    first, second, third = outbox.free_cells(vault)
    outbox.put_cells_in_beat(vault, [second, b"c" * 1024])
    outbox.put_cells_in_beat(vault, [first])
    again = reopened(vault)

    assert [cell.cell for cell in outbox.beat_cells(again)] == [CELLS[1], b"c" * 1024, CELLS[0]]
    assert [cell.is_cover for cell in outbox.beat_cells(again)] == [False, True, False]
    assert outbox.free_cells(again) == [third]
    assert outbox.waiting(again) == {ENTRY: False}
    outbox.remove_cells(again, outbox.beat_cells(again))
    assert outbox.beat_cells(again) == []
    again.close()


def test_a_refused_cover_is_gone(vault: Vault) -> None:
    outbox.put_cells_in_beat(vault, [b"c" * 1024])
    outbox.refuse_cell(vault, outbox.beat_cells(vault)[0])

    assert vault.rows("SELECT * FROM outbox_cell") == []


def test_what_passes_on_goes_after_what_is_new(vault: Vault) -> None:
    outbox.add_letter(vault, b"b" * 16, b"history", bulk=True)
    outbox.add_letter(vault, ENTRY, b"note")
    assert [letter.payload for letter in outbox.free_letters(vault)] == [b"note", b"history"]
    outbox.put_letters_in_beat(vault, [(b"c" * 16, b"cover"), *outbox.free_letters(vault)[1:]])

    assert [letter.is_cover for letter in outbox.beat_letters(vault)] == [True, False]
    assert [letter.payload for letter in outbox.free_letters(vault)] == [b"note"]
    assert outbox.waiting_letters(vault) == {ENTRY, b"b" * 16}


def test_an_answers_copy_waits_for_its_first_cell(vault: Vault) -> None:
    outbox.add_cells(vault, ENTRY, CELLS)
    outbox.add_letter(vault, ENTRY, b"copy")
    assert outbox.free_letters(vault) == []
    outbox.put_cells_in_beat(vault, outbox.free_cells(vault)[:1])
    (copy,) = outbox.free_letters(vault)
    outbox.put_letters_in_beat(vault, [copy, (b"c" * 16, b"cover")])
    assert outbox.empty_beat(vault) == (1, 2)

    assert (outbox.beat_cells(vault), outbox.beat_letters(vault)) == ([], [])
    assert outbox.free_letters(vault) == []
    assert len(outbox.letters(vault)) == 1


@pytest.mark.parametrize("posted", [0, 1, 3])
def test_an_answer_is_taken_back_only_whole(vault: Vault, posted: int) -> None:
    outbox.add_cells(vault, ENTRY, CELLS)
    outbox.add_letter(vault, ENTRY, b"copy")
    outbox.remove_cells(vault, outbox.cells(vault)[:posted])
    assert outbox.is_untouched(vault, ENTRY, is_answer=True) == (posted == 0)
    with pytest.raises(AlreadyPostedError) if posted else nullcontext():
        outbox.take_back(vault, ENTRY, is_answer=True)

    assert len(outbox.letters(vault)) == (1 if posted else 0)
    assert len(outbox.cells(vault)) == (3 - posted if posted else 0)
