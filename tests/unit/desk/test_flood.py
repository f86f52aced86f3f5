import pytest

from silent_courier.desk import Desk, list_alarms
from silent_courier.desk.alarms import AlarmKind, dismiss
from silent_courier.desk.flood import DAY_AT_LEAST, THREAD_A_DAY, THREADS_NAMED, watch_flood
from silent_courier.desk.team import switch
from silent_courier.protocol.payload import encode_payload
from silent_courier.protocol.sizes import LETTER_PAYLOAD_MAX
from silent_courier.storage.vault import threads
from silent_courier.storage.vault.threads import Entry
from tests.unit.protocol.makers import TODAY, letter_payload, make_organisation

PAYLOAD = encode_payload(letter_payload(make_organisation()), LETTER_PAYLOAD_MAX)


def come(desk: Desk, source: bytes, count: int, day: int = TODAY) -> None:
    """So many letters of this source came on this day."""
    with desk.vault.transaction():
        for number in range(count):
            letter = day.to_bytes(4) + number.to_bytes(4) + source[:24]
            threads.add(
                desk.vault, Entry(letter, source, "letter", day, None, PAYLOAD), unread=True
            )
            desk.vault.run(
                "INSERT INTO letter (hash, day, arrival, state, entry)"
                " VALUES (?, ?, ?, 'filed', ?)",
                letter,
                day,
                day,
                letter,
            )


def alarms(desk: Desk) -> list[str]:
    return [row.kind for row in list_alarms(desk)]


@pytest.mark.parametrize(
    ("count", "told"), [(THREAD_A_DAY, []), (THREAD_A_DAY + 1, [AlarmKind.FLOODING_THREAD])]
)
def test_a_source_that_writes_without_end_is_named_by_its_two_words(
    desk: Desk, count: int, told: list[str]
) -> None:
    come(desk, b"s" * 32, count)
    watch_flood(desk, TODAY)

    assert alarms(desk) == told
    assert all(len(detail.split()) == 2 for row in list_alarms(desk) for detail in row.details)


def test_a_muted_thread_alarms_no_more_and_more_of_the_same_neither(desk: Desk) -> None:
    come(desk, b"s" * 32, 30)
    watch_flood(desk, TODAY)
    assert dismiss(desk, list_alarms(desk)[0].id)
    come(desk, b"s" * 32, 30, TODAY + 1)
    switch(desk, (b"s" * 32).hex(), "muted", on=True)
    watch_flood(desk, TODAY + 1)

    assert alarms(desk) == []


def test_a_flood_from_many_sources_names_few_of_them(desk: Desk) -> None:
    for number in range(10):
        come(desk, bytes([number]) * 32, THREAD_A_DAY + 1)
    watch_flood(desk, TODAY)

    assert sorted(alarms(desk)) == [AlarmKind.FLOOD] + [AlarmKind.FLOODING_THREAD] * THREADS_NAMED


def test_a_busy_desk_is_not_alarmed_by_what_is_usual_for_it(desk: Desk) -> None:
    for day in range(TODAY - 14, TODAY + 1):
        for number in range(15):
            come(desk, bytes([number]) * 32, 14 + (day == TODAY), day)
    watch_flood(desk, TODAY)
    assert DAY_AT_LEAST < 15 * 15

    assert alarms(desk) == []
