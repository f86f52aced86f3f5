from silent_courier.storage.vault import Vault, posted_cells
from silent_courier.storage.vault.posted_cells import BoardSeen, PostedCell

FIRST, SECOND = PostedCell(b"1" * 16, b"a" * 32, 7), PostedCell(b"2" * 16, b"b" * 32, 5)


def test_cells_are_unseen_until_they_are_forgotten(vault: Vault) -> None:
    posted_cells.note(vault, [FIRST, SECOND])
    posted_cells.note(vault, [FIRST])
    assert posted_cells.unseen(vault) == [SECOND, FIRST]
    posted_cells.forget(vault, [SECOND])

    assert posted_cells.unseen(vault) == [FIRST]


def test_only_the_last_board_is_remembered(vault: Vault) -> None:
    assert posted_cells.last_board(vault) is None
    for epoch in (1, 2):
        posted_cells.set_last_board(vault, BoardSeen(epoch, b"d" * 32, 9))

    assert posted_cells.last_board(vault) == BoardSeen(2, b"d" * 32, 9)
