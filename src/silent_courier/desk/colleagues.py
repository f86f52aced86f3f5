"""What colleagues pass on: file keys of letters, and letters in parts. Spec §14.5.

A part-wise letter cannot be held against its hash, which is of its sealed bytes; the colleague
who signed the parts vouches for it, and the thread says so.
"""

from silent_courier.desk.judging import Reading
from silent_courier.protocol.frame import frame
from silent_courier.protocol.payload import HistoryPayload, ResealPayload
from silent_courier.protocol.sizes import LETTER_PAYLOAD_MAX, LETTER_PLAINTEXT_LEN, TRAILER_LEN
from silent_courier.storage.vault import letters, passing, presence
from silent_courier.storage.vault.letters import Opened, State
from silent_courier.storage.vault.passing import FileKey

_OPEN_STATES = (None, State.LISTED, State.UNOPENED)


def put_reseal(
    reading: Reading, opened: Opened, payload: ResealPayload, device: int | None
) -> None:
    """Keep the file keys of letters that we could not open; they are fetched by hash later.

    A letter counts as passed on only with the key that opens it: else one wrong key from one
    colleague would keep it from another for ever.
    """
    given, day = _given(reading, opened, device)
    for item in payload.letters:
        letter, file_key = bytes.fromhex(item.letter), bytes.fromhex(item.file_key)
        if passing.file_key_of(reading.vault, letter) == file_key:
            passing.note_passed(reading.vault, [letter], given, day)
        elif device is not None and letters.state_of(reading.vault, letter) in _OPEN_STATES:
            key = FileKey(letter, device, file_key)
            passing.keep_file_key(reading.vault, key)
            passing.promise(reading.vault, key, given, day)


def put_history_part(
    reading: Reading, opened: Opened, payload: HistoryPayload, device: int | None
) -> Opened | None:
    """Keep one part; the whole letter once all parts are there and it is not here yet.

    What is here already counts as passed on once all parts are there and say the same.
    """
    letter = bytes.fromhex(payload.letter)
    ours = passing.content_of(reading.vault, letter)
    known = letters.state_of(reading.vault, letter) not in _OPEN_STATES
    if device is None or (known and ours is None):
        return None
    place = (payload.part, payload.parts)
    passing.keep_part(reading.vault, letter, device, place, bytes.fromhex(payload.data))
    joined = passing.take_history(reading.vault, letter, device)
    if joined is not None and ours in {None, joined}:
        passing.note_passed(reading.vault, [letter], *_given(reading, opened, device))
    if known:
        return None
    if joined is None or not TRAILER_LEN < len(joined) <= LETTER_PAYLOAD_MAX + TRAILER_LEN:
        return None
    passing.drop_history(reading.vault, letter)
    return Opened(
        hash=letter,
        arrival=letters.arrival_of(reading.vault, letter) or reading.today,
        plaintext=frame(joined[:-TRAILER_LEN], LETTER_PLAINTEXT_LEN - TRAILER_LEN)
        + joined[-TRAILER_LEN:],
        passed_by=device,
    )


def _given(reading: Reading, opened: Opened, device: int | None) -> tuple[set[int], int]:
    """Whoever could open this letter has what it passes on; and the day of their keys."""
    given = set() if device is None else {device}
    if opened.key_day is not None:
        seq = letters.seq_of(reading.vault, opened.hash)
        devices = reading.charter.current_devices
        given |= presence.could_open(reading.vault, opened.key_day, seq, devices)
    return given, reading.today if opened.key_day is None else opened.key_day
