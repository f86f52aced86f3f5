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
    """Keep the file keys of letters that we could not open; they are fetched by hash later."""
    passed = [bytes.fromhex(item.letter) for item in payload.letters]
    _note_passed(reading, opened, passed, device)
    for item, letter in zip(payload.letters, passed, strict=True):
        if device is not None and letters.state_of(reading.vault, letter) in _OPEN_STATES:
            key = FileKey(letter, device, bytes.fromhex(item.file_key))
            passing.keep_file_key(reading.vault, key)


def put_history_part(
    reading: Reading, opened: Opened, payload: HistoryPayload, device: int | None
) -> Opened | None:
    """Keep one part; the whole letter once all parts are there and it is not here yet."""
    letter = bytes.fromhex(payload.letter)
    _note_passed(reading, opened, [letter], device)
    if device is None or letters.state_of(reading.vault, letter) not in _OPEN_STATES:
        return None
    place = (payload.part, payload.parts)
    passing.keep_part(reading.vault, letter, device, place, bytes.fromhex(payload.data))
    joined = passing.take_history(reading.vault, letter, device)
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


def _note_passed(reading: Reading, opened: Opened, passed: list[bytes], device: int | None) -> None:
    """Whoever could open this letter has now been given what it passes on."""
    given = set() if device is None else {device}
    if opened.key_day is not None:
        seq = letters.seq_of(reading.vault, opened.hash)
        devices = reading.charter.current_devices
        given |= presence.could_open(reading.vault, opened.key_day, seq, devices)
    day = reading.today if opened.key_day is None else opened.key_day
    passing.note_passed(reading.vault, passed, given, day)
