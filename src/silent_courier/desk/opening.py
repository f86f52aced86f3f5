"""Opening a sealed letter with the day keys there are. Spec §4.4.

A letter is tried with the keys of the days around its arrival, likeliest first; one that was
handed in late opens as long as its day key lives.
"""

from collections.abc import Sequence

from silent_courier.protocol import age
from silent_courier.protocol.errors import NoStanzaForUsError
from silent_courier.protocol.letter import OpenedLetter, letter_hash, open_letter
from silent_courier.storage.vault.day_keys import DayKey
from silent_courier.storage.vault.letters import Opened


def open_sealed(sealed: bytes, arrival: int, keys: Sequence[DayKey]) -> Opened:
    """Open with one of these day keys.

    Raises:
        NoStanzaForUsError: it is for none of them.
        CannotOpenError: it is for one of them, but altered.
        MalformedLetterError, MalformedAgeError
    """
    # Nobody outside has seen the key of a day that is still to come.
    candidates = [key for key in keys if key.day <= arrival + 1]
    for key in sorted(candidates, key=lambda key: (abs(key.day - arrival), key.day)):
        try:
            opened = open_letter(sealed, [key.identity])
        except NoStanzaForUsError:
            continue
        return describe(sealed, arrival, opened, key_day=key.day)
    # With no key at all its form is still to be looked at.
    open_letter(sealed, [])
    raise NoStanzaForUsError


def describe(
    sealed: bytes,
    arrival: int,
    opened: OpenedLetter,
    *,
    key_day: int | None = None,
    passed_by: int | None = None,
) -> Opened:
    """An opened letter with all that is to be remembered of it."""
    return Opened(
        hash=letter_hash(sealed),
        arrival=arrival,
        plaintext=opened.plaintext,
        key_day=key_day,
        passed_by=passed_by,
        file_key=opened.file_key,
        header=age.header_digest(sealed),
        sealed=sealed,
    )
