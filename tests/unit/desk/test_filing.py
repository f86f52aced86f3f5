import msgspec
import pytest

from silent_courier.desk import Desk, list_quarantine, list_threads, read_thread
from silent_courier.desk.filing import (
    file_opened,
    file_passed,
    file_sealed,
    read_quarantine_again,
)
from silent_courier.desk.judging import Reading
from silent_courier.desk.reasons import Reason
from silent_courier.protocol.letter import letter_hash
from silent_courier.protocol.payload import Attachment, CoverPayload, encode_payload
from silent_courier.protocol.sizes import LETTER_PAYLOAD_MAX
from silent_courier.storage.vault import attachments, day_keys, letters, threads
from silent_courier.storage.vault.letters import Opened, Outcome, State
from silent_courier.storage.vault.passing import FileKey
from tests.unit.desk.kit import Clock, make_file, make_reading, seal, seal_raw, seal_signed
from tests.unit.protocol.makers import (
    TODAY,
    WEEK,
    Organisation,
    draw,
    flip,
    letter_payload,
    note_payload,
    source_id,
    thread_key,
)


@pytest.fixture
def reading(desk: Desk, org: Organisation) -> Reading:
    return make_reading(desk, org)


def take_in(reading: Reading, sealed: bytes, arrival: int = TODAY) -> Outcome:
    """List and file a letter as a sync does."""
    letters.note_listing(reading.vault, arrival, [letter_hash(sealed)], 0)
    return file_sealed(reading, sealed, arrival, day_keys.living(reading.vault))


def reasons(desk: Desk) -> list[str]:
    return sorted(row.reason for row in list_quarantine(desk))


def test_a_letter_begins_a_thread(desk: Desk, org: Organisation, reading: Reading) -> None:
    outcome = take_in(reading, seal(org, letter_payload(org)))

    assert (outcome.state, outcome.kind, outcome.signer) == (State.FILED, "letter", None)
    (row,) = list_threads(desk)
    assert (row.thread, row.letters, row.unread) == (source_id(org).hex(), 1, 1)
    assert threads.newest_pin(desk.vault, source_id(org)) == thread_key(WEEK, org=org)


def test_a_letter_of_a_past_week_pins_this_week_s_key(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    key = thread_key(WEEK - 2, org=org)
    take_in(reading, seal(org, letter_payload(org, week=WEEK - 2, thread_key=key.key.hex())))

    assert threads.newest_pin(desk.vault, source_id(org)) == thread_key(WEEK, org=org)


def test_a_letter_of_a_past_week_does_not_take_the_pin_back(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    for number, week in enumerate((WEEK + 1, WEEK - 2)):
        payload = letter_payload(
            org,
            id=draw(str(number), 16).hex(),
            week=week,
            thread_key=thread_key(week, org=org).key.hex(),
        )
        assert take_in(reading, seal(org, payload)).state is State.FILED

    assert threads.newest_pin(desk.vault, source_id(org)) == thread_key(WEEK + 1, org=org)


def test_a_cover_leaves_nothing_but_its_hash(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    assert take_in(reading, seal(org, CoverPayload())).state is State.COVER
    assert (list_threads(desk), list_quarantine(desk)) == ((), ())


def test_a_colleague_s_note_stands_in_the_thread(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    take_in(reading, seal(org, letter_payload(org)))
    outcome = take_in(reading, seal_signed(org, note_payload(org, id="ab" * 16), 4))

    assert (outcome.kind, outcome.signer) == ("note", 4)
    letter, note = read_thread(desk, source_id(org).hex())
    assert (letter.by, note.by, note.text) == (None, "Handler 1", "Перезвонить")


def test_our_own_letter_that_comes_back_is_no_second_entry(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    note = note_payload(org)
    take_in(reading, seal_signed(org, note, 0))
    take_in(reading, seal_signed(org, note, 0))

    (entry,) = read_thread(desk, source_id(org).hex())
    assert (entry.own, entry.by) == (True, "Handler 0")
    assert list_quarantine(desk) == ()


def test_what_is_for_others_waits_for_a_colleague(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    outcome = take_in(reading, seal(org, letter_payload(org), devices=[4]))

    assert (outcome.state, outcome.reason) == (State.UNOPENED, Reason.NOT_OPENED)
    assert reasons(desk) == []


def test_the_file_key_of_a_colleague_opens_it(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    sealed = seal(org, letter_payload(org), devices=[4])
    take_in(reading, sealed)
    wrong = FileKey(letter_hash(sealed), 4, bytes(16))
    assert file_passed(reading, sealed, TODAY, wrong) is None

    right = FileKey(letter_hash(sealed), 4, file_key_of(desk, org, sealed))
    outcome = file_passed(reading, sealed, TODAY, right)
    assert outcome is not None
    assert outcome.state is State.FILED
    (entry,) = read_thread(desk, source_id(org).hex())
    assert entry.resealed_by == "Handler 1"
    assert list_quarantine(desk) == ()


def file_key_of(desk: Desk, org: Organisation, sealed: bytes) -> bytes:
    from silent_courier.protocol.letter import open_letter
    from tests.unit.protocol.makers import day_identity

    return open_letter(sealed, [day_identity(4)]).file_key


def test_a_poison_letter_among_a_hundred_does_not_stop_the_others(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    for number in range(99):
        payload = letter_payload(org, id=draw(f"n{number}", 16).hex())
        if number == 50:
            assert take_in(reading, seal_raw(org, b"[" * 8000)).state is State.QUARANTINED
        assert take_in(reading, seal(org, payload)).state is State.FILED

    assert len(read_thread(desk, source_id(org).hex())) == 99
    assert reasons(desk) == [Reason.MALFORMED_PAYLOAD]


def test_a_letter_altered_after_sealing_is_kept_apart(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    sealed = seal(org, letter_payload(org))
    take_in(reading, flip(sealed, 8 * len(sealed) - 1))
    take_in(reading, b"x" * 100)

    assert reasons(desk) == [Reason.ALTERED, Reason.MALFORMED_LETTER]


def test_a_letter_that_breaks_a_rule_leaves_nothing_that_speaks_for_its_source(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    honest = letter_payload(org)
    data = encode_payload(honest, LETTER_PAYLOAD_MAX)[:-1] + b',"more":1}'
    take_in(reading, seal_raw(org, data))

    assert reasons(desk) == [Reason.MALFORMED_PAYLOAD]
    (kept,) = desk.vault.rows("SELECT payload FROM letter")
    assert honest.text.encode() in kept[0]
    assert not any(key.encode() in kept[0] for key in (honest.auth, honest.thread_key))


def test_what_can_be_read_of_a_kept_apart_letter_is_shown(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    take_in(reading, seal(org, letter_payload(org, day=TODAY - 5)))
    take_in(reading, seal_raw(org, "не JSON".encode()))

    shown = {row.reason: row.text for row in list_quarantine(desk)}
    assert shown == {Reason.ODD_DAY: "Здравствуйте", Reason.MALFORMED_PAYLOAD: "не JSON"}
    assert list_threads(desk) == ()


def test_another_thread_key_alarms_and_leaves_the_pin(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    take_in(reading, seal(org, letter_payload(org)))
    stolen = letter_payload(org, id="ab" * 16, thread_key="cd" * 32, text="ответьте мне")
    take_in(reading, seal(org, stolen))

    (row,) = list_quarantine(desk)
    assert (row.reason, row.alarm, row.text) == (Reason.ANOTHER_THREAD_KEY, True, "ответьте мне")
    assert threads.newest_pin(desk.vault, source_id(org)) == thread_key(WEEK, org=org)
    states = [entry.state for entry in read_thread(desk, source_id(org).hex())]
    assert states == ["disputed", "disputed"]


def test_a_newer_charter_explains_what_was_unknown(
    desk: Desk, org: Organisation, clock: Clock
) -> None:
    newer = org.issue()
    sealed = seal(newer, letter_payload(newer))
    before = make_reading(desk, org)
    assert take_in(before, sealed).reason == Reason.UNKNOWN_CHARTER
    assert next(read_quarantine_again(before)).state is State.QUARANTINED

    (outcome,) = read_quarantine_again(make_reading(desk, newer))
    assert outcome.state is State.FILED
    assert list_quarantine(desk) == ()
    assert letters.sealed_of(desk.vault, letter_hash(sealed)) == (sealed, TODAY)


@pytest.mark.parametrize(("size", "chunks"), [(10, 2048), (5 * 2**20, 5), (0, 2)])
def test_a_letter_is_kept_apart_that_says_a_wrong_count_of_chunks(
    desk: Desk, org: Organisation, reading: Reading, size: int, chunks: int
) -> None:
    file = Attachment(
        id="ab" * 16, name="file", size=size, sha256="00" * 32, key="00" * 32, chunks=chunks
    )
    payload = letter_payload(org, attachments=(file,))

    outcome = take_in(reading, seal_raw(org, msgspec.json.encode(payload)))
    assert outcome.reason == Reason.MALFORMED_PAYLOAD
    assert attachments.to_fetch(desk.vault, TODAY) == []


def test_attachments_wait_to_be_fetched(desk: Desk, org: Organisation, reading: Reading) -> None:
    files = tuple(make_file(org, name, b"content").attachment for name in ("1", "2"))
    take_in(reading, seal(org, letter_payload(org, attachments=files)))

    assert [a.name for a in attachments.to_fetch(desk.vault, TODAY)] == ["1", "2"]


def test_a_letter_s_filing_is_all_or_nothing(
    desk: Desk, org: Organisation, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = seal(org, letter_payload(org))
    letters.note_listing(desk.vault, TODAY, [letter_hash(sealed)], 0)

    def broken(*_: object) -> None:
        raise KeyError

    with monkeypatch.context() as patch:
        patch.setattr(letters, "keep", broken)
        with pytest.raises(KeyError):
            file_sealed(reading, sealed, TODAY, day_keys.living(desk.vault))
    assert list_threads(desk) == ()
    assert threads.newest_pin(desk.vault, source_id(org)) is None
    assert take_in(reading, sealed).state is State.FILED


def test_an_opened_letter_can_come_without_its_sealed_bytes(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    other = seal(org, letter_payload(org))
    take_in(reading, other)
    kept = letters.sealed_of(desk.vault, letter_hash(other))
    opened = Opened(b"z" * 32, TODAY, bytes(16 * 1024), passed_by=4)

    assert file_opened(reading, opened).reason == Reason.MALFORMED_PAYLOAD
    assert kept == (other, TODAY)
