"""One letter for stock `age`: its sealed bytes and the day key that opens it. Spec §4.5.

Possible while the day key lives. Whoever gets the identity can open every letter of that day;
the command line says so.
"""

from silent_courier.desk.auditing import Act, record
from silent_courier.desk.desk import Desk
from silent_courier.desk.reading import only_one
from silent_courier.desk.views import ExportedLetter
from silent_courier.protocol.errors import DayKeyGoneError
from silent_courier.storage.vault import day_keys, letters


def export_letter(desk: Desk, letter: str) -> ExportedLetter:
    """Hand out a letter, named by the first characters of its hash.

    Raises:
        UnknownThreadError: no filed letter begins so, or several.
        DayKeyGoneError: its day key is destroyed, or a colleague passed it on.
    """
    found = only_one(letters.find(desk.vault, letter.lower()), letter)
    kept = letters.sealed_of(desk.vault, found)
    key = day_keys.of_day(desk.vault, kept[1]) if kept else None
    if kept is None or key is None:
        raise DayKeyGoneError
    record(desk, Act.HANDED_OUT)
    return ExportedLetter(found.hex(), kept[0], key.identity.encode() + "\n")
