from typing import Any

import msgspec
import pytest

from silent_courier.desk import Desk
from silent_courier.desk.filing import file_opened, file_sealed
from silent_courier.desk.judging import GRACE_DAYS, Reading, judge, read_opened, source_of
from silent_courier.desk.opening import open_sealed
from silent_courier.desk.reasons import Reason
from silent_courier.protocol.letter import Letter, letter_hash
from silent_courier.protocol.payload import CLOCK_A_DAY, HistoryPayload, LetterPayload
from silent_courier.protocol.thread import derive_auth
from silent_courier.storage.vault import day_keys, letters
from silent_courier.storage.vault.letters import Opened
from tests.unit.desk.kit import changed, make_reading, seal, seal_raw, seal_signed
from tests.unit.protocol.makers import (
    ENTROPY,
    TODAY,
    WEEK,
    Organisation,
    change_payload,
    draw,
    letter_payload,
    note_payload,
    source_id,
    thread_key,
)


@pytest.fixture
def reading(desk: Desk, org: Organisation) -> Reading:
    return make_reading(desk, org)


def opened(desk: Desk, sealed: bytes, arrival: int = TODAY) -> Opened:
    return open_sealed(sealed, arrival, day_keys.living(desk.vault))


def verdict(reading: Reading, letter: Opened) -> Reason | None:
    read = read_opened(reading, letter)
    return read if isinstance(read, Reason) else judge(reading, letter, read)


def of_source(
    desk: Desk, org: Organisation, reading: Reading, arrival: int = TODAY, **changes: Any
) -> Reason | None:
    sealed = seal(org, letter_payload(org, **changes))
    return verdict(reading, opened(desk, sealed, arrival))


def test_an_honest_letter_is_filed(desk: Desk, org: Organisation, reading: Reading) -> None:
    assert of_source(desk, org, reading) is None
    assert source_of(letter_payload(org)) == source_id(org)


@pytest.mark.parametrize("day", [TODAY - 2, TODAY + 2, 0, 2**31])
def test_a_day_that_is_not_its_key_s_is_odd(
    desk: Desk, org: Organisation, reading: Reading, day: int
) -> None:
    assert of_source(desk, org, reading, day=day) is Reason.ODD_DAY


def test_a_letter_delayed_for_three_days_is_filed(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    assert of_source(desk, org, reading, TODAY + 3) is None


@pytest.mark.parametrize(("ahead", "reason"), [(1, None), (2, Reason.WEEK_AHEAD)])
def test_one_week_ahead_is_a_clock_and_two_are_not(
    desk: Desk, org: Organisation, reading: Reading, ahead: int, reason: Reason | None
) -> None:
    week = WEEK + ahead
    key = thread_key(week, org=org).key.hex()
    assert of_source(desk, org, reading, week=week, thread_key=key) is reason


def test_an_enormous_week_costs_nothing(desk: Desk, org: Organisation, reading: Reading) -> None:
    assert of_source(desk, org, reading, week=2**31) is Reason.WEEK_AHEAD


def test_a_charter_nobody_here_has_seen_is_kept_apart(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    assert of_source(desk, org, reading, charter="ab" * 32) is Reason.UNKNOWN_CHARTER


def test_a_generation_that_has_not_begun_is_kept_apart(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    auth = derive_auth(ENTROPY, org.org_id, 2).hex()
    assert of_source(desk, org, reading, generation=2, auth=auth) is Reason.UNKNOWN_GENERATION


@pytest.mark.parametrize(
    ("days_after", "reason"), [(0, None), (GRACE_DAYS, None), (2, Reason.OLD_GENERATION)]
)
def test_an_older_generation_has_one_day_of_grace(
    desk: Desk, org: Organisation, days_after: int, reason: Reason | None
) -> None:
    later = org.without(1)
    began = later.charter.body.generation_days[1]
    reading = make_reading(desk, later)
    letter = opened(desk, seal(org, letter_payload(org, day=began), day=began), began + days_after)

    assert verdict(reading, letter) is reason


def test_an_older_generation_is_judged_by_our_own_day_and_not_only_by_the_servers(
    desk: Desk, org: Organisation
) -> None:
    later = org.without(1)
    began = later.charter.body.generation_days[1]
    sealed = seal(org, letter_payload(org, day=began), day=began)
    letters.note_listing(desk.vault, began, [letter_hash(sealed)], began, began + 2)

    reason = verdict(make_reading(desk, later), opened(desk, sealed, began))
    assert reason is Reason.SEEN_LATE
    assert not reason.is_alarm


def test_another_thread_key_for_a_known_source_alarms(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    keys = day_keys.living(desk.vault)
    file_sealed(reading, seal(org, letter_payload(org)), TODAY, keys)
    stolen = seal(org, letter_payload(org, id=draw("2", 16).hex(), thread_key="ab" * 32))

    reason = verdict(reading, opened(desk, stolen))
    assert reason is Reason.ANOTHER_THREAD_KEY
    assert reason.is_alarm


def test_the_same_thread_in_another_week_is_the_same_thread(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    keys = day_keys.living(desk.vault)
    file_sealed(reading, seal(org, letter_payload(org)), TODAY, keys)
    for week in (WEEK - 3, WEEK + 1):
        key = thread_key(week, org=org).key.hex()
        identifier = draw(str(week), 16).hex()
        again = of_source(desk, org, reading, id=identifier, week=week, thread_key=key)
        assert again is None


def test_a_colleague_s_letter_from_a_current_handler_is_filed(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    assert verdict(reading, opened(desk, seal_signed(org, note_payload(org), 4))) is None


def test_a_colleague_from_the_future_is_kept_apart(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    note = seal_signed(org, note_payload(org, day=TODAY + 2), 4)

    assert verdict(reading, opened(desk, note)) is Reason.ODD_DAY


@pytest.mark.parametrize(("late", "reason"), [(0, None), (1, Reason.FORMER_HANDLER)])
def test_who_has_left_speaks_no_more(
    desk: Desk, org: Organisation, late: int, reason: Reason | None
) -> None:
    later = org.without(1)
    left = later.charter.body.generation_days[1]
    note = seal_signed(org, note_payload(org, day=left), 4, day=left)

    assert verdict(make_reading(desk, later), opened(desk, note, left + late)) is reason


@pytest.mark.parametrize(("late", "reason"), [(GRACE_DAYS, None), (2, Reason.SEEN_LATE)])
def test_who_has_left_speaks_no_more_though_the_server_says_that_they_did_before(
    desk: Desk, org: Organisation, late: int, reason: Reason | None
) -> None:
    later = org.without(1)
    left = later.charter.body.generation_days[1]
    sealed = seal_signed(org, change_payload(org, day=left, clock=left * CLOCK_A_DAY), 4, day=left)
    letters.note_listing(desk.vault, left, [letter_hash(sealed)], left, left + late)

    assert verdict(make_reading(desk, later), opened(desk, sealed, left)) is reason


def test_a_clock_further_ahead_than_a_day_is_kept_apart(desk: Desk, org: Organisation) -> None:
    top = (TODAY + 2) * CLOCK_A_DAY
    for clock, reason in ((top - 1, None), (top, Reason.ODD_DAY)):
        sealed = seal_signed(org, change_payload(org, day=TODAY + 1, clock=clock), 4)
        assert verdict(make_reading(desk, org), opened(desk, sealed)) is reason


def test_a_signer_that_no_charter_names_is_kept_apart(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    note = seal_signed(org, note_payload(org), 8)

    assert verdict(reading, opened(desk, note)) is Reason.UNKNOWN_SIGNER


@pytest.mark.parametrize(
    "poison",
    [
        b'{"kind":"letter","text":"\\ud800"}',
        b"[" * 8000,
        b'{"n":' + b"1" * 5000 + b"}",
        b'{"kind":"cover","version":1,"version":1}',
        b'{"n":NaN}',
        b"\xff\xfe",
        b"{}",
        b"",
    ],
)
def test_poison_is_kept_apart(
    desk: Desk, org: Organisation, reading: Reading, poison: bytes
) -> None:
    letter = opened(desk, seal_raw(org, poison))

    assert verdict(reading, letter) is Reason.MALFORMED_PAYLOAD


def test_an_unsigned_letter_may_not_speak_for_a_colleague(
    desk: Desk, org: Organisation, reading: Reading
) -> None:

    letter = opened(desk, seal_raw(org, msgspec.json.encode(note_payload(org))))
    assert verdict(reading, letter) is Reason.MALFORMED_LETTER


def test_another_organisation_s_letter_is_kept_apart(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    assert of_source(desk, org, reading, org_id="ab" * 32) is Reason.MALFORMED_LETTER


def test_what_is_passed_on_is_what_stands_in_threads(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    part = HistoryPayload(
        **{k: getattr(note_payload(org), k) for k in ("id", "org_id", "charter", "day")},
        generation=1,
        letter="ab" * 32,
        part=0,
        parts=1,
        data="00",
    )
    letter = opened(desk, seal_signed(org, part, 4))
    passed = Opened(letter.hash, TODAY, letter.plaintext, passed_by=4, header=letter.header)

    assert verdict(reading, letter) is None
    assert verdict(reading, passed) is Reason.MALFORMED_LETTER


def test_a_colleague_vouches_for_the_day_on_which_a_letter_came(
    desk: Desk, org: Organisation
) -> None:
    later = org.without(1)
    letter = opened(desk, seal(org, letter_payload(org, day=TODAY - 8), day=TODAY - 8))
    passed = Opened(letter.hash, TODAY, letter.plaintext, passed_by=0, header=letter.header)

    assert verdict(make_reading(desk, later), passed) is None


def second(reading: Reading, desk: Desk, org: Organisation, **changes: Any) -> Reason | None:
    """What is said of a letter with the id of one that is filed."""
    file_opened(reading, opened(desk, seal(org, letter_payload(org))))
    return of_source(desk, org, reading, **changes)


def test_a_letter_sent_twice_is_a_repetition(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    assert second(reading, desk, org) is Reason.REPEATED
    assert of_source(desk, org, reading, day=TODAY - 1) is Reason.REPEATED


def test_the_same_id_with_another_text_is_a_conflict(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    assert second(reading, desk, org, text="другое") is Reason.CONFLICT


def test_a_colleague_s_letter_sealed_anew_is_the_same_letter(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    note = note_payload(org)
    file_opened(reading, opened(desk, seal_signed(org, note, 4)))

    assert verdict(reading, opened(desk, seal_signed(org, note, 4))) is None
    other = seal_signed(org, changed(note, text="другое"), 4)
    assert verdict(reading, opened(desk, other)) is Reason.CONFLICT


def test_a_payload_rewritten_under_the_same_header_alarms(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    letter = opened(desk, seal(org, letter_payload(org)))
    file_opened(reading, letter)
    rewritten = Opened(b"r" * 32, TODAY, letter.plaintext, TODAY, header=letter.header)

    assert verdict(reading, rewritten) is Reason.REWRITTEN


def test_reading_changes_nothing(desk: Desk, org: Organisation, reading: Reading) -> None:
    letter = opened(desk, seal(org, letter_payload(org)))
    read = read_opened(reading, letter)

    assert isinstance(read, Letter)
    assert isinstance(read.payload, LetterPayload)
    assert desk.vault.rows("SELECT 1 FROM entry UNION SELECT 1 FROM pin") == []
