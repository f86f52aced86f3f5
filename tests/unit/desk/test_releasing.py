import pytest

from silent_courier.desk import Desk, join, list_quarantine, list_threads, read_thread, release
from silent_courier.desk.filing import file_sealed
from silent_courier.protocol.chain import encode_chain
from silent_courier.protocol.errors import UnknownThreadError
from silent_courier.protocol.letter import letter_hash
from silent_courier.protocol.payload import CLOCK_A_DAY
from silent_courier.protocol.thread import ThreadKey
from silent_courier.storage.vault import day_keys, letters, threads
from tests.unit.desk.kit import make_reading, seal, seal_signed
from tests.unit.protocol.makers import (
    TODAY,
    Organisation,
    change_payload,
    letter_payload,
    source_id,
)


@pytest.fixture
def late(desk: Desk, org: Organisation) -> str:
    """A letter of an old generation, which the server says came in time and showed late."""
    newer = org.without(1)
    join(desk, encode_chain(newer.files))
    began = newer.charter.body.generation_days[1]
    sealed = seal(org, letter_payload(org, day=began), day=began)
    letters.note_listing(desk.vault, began, [letter_hash(sealed)], began, began + 2)
    file_sealed(make_reading(desk, newer), sealed, began, day_keys.living(desk.vault))
    return letter_hash(sealed).hex()


def test_an_old_letter_that_was_shown_late_is_kept_apart_without_an_alarm(
    desk: Desk, late: str
) -> None:
    (row,) = list_quarantine(desk)

    assert (row.letter, row.reason, row.alarm) == (late, "seen-late", False)
    assert list_threads(desk) == ()
    assert desk.vault.rows("SELECT 1 FROM pin") == []


def test_a_person_can_release_it(desk: Desk, org: Organisation, late: str) -> None:
    assert release(desk, late[:8].upper()) is None

    (entry,) = read_thread(desk, source_id(org).hex())
    assert (entry.text, entry.letter) == (letter_payload(org).text, late)
    assert list_quarantine(desk) == ()
    assert threads.newest_pin(desk.vault, source_id(org)) is not None


def test_a_person_can_release_what_a_colleague_wrote_before_they_left(
    desk: Desk, org: Organisation
) -> None:
    newer = org.without(1)
    join(desk, encode_chain(newer.files))
    began = newer.charter.body.generation_days[1]
    file_sealed(
        make_reading(desk, org), seal(org, letter_payload(org)), TODAY, day_keys.living(desk.vault)
    )
    change = change_payload(org, day=began, clock=began * CLOCK_A_DAY)
    sealed = seal_signed(org, change, 4, day=began)
    letters.note_listing(desk.vault, began, [letter_hash(sealed)], began, began + 2)
    file_sealed(make_reading(desk, newer), sealed, began, day_keys.living(desk.vault))
    (row,) = list_threads(desk)
    assert row.team.labels == ()
    assert release(desk, letter_hash(sealed).hex()) is None

    (row,) = list_threads(desk)
    assert row.team.labels == ("urgent",)


def test_a_released_letter_is_still_judged_by_all_else(
    desk: Desk, org: Organisation, late: str
) -> None:
    threads.set_pin(desk.vault, source_id(org), ThreadKey(b"k" * 32, 1, 0))

    assert release(desk, late) == "another-thread-key"
    assert list_threads(desk) == ()


def test_nothing_else_is_released(desk: Desk, org: Organisation, late: str) -> None:
    wrong = seal(org, letter_payload(org, org_id="00" * 32))
    name = letter_hash(wrong)
    letters.note_listing(desk.vault, desk.today, [name], 0)
    file_sealed(make_reading(desk, org), wrong, desk.today, day_keys.living(desk.vault))

    for letter in (name.hex(), "ff" * 32, late[:3]):
        with pytest.raises(UnknownThreadError):
            release(desk, letter)
