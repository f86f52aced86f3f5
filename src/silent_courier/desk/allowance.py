"""How much a colleague's device may say before it is kept apart: far more than any person does.

Whoever has stolen a desk can sign letters without end, and every desk would file them all. The
limits are what an honest desk cannot reach: more letters on one day than its timetable lets it post
while a server keeps them, and more on one thread than a person would set there. Spec §14.6.
"""

from typing import Final

from silent_courier.desk.reasons import Reason
from silent_courier.desk.timetable import timetable_of
from silent_courier.protocol.calendar import SECONDS_PER_DAY
from silent_courier.protocol.charter import Parameters
from silent_courier.protocol.payload import ChangePayload, ColleaguePayload
from silent_courier.protocol.sizes import RETENTION_DAYS_MAX
from silent_courier.storage.vault import Vault, changes, signed

LETTERS_A_DAY_MIN: Final = 1000
CHANGES_A_THREAD: Final = 1000
BYTES_A_THREAD: Final = 2 * 1024 * 1024
SHARED_TIMES: Final = 10
"""What is of no thread, templates and trails, may be so many times as much: it lasts for ever."""


def letters_a_day(parameters: Parameters) -> int:
    """How many letters of one device are filed on one day."""
    every_s = timetable_of(parameters).letters.every_s
    return max(LETTERS_A_DAY_MIN, int(RETENTION_DAYS_MAX * SECONDS_PER_DAY / every_s))


def room_today(vault: Vault, parameters: Parameters, device: int, today: int) -> int:
    """How many more letters of this device are filed today."""
    return max(0, letters_a_day(parameters) - signed.filed_on(vault, device, today))


def is_over(
    vault: Vault, parameters: Parameters, payload: ColleaguePayload, device: int, today: int
) -> Reason | None:
    """Why one more letter of this device is kept apart; None when it is not."""
    if not room_today(vault, parameters, device, today):
        return Reason.TOO_MANY
    if not isinstance(payload, ChangePayload):
        return None
    times = SHARED_TIMES if payload.source_id == payload.org_id else 1
    count, length = changes.weight(vault, bytes.fromhex(payload.source_id), device)
    too_much = count >= times * CHANGES_A_THREAD or length >= times * BYTES_A_THREAD
    return Reason.THREAD_FULL if too_much else None
