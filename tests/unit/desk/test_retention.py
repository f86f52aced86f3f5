"""Deleting: that nothing of it is left, and that it does not come back."""

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from silent_courier.desk import Desk, list_quarantine, list_threads, note, read_thread, reply
from silent_courier.desk.colleagues import put_change, put_history_part
from silent_courier.desk.deadlines import change_settings
from silent_courier.desk.filing import file_sealed
from silent_courier.desk.retention import delete_expired, delete_thread, deleting_thread
from silent_courier.desk.searching import search_all as look_for
from silent_courier.desk.syncing import sync
from silent_courier.desk.team import add_label, follow_up, switch, translate
from silent_courier.protocol.errors import ThreadHeldError, ThreadWaitsError, UnknownThreadError
from silent_courier.protocol.kept import encode_kept, keep_letter
from silent_courier.protocol.payload import (
    CLOCK_A_DAY,
    ChangePayload,
    FormAnswer,
    HistoryPayload,
    parse_letter_payload,
)
from silent_courier.protocol.sizes import TRAILER_LEN
from silent_courier.storage.vault import audit, day_keys, drafts, identity, letters, months, outbox
from silent_courier.storage.vault.database import DATABASE_NAME, PAGE_LEN
from silent_courier.storage.vault.header import derive_key, parse_header
from silent_courier.storage.vault.letters import Opened, State
from silent_courier.storage.vault.opening import HEADER_NAME
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import (
    PASSPHRASE,
    Clock,
    SmallServer,
    changed,
    make_file,
    make_reading,
    seal,
    seal_raw,
    seal_signed,
)
from tests.unit.protocol.makers import (
    TODAY,
    Organisation,
    change_payload,
    draw,
    letter_payload,
    note_payload,
    source_id,
)

WORD = "ZINNOBERROT"
_RESERVED = 80
_IV_LEN = 16
_SALT_LEN = 16
_WAL_HEADER_LEN = 32
_FRAME_HEADER_LEN = 24


def pages(directory: Path) -> bytes:
    """Every page of the database and of its journal, free ones too, opened by the vault's key."""
    key = derive_key(parse_header((directory / HEADER_NAME).read_bytes()), PASSPHRASE).key
    data = (directory / DATABASE_NAME).read_bytes()
    starts = range(0, len(data), PAGE_LEN)
    found = [_open(key, data[at : at + PAGE_LEN], number=at // PAGE_LEN + 1) for at in starts]
    journal = (directory / f"{DATABASE_NAME}-wal").read_bytes()[_WAL_HEADER_LEN:]
    step = _FRAME_HEADER_LEN + PAGE_LEN
    for frame in (journal[at : at + step] for at in range(0, len(journal), step)):
        number = int.from_bytes(frame[:4], "big")
        found.append(_open(key, frame[_FRAME_HEADER_LEN:], number=number))
    return b"".join(found)


def _open(key: bytes, page: bytes, *, number: int) -> bytes:
    """A page of SQLCipher 4: AES-256-CBC, its IV in the reserved bytes; page 1 begins with salt."""
    end = PAGE_LEN - _RESERVED
    cipher = Cipher(algorithms.AES(key), modes.CBC(page[end : end + _IV_LEN]))
    decryptor = cipher.decryptor()
    return decryptor.update(page[_SALT_LEN if number == 1 else 0 : end]) + decryptor.finalize()


def holds(desk: Desk, word: str) -> bool:
    """Whether the word stands anywhere in the vault, as text or folded for the index, or as hex."""
    found = pages(desk.vault.directory)
    forms = (word.encode(), word.lower().encode(), word.encode().hex().encode())
    files = [
        path.read_bytes() + path.name.encode()
        for path in desk.vault.directory.rglob("*")
        if path.is_file()
    ]
    return any(form in content for form in forms for content in [found, *files])


def take(desk: Desk, org: Organisation, sealed: bytes) -> State:
    keys = day_keys.living(desk.vault)
    return file_sealed(make_reading(desk, org), sealed, desk.today, keys).state


@pytest.fixture
def thread(desk: Desk, org: Organisation) -> str:
    """A thread of which every part has the word."""
    said = (FormAnswer(question="what", answer=f"{WORD} form"),)
    letter = letter_payload(org, text=f"{WORD} letter", form=said)
    sealed = seal(org, letter)
    take(desk, org, sealed)
    # Sent once more: stands in quarantine with all its words.
    assert take(desk, org, seal(org, letter)) is State.QUARANTINED
    take(desk, org, seal_signed(org, note_payload(org, text=f"{WORD} note", id="cd" * 16), 4))
    thread = source_id(org).hex()
    reply(desk, thread, f"{WORD} answer")
    note(desk, thread, f"{WORD} own note")
    add_label(desk, thread, f"{WORD} label")
    follow_up(desk, thread, TODAY + 1, f"{WORD} to do")
    translate(desk, thread, letter.id, "en", f"{WORD} translation")
    drafts.keep(desk.vault, source_id(org), "reply", f"{WORD} draft")
    return thread


def post_all(desk: Desk) -> None:
    """As if a sync had posted everything."""
    desk.vault.run("DELETE FROM outbox_cell")
    desk.vault.run("DELETE FROM outbox_letter")


def test_the_word_is_found_where_it_stands(desk: Desk, thread: str) -> None:
    desk.vault.forget()

    assert holds(desk, WORD)


def test_of_a_deleted_thread_no_word_is_left_anywhere(desk: Desk, thread: str) -> None:
    post_all(desk)
    delete_thread(desk, thread)

    assert list_threads(desk) == ()
    assert list_quarantine(desk) == ()
    assert look_for(desk, WORD).hits == ()
    assert not holds(desk, WORD)
    assert not holds(desk, thread)
    assert bytes.fromhex(thread) not in pages(desk.vault.directory)


async def test_its_attachments_leave_the_disk(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    file = make_file(org, f"{WORD}.txt", f"{WORD} file".encode() * 99)
    server.chunks |= file.chunks
    server.put(seal(org, letter_payload(org, attachments=(file.attachment,))))
    await sync(desk, transport)
    chunks = [path for path in (desk.vault.directory / "chunks").rglob("*") if path.is_file()]
    assert chunks
    await sync(desk, transport)
    delete_thread(desk, source_id(org).hex())

    assert not any(path.exists() for path in chunks)
    assert not holds(desk, WORD)


async def test_of_a_file_that_was_not_whole_the_names_of_missing_chunks_stay_and_no_key(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    file = make_file(org, f"{WORD}.txt", f"{WORD} file".encode() * 999_999)
    missing = list(file.chunks)[-3:]
    server.chunks |= {name: chunk for name, chunk in file.chunks.items() if name not in missing}
    letter = server.put(seal(org, letter_payload(org, attachments=(file.attachment,))))
    await sync(desk, transport)
    seal_of_it = file.attachment
    secrets = [seal_of_it.key, seal_of_it.id, seal_of_it.sha256]
    assert all(bytes.fromhex(each) in pages(desk.vault.directory) for each in secrets)
    delete_thread(desk, source_id(org).hex())

    found = pages(desk.vault.directory)
    assert [name in found for name in map(bytes.fromhex, file.chunks)] == [
        name in missing for name in file.chunks
    ]
    assert not any(bytes.fromhex(each) in found for each in (*secrets, source_id(org).hex()))
    assert not holds(desk, WORD)
    assert letters.state_of(desk.vault, letter) is State.DELETED


async def test_a_deleted_letter_is_not_fetched_again(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    name = server.put(seal(org, letter_payload(org)))
    await sync(desk, transport)
    delete_thread(desk, source_id(org).hex())
    report = await sync(desk, transport)

    assert (report.letters, list_threads(desk)) == (0, ())
    assert letters.state_of(desk.vault, name) is State.DELETED
    assert letters.hashes_of(desk.vault, TODAY) >= [name]


def test_a_colleague_cannot_bring_it_back(desk: Desk, org: Organisation, thread: str) -> None:
    post_all(desk)
    (name, *_) = [
        row[0] for row in desk.vault.rows("SELECT hash FROM letter WHERE kind = 'letter'")
    ]
    delete_thread(desk, thread)
    content = encode_kept(keep_letter(letter_payload(org))) + bytes(TRAILER_LEN)
    passed = note_payload(org)
    part = HistoryPayload(
        id="aa" * 16,
        org_id=passed.org_id,
        charter=passed.charter,
        day=TODAY,
        generation=1,
        letter=name.hex(),
        part=0,
        parts=1,
        data=content.hex(),
    )
    opened = Opened(b"h" * 32, TODAY, b"")
    assert put_history_part(make_reading(desk, org), opened, part, 4) is None
    late = changed(passed, text=f"{WORD} late", id="bb" * 16)
    assert take(desk, org, seal_signed(org, late, 4)) is State.FILED
    desk.vault.forget()

    assert list_threads(desk) == ()
    assert not holds(desk, WORD)


def test_a_source_that_writes_again_begins_a_new_thread(
    desk: Desk, org: Organisation, thread: str, clock: Clock
) -> None:
    post_all(desk)
    delete_thread(desk, thread)
    clock.turn(1)
    again = letter_payload(org, id=draw("again", 16).hex(), day=TODAY + 1, text="снова")
    take(desk, org, seal(org, again, day=TODAY + 1))

    (entry,) = read_thread(desk, thread)
    assert entry.text == "снова"


def test_what_is_on_hold_is_not_deleted(desk: Desk, thread: str, clock: Clock) -> None:
    switch(desk, thread, "held", on=True)
    switch(desk, thread, "closed", on=True)
    post_all(desk)
    change_settings(desk, retention_days=1)
    with pytest.raises(ThreadHeldError):
        delete_thread(desk, thread)
    clock.turn(30)

    assert delete_expired(desk) == 0
    assert holds(desk, WORD)


def test_what_is_still_to_be_posted_is_not_deleted(desk: Desk, thread: str) -> None:
    with pytest.raises(ThreadWaitsError):
        delete_thread(desk, thread)
    post_all(desk)
    name = letters.hashes_of(desk.vault, TODAY) or [
        row[0] for row in desk.vault.rows("SELECT hash FROM letter WHERE kind = 'letter'")
    ]
    queued = f'{{"kind":"history","letter":"{name[0].hex()}"}}'.encode()
    outbox.add_letter(desk.vault, b"q" * 16, queued)
    with pytest.raises(ThreadWaitsError):
        delete_thread(desk, thread)


def test_what_is_set_aside_while_a_thread_is_being_deleted_goes_with_it(
    desk: Desk, org: Organisation, thread: str
) -> None:
    """Strangers have filled the quarantine, so looking through it takes steps."""
    post_all(desk)
    for number in range(120):
        spam = f'{{"spam":{number},"about":"{draw(str(number)).hex()}"}}'
        assert take(desk, org, seal_raw(org, spam.encode())) is State.QUARANTINED
    steps = deleting_thread(desk, thread)
    next(steps)
    again = letter_payload(org, id="ee" * 16, text=f"{WORD} late", thread_key="ab" * 32)
    assert take(desk, org, seal(org, again)) is State.QUARANTINED
    assert len(list(steps)) == 1

    assert len(list_quarantine(desk)) == 120
    assert not holds(desk, WORD)


def test_what_is_put_on_hold_while_it_is_being_deleted_stays(
    desk: Desk, org: Organisation, thread: str
) -> None:
    post_all(desk)
    for number in range(60):
        take(desk, org, seal_raw(org, f'{{"spam":{number}}}'.encode()))
    steps = deleting_thread(desk, thread)
    next(steps)
    switch(desk, thread, "held", on=True)
    with pytest.raises(ThreadHeldError):
        list(steps)

    assert len(list_threads(desk)) == 1


def test_closed_threads_go_after_their_days_and_only_where_it_was_asked_for(
    desk: Desk, thread: str, clock: Clock
) -> None:
    switch(desk, thread, "closed", on=True)
    post_all(desk)
    clock.turn(400)
    assert delete_expired(desk) == 0
    change_settings(desk, retention_days=400)
    assert delete_expired(desk) == 0
    clock.turn(1)

    assert delete_expired(desk) == 1
    assert not holds(desk, WORD)
    assert audit.every(desk.vault)[-1].act == "expired"


def set_by_colleague(
    desk: Desk, org: Organisation, field: str, value: str, dated: tuple[int, int]
) -> State:
    """A colleague's change, dated as they like, posted and sealed today."""
    day, clock = dated
    change = change_payload(
        org, id=os.urandom(16).hex(), field=field, item="", value=value, day=day, clock=clock
    )
    return take(desk, org, seal_signed(org, change, 4, devices=(0,), day=desk.today))


def assert_kept_another_month(desk: Desk, clock: Clock) -> None:
    """Today and thirty days from now it stays, and on the day after that it goes."""
    assert delete_expired(desk) == 0
    clock.turn(30)
    assert delete_expired(desk) == 0
    clock.turn(1)
    assert delete_expired(desk) == 1


def test_a_colleague_who_dates_a_closing_back_deletes_nothing_at_once(
    desk: Desk, org: Organisation, thread: str, clock: Clock
) -> None:
    post_all(desk)
    change_settings(desk, retention_days=30)
    clock.turn(35)
    closing = set_by_colleague(desk, org, "closed", "on", (TODAY, (TODAY + 2) * CLOCK_A_DAY - 1))
    assert closing is State.FILED
    assert delete_expired(desk) == 0
    (row,) = list_threads(desk)
    assert row.team.closed

    assert_kept_another_month(desk, clock)


def test_a_colleague_who_lifts_a_hold_leaves_the_others_as_long_as_a_closing_does(
    desk: Desk, org: Organisation, thread: str, clock: Clock
) -> None:
    switch(desk, thread, "held", on=True)
    switch(desk, thread, "closed", on=True)
    post_all(desk)
    change_settings(desk, retention_days=30)
    clock.turn(35)
    lifting = set_by_colleague(desk, org, "held", "", (TODAY, (TODAY + 2) * CLOCK_A_DAY - 1))
    assert lifting is State.FILED

    assert_kept_another_month(desk, clock)


def test_a_hold_that_came_a_moment_ago_counts_before_anything_is_deleted(
    desk: Desk, org: Organisation, thread: str, clock: Clock
) -> None:
    switch(desk, thread, "closed", on=True)
    post_all(desk)
    change_settings(desk, retention_days=1)
    clock.turn(5)
    set_by_colleague(desk, org, "held", "on", (desk.today, desk.today * CLOCK_A_DAY))

    assert delete_expired(desk) == 0
    with pytest.raises(ThreadHeldError):
        delete_thread(desk, thread)


def test_what_this_desk_set_and_deleted_is_no_sign_of_a_copy(
    desk: Desk, org: Organisation, thread: str
) -> None:
    ahead = (TODAY + 1, (TODAY + 2) * CLOCK_A_DAY - 1)
    assert set_by_colleague(desk, org, "follow-up", "", ahead) is State.FILED
    switch(desk, thread, "muted", on=True)
    own = parse_letter_payload(outbox.letters(desk.vault)[-1].payload)
    assert isinstance(own, ChangePayload)
    assert own.day == TODAY + 1
    post_all(desk)
    delete_thread(desk, thread)
    take(desk, org, seal_signed(org, own, 0))
    # Nor is one of a still later day.
    put_change(make_reading(desk, org), changed(own, day=TODAY + 2), 0, b"{}")

    assert not identity.is_copied(desk.vault)


def test_open_threads_stay_for_ever(desk: Desk, thread: str, clock: Clock) -> None:
    post_all(desk)
    change_settings(desk, retention_days=1)
    clock.turn(900)

    assert delete_expired(desk) == 0
    assert len(list_threads(desk)) == 1


def test_statistics_still_count_it(desk: Desk, thread: str) -> None:
    post_all(desk)
    before = months.every(desk.vault)
    delete_thread(desk, thread)

    assert months.every(desk.vault) == before
    assert before[0].letters == 1


def test_what_is_not_here_is_not_deleted(desk: Desk) -> None:
    with pytest.raises(UnknownThreadError):
        delete_thread(desk, "ab" * 32)
