"""Lets what waits at a desk be due at once: the timetable has tests of its own."""

from silent_courier.desk import Desk
from silent_courier.desk.timetable import timetable_of
from silent_courier.storage.vault import beats, charters, identity, openings, outbox
from silent_courier.storage.vault.beats import LastBeat


def let_be_due(desk: Desk) -> None:
    """As many cells as wait, or will with what was opened; and a whole beat of letters."""
    charter = charters.current(desk.vault, identity.membership(desk.vault).org_id)
    table, now = timetable_of(charter.body.parameters), desk.clock()
    cells = len(outbox.cells(desk.vault)) + len(openings.unacknowledged(desk.vault))
    cells_until = now - (cells + 0.5) * table.cells.every_s
    beats.set_last(desk.vault, LastBeat(0, cells_until, now - 16.5 * table.letters.every_s))
