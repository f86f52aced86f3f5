from dataclasses import replace

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
