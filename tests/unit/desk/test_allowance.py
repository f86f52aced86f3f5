"""What no honest desk reaches, and that who goes beyond it is named and nothing of it is lost."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from silent_courier.desk import Desk, join, list_quarantine, list_threads, read_thread, release
from silent_courier.desk import allowance as allowance_module
from silent_courier.desk.alarms import AlarmKind, list_alarms
from silent_courier.desk.allowance import is_over, letters_a_day, room_today
from silent_courier.desk.filing import file_sealed, read_rest_again
from silent_courier.desk.merging import rebuild
from silent_courier.desk.reasons import Reason
from silent_courier.desk.timetable import BEAT_LETTERS_MAX
from silent_courier.protocol.chain import encode_chain
from silent_courier.protocol.charter import Parameters
from silent_courier.protocol.payload import ChangePayload, NotePayload
from silent_courier.protocol.sizes import RETENTION_DAYS_MAX
from silent_courier.storage.vault import day_keys, signed
from silent_courier.storage.vault.letters import Outcome, State
from tests.unit.desk.kit import Clock, changed, make_reading, seal, seal_signed
from tests.unit.protocol.makers import (
    TODAY,
    Organisation,
    change_payload,
    letter_payload,
    note_payload,
    source_id,
)


def usual(epoch_seconds: int = 3600) -> Parameters:
    """The parameters of a small organisation."""
    return Parameters(
        letter_slots=4, minimum_handlers=1, cells_per_day=18, epoch_seconds=epoch_seconds
    )


Take = Callable[..., Outcome]


@pytest.fixture
def take(desk: Desk, org: Organisation) -> Take:
    """File a colleague's letter of today."""

    def take(payload: NotePayload | ChangePayload, signer: int = 4, **says: Any) -> Outcome:
        whole = changed(payload, id=os.urandom(16).hex(), day=desk.today, **says)
        sealed = seal_signed(org, whole, signer, devices=(0,), day=desk.today)
        return file_sealed(make_reading(desk, org), sealed, desk.today, day_keys.living(desk.vault))

    return take


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five letters a day, three changes on a thread."""
    monkeypatch.setattr(allowance_module, "letters_a_day", lambda _: 5)
    monkeypatch.setattr(allowance_module, "CHANGES_A_THREAD", 3)


@pytest.mark.parametrize("epoch", [1, 60, 3600, 86_400])
def test_no_desk_can_post_as_much_as_is_filed_of_it_on_a_day(epoch: int) -> None:
    posted_a_day = 86_400 / (epoch / 2)
    kept = RETENTION_DAYS_MAX * posted_a_day

    assert letters_a_day(usual(epoch)) >= max(kept, 60 * BEAT_LETTERS_MAX)


def test_the_limit_of_the_usual_board(desk: Desk, org: Organisation) -> None:
    parameters = usual()
    assert letters_a_day(parameters) == 2112
    signed.note_filed(desk.vault, 4, TODAY)

    assert room_today(desk.vault, parameters, 4, TODAY) == 2111
    assert room_today(desk.vault, parameters, 4, TODAY + 1) == 2112


@pytest.mark.usefixtures("few")
def test_a_stolen_desk_without_measure_is_kept_apart_and_named_and_nothing_is_lost(
    desk: Desk, org: Organisation, take: Take, clock: Clock
) -> None:
    outcomes = [take(note_payload(org), text=f"note {number}") for number in range(13)]
    assert [outcome.state for outcome in outcomes] == [State.FILED] * 5 + [State.QUARANTINED] * 8
    assert take(note_payload(org), signer=0, text="of another desk").state is State.FILED
    assert {row.reason for row in list_quarantine(desk)} == {Reason.TOO_MANY.value}
    assert all(row.alarm and row.text for row in list_quarantine(desk))
    (alarm,) = [a for a in list_alarms(desk) if a.kind == AlarmKind.TOO_MANY]
    assert alarm.details == (org.charter.label_of(4),)
    left = []
    for _ in range(3):
        clock.turn(1)
        read = list(read_rest_again(make_reading(desk, org)))
        assert all(outcome.state is State.FILED for outcome in read)
        left.append(len(list_quarantine(desk)))

    assert left == [3, 0, 0]
    texts = [entry.text for entry in read_thread(desk, source_id(org).hex())]
    assert sorted(texts) == sorted([f"note {number}" for number in range(13)] + ["of another desk"])


@pytest.mark.usefixtures("few")
def test_what_who_has_left_sent_without_measure_is_filed_by_a_person_alone(
    desk: Desk, org: Organisation, take: Take, clock: Clock
) -> None:
    clock.turn(-4)
    for _ in range(6):
        take(note_payload(org))
    newer = org.without(1)
    join(desk, encode_chain(newer.files))
    clock.turn(5)
    assert list(read_rest_again(make_reading(desk, newer))) == []
    (row,) = list_quarantine(desk)

    assert release(desk, row.letter) is None
    assert list_quarantine(desk) == ()


@pytest.mark.usefixtures("few")
def test_one_device_cannot_fill_a_thread_and_others_go_on_setting_it(
    desk: Desk, org: Organisation, take: Take
) -> None:
    file_sealed(
        make_reading(desk, org), seal(org, letter_payload(org)), TODAY, day_keys.living(desk.vault)
    )
    for number in range(3):
        assert take(change_payload(org), item=f"label {number}").state is State.FILED
    full = take(change_payload(org), item="label 3")
    assert full.reason is Reason.THREAD_FULL
    assert take(change_payload(org), signer=0, item="ours").state is State.FILED
    assert take(change_payload(org), source_id="ab" * 32).state is State.FILED
    rebuild(desk.vault)
    (row,) = list_quarantine(desk)
    assert AlarmKind.TOO_MANY in {alarm.kind for alarm in list_alarms(desk)}
    assert release(desk, row.letter) is None

    (thread,) = list_threads(desk)
    assert thread.team.labels == ("label 0", "label 1", "label 2", "label 3", "ours")


def test_long_texts_fill_a_thread_by_their_length(
    desk: Desk, org: Organisation, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance_module, "BYTES_A_THREAD", 20_000)
    long = {"field": "translation", "item": f"{'ab' * 16} en", "value": "слово " * 1000}
    states = [take(change_payload(org), **long).reason for _ in range(3)]

    assert states == [None, None, Reason.THREAD_FULL]
    assert take(change_payload(org), **long | {"source_id": org.org_id.hex()}).reason is None


def test_what_is_of_no_thread_may_be_more_since_it_lasts_for_ever(
    desk: Desk, org: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "silent_courier.storage.vault.changes.weight",
        lambda *_: (allowance_module.CHANGES_A_THREAD, 9),
    )
    told = change_payload(org, source_id=org.org_id.hex())

    assert is_over(desk.vault, usual(), told, 4, TODAY) is None
    assert is_over(desk.vault, usual(), change_payload(org), 4, TODAY) is Reason.THREAD_FULL


@pytest.mark.usefixtures("few")
def test_what_is_here_already_is_never_too_much(desk: Desk, org: Organisation, take: Take) -> None:
    reading, keys = make_reading(desk, org), day_keys.living(desk.vault)
    change = change_payload(org)
    for _ in range(9):
        sealed = seal_signed(org, change, 4, devices=(0,))
        assert file_sealed(reading, sealed, TODAY, keys).state is State.FILED
