from dataclasses import replace

from silent_courier.storage.vault import Vault, deleting, outbox, posted_cells, threads
from silent_courier.storage.vault.posted_cells import BoardSeen, PostedCell
from tests.unit.storage.vault.kit import SOURCE, TODAY, make_entry

FIRST, SECOND = PostedCell(b"1" * 16, b"a" * 32, 7), PostedCell(b"2" * 16, b"b" * 32, 5)


def test_cells_are_unseen_until_they_are_forgotten(vault: Vault) -> None:
    posted_cells.note(vault, [FIRST, SECOND])
    posted_cells.note(vault, [FIRST])
    assert posted_cells.unseen(vault) == [SECOND, FIRST]
    posted_cells.forget(vault, [SECOND])

    assert posted_cells.unseen(vault) == [FIRST]


def test_an_answer_is_shown_once_none_of_its_cells_is_still_to_be_seen(vault: Vault) -> None:
    answer = b"e" * 16
    threads.add(vault, make_entry(answer, kind="reply", day=TODAY, device=4), unread=False)
    parts = [replace(cell, entry=answer) for cell in (FIRST, SECOND)]
    outbox.add_cells(vault, answer, [b"c" * 1024])
    posted_cells.note(vault, parts)

    for part in parts:
        posted_cells.forget(vault, [part])
        posted_cells.note_shown(vault, {answer, b"", b"x" * 16}, TODAY)
        assert posted_cells.shown(vault, SOURCE) == {}
    outbox.remove_cells(vault, outbox.cells(vault))
    for day in (TODAY + 1, TODAY + 2):
        posted_cells.note_shown(vault, {answer}, day)
    assert posted_cells.shown(vault, SOURCE) == {answer: TODAY + 1}
    assert posted_cells.shown(vault, b"o" * 32) == {}


def test_what_is_deleted_is_neither_shown_nor_named_by_a_cell(vault: Vault) -> None:
    answer = b"e" * 16
    threads.add(vault, make_entry(answer, kind="reply", day=TODAY, device=4), unread=False)
    posted_cells.note_shown(vault, {answer}, TODAY)
    posted_cells.note(vault, [replace(FIRST, entry=answer)])
    deleting.forget_thread(vault, SOURCE, TODAY)

    assert vault.rows("SELECT * FROM shown") == []
    assert posted_cells.unseen(vault) == [FIRST]


def test_only_the_last_board_is_remembered(vault: Vault) -> None:
    assert posted_cells.last_board(vault) is None
    for epoch in (1, 2):
        posted_cells.set_last_board(vault, BoardSeen(epoch, b"d" * 32, 9))

    assert posted_cells.last_board(vault) == BoardSeen(2, b"d" * 32, 9)
