"""What the steps of one sync share."""

from collections.abc import Callable
from dataclasses import dataclass

from silent_courier.desk.desk import Desk
from silent_courier.desk.judging import Reading
from silent_courier.desk.remote import DeskServer
from silent_courier.desk.report import Tally
from silent_courier.desk.roster import Roster
from silent_courier.protocol.signing import DeviceKey

Progress = Callable[[str, int, int], None]
"""Takes the step's name, how much of it is done, and of how much (0: not known)."""


@dataclass(frozen=True, slots=True)
class Session:
    """One sync: whose it is, with which server, and what is known of the others."""

    desk: Desk
    server: DeskServer
    key: DeviceKey
    roster: Roster
    reading: Reading
    tally: Tally
    progress: Progress
