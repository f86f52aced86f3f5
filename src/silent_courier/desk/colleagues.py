"""What colleagues pass on and tell: keys and parts of letters, marks, digests. Spec §14.5.

A part-wise letter cannot be held against its hash, which is of its sealed bytes; the colleague
who signed the parts vouches for it, and the thread says so.
"""

import msgspec

from silent_courier.desk.copies import notice_own
from silent_courier.desk.judging import Reading, passed_key
from silent_courier.desk.pins import matches
from silent_courier.protocol.errors import ProtocolError
from silent_courier.protocol.kept import KeptLetterPayload, parse_passed
from silent_courier.protocol.payload import (
    ChangePayload,
    DigestPayload,
    HistoryPayload,
    MarkPayload,
    ResealPayload,
)
from silent_courier.protocol.sizes import TRAILER_LEN
from silent_courier.storage.vault import (
    changes,
    deleting,
    digests,
    letters,
    openings,
    passing,
    presence,
    threads,
)
from silent_courier.storage.vault.changes import KeptChange
from silent_courier.storage.vault.digests import DayDigest
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
    if joined is None or len(joined) <= TRAILER_LEN:
        return None
    if ours is None or _says_the_same(reading, ours, joined):
        passing.note_passed(reading.vault, [letter], *_given(reading, opened, device))
    if known:
        return None
    passing.drop_history(reading.vault, letter)
    return Opened(
        hash=letter,
        arrival=letters.arrival_of(reading.vault, letter) or reading.today,
        plaintext=joined,
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


def _says_the_same(reading: Reading, ours: bytes, joined: bytes) -> bool:
    """Whether parts hold what is here; the key that comes with them must be the pinned one."""
    try:
        before, passed = (parse_passed(part[:-TRAILER_LEN]) for part in (ours, joined))
    except ProtocolError:
        return False
    if isinstance(passed, KeptLetterPayload):
        key = passed_key(passed)
        pin = threads.pin(reading.vault, bytes.fromhex(passed.source_id), passed.generation)
        if key is not None and (pin is None or not matches(pin, key)):
            return False
        passed = msgspec.structs.replace(passed, thread_key=None, week=None)
    return (passed, joined[-TRAILER_LEN:]) == (before, ours[-TRAILER_LEN:])


def put_mark(reading: Reading, payload: MarkPayload, device: int | None) -> None:
    """Remember what a person has opened at a colleague's, and whether the source was told."""
    source = bytes.fromhex(payload.source_id)
    if deleting.was_deleted(reading.vault, source, payload.day):
        return
    opened = [bytes.fromhex(letter) for letter in payload.letters]
    told = payload.acknowledged
    openings.note_mark(reading.vault, opened, source, payload.opened, acknowledged=told)
    if device is not None:
        openings.note_reader(reading.vault, opened, device, payload.opened, acknowledged=told)


def put_change(
    reading: Reading, payload: ChangePayload, device: int | None, content: bytes
) -> bytes | None:
    """Take in what a colleague set on a thread; None where the thread was deleted since.

    How the thread then stands is for `merging.rebuild`, once for all that a sync brings.
    """
    source, name = bytes.fromhex(payload.source_id), bytes.fromhex(payload.id)
    if device is None or deleting.was_deleted(reading.vault, source, payload.day):
        return None
    if changes.find(reading.vault, name) is None:
        # What we set on a thread is not known here any more once the thread is deleted.
        if not deleting.ever_deleted(reading.vault, source):
            notice_own(reading.vault, device, reading.today)
        changes.add(
            reading.vault,
            KeptChange(name, source, payload.day, payload.clock, device, reading.today, content),
        )
    return name


def put_digest(reading: Reading, payload: DigestPayload, device: int | None) -> None:
    """Keep what a colleague was shown of a day, to be held against what we were."""
    if device is None:
        return
    digests.keep(
        reading.vault,
        DayDigest(
            device,
            payload.listed,
            payload.count,
            bytes.fromhex(payload.digest),
            bytes.fromhex(payload.prefixes),
        ),
    )
