"""Choosing between letters that speak for one source with different thread keys. Spec §14.7.

Whoever has read a source's letter can write another one in its name, with a key of their own, and
which of the two comes first is chance. The desk cannot tell them apart, a person may.
"""

from dataclasses import replace

from silent_courier.desk.auditing import Act, record
from silent_courier.desk.desk import Desk
from silent_courier.desk.filing import file_opened
from silent_courier.desk.judging import Reading, key_of, passed_key, read_opened
from silent_courier.desk.pins import pin_of
from silent_courier.desk.reading import find_thread, only_one
from silent_courier.desk.reasons import Reason
from silent_courier.desk.releasing import make_reading
from silent_courier.protocol.errors import UnknownThreadError
from silent_courier.protocol.kept import KeptLetterPayload
from silent_courier.protocol.payload import LetterPayload
from silent_courier.protocol.thread import ThreadKey
from silent_courier.storage.vault import disputes, letters, threads
from silent_courier.storage.vault.letters import Opened


def settle(desk: Desk, thread: str, letter: str) -> str:
    """Believe this letter and those that carry the same key; the thread can be answered again.

    What was filed before under another key stays in the thread, for people to read.

    Args:
        desk: joined.
        thread: the beginning of its id.
        letter: the beginning of the hash of one of the letters in it.

    Returns:
        The hash of the letter that was chosen.

    Raises:
        UnknownThreadError: no such thread or letter, or nothing to settle.
        NotJoinedError
    """
    source = bytes.fromhex(find_thread(desk, thread))
    contesting = disputes.contesting(desk.vault, source)
    if not contesting:
        raise UnknownThreadError
    filed = threads.source_letters(desk.vault, source)
    fitting = [name for name in filed + contesting if name.hex().startswith(letter.lower())]
    chosen = only_one(fitting, letter)
    reading = make_reading(desk)
    again = letters.reopened(desk.vault, [Reason.ANOTHER_THREAD_KEY])
    again = [replace(opened, released=True) for opened in again if opened.hash in contesting]
    with desk.vault.transaction():
        for opened in again:
            if opened.hash == chosen:
                threads.set_pin(desk.vault, source, _key_in(reading, opened))
        disputes.settle(desk.vault, source, chosen)
        for opened in again:
            file_opened(reading, opened)
        record(desk, Act.SETTLED, source)
    desk.vault.forget()
    return chosen.hex()


def _key_in(reading: Reading, opened: Opened) -> ThreadKey:
    letter = read_opened(reading, opened)
    payload = None if isinstance(letter, Reason) else letter.payload
    key = None
    if isinstance(payload, LetterPayload):
        key = key_of(payload)
    elif isinstance(payload, KeptLetterPayload):
        key = passed_key(payload)
    if key is None:
        raise UnknownThreadError
    return pin_of(key, reading.week)
