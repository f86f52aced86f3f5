"""Lets what waits at a desk be due at once: the timetable has tests of its own."""

from silent_courier.desk import Desk
from silent_courier.desk.timetable import timetable_of
from silent_courier.storage.vault import beats, charters, identity, outbox
from silent_courier.storage.vault.beats import LastBeat


def let_be_due(desk: Desk) -> None:
    """As many cells and letters as wait, and a few that a sync may add."""
    charter = charters.current(desk.vault, identity.membership(desk.vault).org_id)
    table, now = timetable_of(charter.body.parameters), desk.clock()
    cells, letters = len(outbox.cells(desk.vault)), len(outbox.letters(desk.vault))
    cells_until = now - (cells + 1.5) * table.cells.every_s
    letters_until = now - (letters + 6.5) * table.letters.every_s
    beats.set_last(desk.vault, LastBeat(0, cells_until, letters_until))
