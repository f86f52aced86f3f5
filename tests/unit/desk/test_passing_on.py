from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from silent_courier.desk import Desk, reseal
from silent_courier.desk.comparing import make_digest
from silent_courier.desk.filing import file_sealed
from silent_courier.desk.merging import rebuild, standing_of
from silent_courier.desk.passing_on import is_passing_on, passed_letters, plan
from silent_courier.desk.roster import Roster, make_roster
from silent_courier.protocol.keyring import verify_keyring_statements
from silent_courier.protocol.letter import letter_hash
from silent_courier.protocol.payload import HistoryPayload, parse_letter_payload
from silent_courier.storage.vault import changes, day_keys, letters, outbox, passing, presence
from tests.unit.desk.kit import make_desk, make_reading, seal, seal_signed
from tests.unit.protocol.makers import (
    TODAY,
    Organisation,
    change_payload,
    draw,
    letter_payload,
    make_organisation,
    note_payload,
    source_id,
)


@pytest.fixture
def org() -> Organisation:
    return make_organisation(4)


@pytest.fixture
def second(tmp_path: Path, org: Organisation) -> Iterator[Desk]:
    """The desk of the second handler, slot 4."""
    made = make_desk(tmp_path / "second", org, 4)
    yield made
    made.vault.close()


def roster(
    org: Organisation, present: list[int], alive: list[int] | None = None, own: int = 0
) -> Roster:
    data = org.keyring(
        day_statements=org.day_statements(devices=present),
        signs_of_life=org.signs_of_life(devices=present if alive is None else alive),
    )
    return make_roster(verify_keyring_statements(data, org.org_id, TODAY), data, own)


def take_in(desk: Desk, org: Organisation, count: int = 1, day: int = TODAY) -> list[bytes]:
    """Letters that were sealed to slots 0 and 4."""
    sealed = [
        seal(org, letter_payload(org, id=draw(f"{day} {n}", 16).hex(), day=day), day=day)
        for n in range(count)
    ]
    names = [letter_hash(one) for one in sealed]
    letters.note_listing(desk.vault, day, names, 0)
    for one in sealed:
        file_sealed(make_reading(desk, org), one, day, day_keys.living(desk.vault))
    return names


def passed(desk: Desk) -> set[bytes]:
    return {h for queued in outbox.letters(desk.vault) for h in passed_letters(queued.payload)}


def test_nobody_who_was_there_is_passed_anything(desk: Desk, org: Organisation) -> None:
    presence.saw_keyring(desk.vault, TODAY, [0, 4])
    take_in(desk, org)

    assert plan(desk, roster(org, [0, 4]), 0) == 0
    assert outbox.letters(desk.vault) == []


def test_a_newcomer_is_passed_what_came_before(desk: Desk, org: Organisation) -> None:
    presence.saw_keyring(desk.vault, TODAY - 1, [0, 4])
    before = take_in(desk, org, 3, day=TODAY - 1)
    presence.saw_keyring(desk.vault, TODAY, [0, 4, 8])
    take_in(desk, org)

    assert plan(desk, roster(org, [0, 4, 8]), 0) == 3
    assert passed(desk) == set(before)
    assert len(outbox.letters(desk.vault)) == 1


def test_a_newcomer_is_passed_what_came_earlier_the_same_day(desk: Desk, org: Organisation) -> None:
    presence.saw_keyring(desk.vault, TODAY, [0, 4])
    before = take_in(desk, org, 2)
    presence.saw_keyring(desk.vault, TODAY, [0, 4, 8])

    plan(desk, roster(org, [0, 4, 8]), 0)
    assert passed(desk) == set(before)


def test_who_has_no_day_key_yet_waits(desk: Desk, org: Organisation) -> None:
    presence.saw_keyring(desk.vault, TODAY, [0, 4])
    take_in(desk, org)

    assert plan(desk, roster(org, [0, 4]), 0) == 0
    assert plan(desk, roster(org, [0, 4, 12]), 0) == 1


def test_only_the_lowest_slot_that_has_it_and_is_there_passes_it_on(
    desk: Desk, second: Desk, org: Organisation
) -> None:
    for one in (desk, second):
        presence.saw_keyring(one.vault, TODAY - 1, [0, 4])
        take_in(one, org, day=TODAY - 1)
        presence.saw_keyring(one.vault, TODAY, [0, 4, 8])

    assert plan(second, roster(org, [0, 4, 8], own=4), 4) == 0
    assert plan(desk, roster(org, [0, 4, 8]), 0) == 1


def test_the_next_slot_steps_in_for_one_that_is_silent(second: Desk, org: Organisation) -> None:
    presence.saw_keyring(second.vault, TODAY - 1, [0, 4])
    take_in(second, org, day=TODAY - 1)
    presence.saw_keyring(second.vault, TODAY, [0, 4, 8])

    assert plan(second, roster(org, [0, 4, 8], alive=[4, 8], own=4), 4) == 1


def test_a_lower_slot_that_lacks_the_letter_itself_does_not_count(
    second: Desk, org: Organisation
) -> None:
    presence.saw_keyring(second.vault, TODAY - 1, [4])
    take_in(second, org, day=TODAY - 1)
    presence.saw_keyring(second.vault, TODAY, [0, 4, 8])

    assert plan(second, roster(org, [0, 4, 8], own=4), 4) == 1


def test_what_was_passed_is_not_passed_again(desk: Desk, org: Organisation) -> None:
    presence.saw_keyring(desk.vault, TODAY, [0, 4])
    first, second = take_in(desk, org, 2)
    presence.saw_keyring(desk.vault, TODAY, [0, 4, 8])
    passing.note_passed(desk.vault, [first], [8], TODAY)

    plan(desk, roster(org, [0, 4, 8]), 0)
    assert passed(desk) == {second}


def test_nothing_is_planned_twice_before_it_is_posted(desk: Desk, org: Organisation) -> None:
    presence.saw_keyring(desk.vault, TODAY, [0, 4])
    take_in(desk, org)
    presence.saw_keyring(desk.vault, TODAY, [0, 4, 8])
    plan(desk, roster(org, [0, 4, 8]), 0)

    assert plan(desk, roster(org, [0, 4, 8]), 0) == 0
    assert len(outbox.letters(desk.vault)) == 1


def test_what_the_server_no_longer_holds_goes_in_parts(desk: Desk, org: Organisation) -> None:
    presence.saw_keyring(desk.vault, TODAY, [0, 4])
    (short,) = take_in(desk, org)
    long = seal(org, letter_payload(org, id="ab" * 16, text="Слово " * 1300))
    file_sealed(make_reading(desk, org), long, TODAY, day_keys.living(desk.vault))
    letters.note_days(desk.vault, [])
    presence.saw_keyring(desk.vault, TODAY, [0, 4, 8])
    plan(desk, roster(org, [0, 4, 8]), 0)

    payloads = [msgspec.json.decode(queued.payload) for queued in outbox.letters(desk.vault)]
    assert [payload["kind"] for payload in payloads] == ["history"] * 4
    assert passed(desk) == {short, letter_hash(long)}
    longest = [p for p in payloads if p["letter"] == letter_hash(long).hex()]
    assert [(p["part"], p["parts"]) for p in longest] == [(0, 3), (1, 3), (2, 3)]


def test_many_letters_go_in_few(desk: Desk, org: Organisation) -> None:
    presence.saw_keyring(desk.vault, TODAY, [0, 4])
    before = take_in(desk, org, 100)
    presence.saw_keyring(desk.vault, TODAY, [0, 4, 8])

    assert plan(desk, roster(org, [0, 4, 8]), 0) == 100
    assert len(outbox.letters(desk.vault)) == 2
    assert passed(desk) == set(before)


def test_a_handler_s_wish_overrides_whose_turn_it_is(second: Desk, org: Organisation) -> None:
    presence.saw_keyring(second.vault, TODAY, [0, 4, 8])
    given = take_in(second, org)
    passing.note_passed(second.vault, given, [8], TODAY)
    assert reseal(second, "Handler 2") == ("Handler 2",)

    assert plan(second, roster(org, [0, 4, 8], own=4), 4) == 1
    assert passed(second) == set(given)


def test_a_wish_ends_when_nothing_is_left_to_pass(second: Desk, org: Organisation) -> None:
    reseal(second, "Handler 2")
    assert passing.wanted(second.vault) == {8}
    plan(second, roster(org, [0, 4], own=4), 4)
    assert passing.wanted(second.vault) == {8}
    plan(second, roster(org, [0, 4, 8], own=4), 4)

    assert passing.wanted(second.vault) == frozenset()


def test_what_was_passed_to_us_is_not_passed_back(desk: Desk, org: Organisation) -> None:
    presence.saw_keyring(desk.vault, TODAY, [0, 4])
    (letter,) = take_in(desk, org)
    passing.note_passed(desk.vault, [letter], [8], TODAY)

    assert plan(desk, roster(org, [0, 8]), 0) == 0


def test_only_what_passes_on_is_called_so(org: Organisation) -> None:
    note = msgspec.json.encode(note_payload(org))

    assert not is_passing_on(note)
    assert passed_letters(note) == []


def test_what_was_said_about_letters_is_passed_on_while_the_server_has_it(
    desk: Desk, org: Organisation
) -> None:
    presence.saw_keyring(desk.vault, TODAY, [0, 4])
    said = make_digest(desk, roster(org, [0, 4]), TODAY - 1)
    sealed = seal_signed(org, said, 4)
    letters.note_listing(desk.vault, TODAY, [letter_hash(sealed)], 0)
    file_sealed(make_reading(desk, org), sealed, TODAY, day_keys.living(desk.vault))
    presence.saw_keyring(desk.vault, TODAY, [0, 4, 8])

    assert plan(desk, roster(org, [0, 4, 8]), 0) == 1
    assert passed(desk) == {letter_hash(sealed)}
    desk.vault.run("DELETE FROM outbox_letter")
    letters.note_days(desk.vault, [])
    assert plan(desk, roster(org, [0, 4, 8]), 0) == 0


def test_a_change_is_passed_on_sealed_and_in_parts(
    desk: Desk, second: Desk, org: Organisation
) -> None:
    presence.saw_keyring(desk.vault, TODAY, [0])
    sealed = seal_signed(org, change_payload(org), 8, devices=(0,))
    letters.note_listing(desk.vault, TODAY, [letter_hash(sealed)], 0)
    file_sealed(make_reading(desk, org), sealed, TODAY, day_keys.living(desk.vault))
    presence.saw_keyring(desk.vault, TODAY, [0, 4])
    plan(desk, roster(org, [0, 4]), 0)
    assert passed(desk) == {letter_hash(sealed)}
    desk.vault.run("DELETE FROM outbox_letter")
    letters.note_days(desk.vault, [])
    plan(desk, roster(org, [0, 4]), 0)
    for queued in outbox.letters(desk.vault):
        payload = parse_letter_payload(queued.payload)
        assert isinstance(payload, HistoryPayload)
        history = seal_signed(org, payload, 0)
        keys = day_keys.living(second.vault)
        file_sealed(make_reading(second, org), history, TODAY, keys)

    rebuild(second.vault)
    standing = standing_of(changes.standing(second.vault, source_id(org)))
    assert standing.labels == ("urgent",)
