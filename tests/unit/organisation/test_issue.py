import msgspec
import pytest

from silent_courier.organisation.issue import choose_parameters, issue, read_chain
from silent_courier.organisation.roster import Choices, Rhythm, Roster, enrol, revoke
from silent_courier.protocol.access import RequestBody, verify_access
from silent_courier.protocol.errors import (
    CharterDatesError,
    MinimumTooHighError,
    NobodyEnrolledError,
    OrganisationDamagedError,
    QuotaTooHighError,
    TooFewSlotsError,
    WrongOrganisationError,
)
from silent_courier.protocol.root import RootKey

KEY = RootKey(b"\x01" * 32, b"\x02" * 32)
TODAY = 20_000
EMPTY = Roster(name="Sample", portal="127.0.0.1:1", desk="127.0.0.1:2")


def roster_of(*labels: str) -> Roster:
    roster = EMPTY
    for number, label in enumerate(labels):
        roster = enrol(
            roster,
            RequestBody(
                label=label,
                signing_key=f"{number + 1:064x}",
                tor_client_key=f"{number + 100:064x}",
                token_hash=f"{number + 200:064x}",
            ),
        )
    return roster


def with_choices(roster: Roster, **choices: int) -> Roster:
    return msgspec.structs.replace(roster, choices=Choices(**choices))


def test_the_first_charter_is_its_own_organisation() -> None:
    issued = issue(roster_of("Anna", "Boris"), (), KEY, TODAY)
    body = issued.charter.body
    assert issued.charter.org_id == issued.charter.hash
    assert (body.serial, body.org_id, body.previous) == (1, None, None)
    assert (body.issued, body.expires, body.anchor_day) == (TODAY, TODAY + 365, TODAY)
    assert body.generation_days == (TODAY,)


def test_the_next_charter_follows_and_keeps_anchor_and_expiry() -> None:
    first = issue(roster_of("Anna"), (), KEY, TODAY)
    second = issue(roster_of("Anna", "Boris"), (first.file,), KEY, TODAY + 30)
    body = second.charter.body
    assert (body.serial, body.previous) == (2, first.charter.hash.hex())
    assert second.charter.org_id == first.charter.hash
    assert (body.anchor_day, body.expires) == (TODAY, TODAY + 365)


def test_a_generation_begins_on_the_day_of_the_charter_that_carries_it() -> None:
    roster = roster_of("Anna", "Boris")
    first = issue(roster, (), KEY, TODAY)
    roster = revoke(roster, "Anna", known=frozenset({0, 1}), generation=1)
    second = issue(roster, (first.file,), KEY, TODAY + 3)
    assert second.charter.body.generation_days == (TODAY, TODAY + 3)
    assert list(second.charter.current_devices) == [4]


def test_the_access_list_holds_for_its_charter_alone() -> None:
    roster = roster_of("Anna", "Boris")
    first = issue(roster, (), KEY, TODAY)
    second = issue(roster, (first.file,), KEY, TODAY)
    access = verify_access(first.access, first.charter)
    assert access.tor_client_keys == {0: bytes.fromhex(f"{100:064x}"), 4: bytes(31) + b"\x65"}
    with pytest.raises(WrongOrganisationError):
        verify_access(first.access, second.charter)


def test_who_left_is_in_no_access_list() -> None:
    roster = roster_of("Anna", "Boris")
    first = issue(roster, (), KEY, TODAY)
    roster = revoke(roster, "Anna", known=frozenset({0, 1}), generation=1)
    second = issue(roster, (first.file,), KEY, TODAY)
    assert set(verify_access(second.access, second.charter).token_hashes) == {4}


@pytest.mark.parametrize(
    ("handlers", "minimum", "slots", "cells"),
    [(1, 1, 4, 36), (2, 2, 4, 18), (3, 2, 6, 12), (5, 3, 10, 7), (36, 19, 64, 1)],
)
def test_what_was_not_chosen_follows_from_the_roster(
    handlers: int, minimum: int, slots: int, cells: int
) -> None:
    parameters = choose_parameters(roster_of(*(f"H{n}" for n in range(handlers))))
    assert parameters.minimum_handlers == minimum
    assert parameters.letter_slots == slots
    assert parameters.cells_per_day == cells


def test_a_quicker_board_gives_more_cells() -> None:
    quick = msgspec.structs.replace(
        roster_of("Anna", "Boris"), rhythm=Rhythm(epoch_seconds=10, births_per_epoch=2)
    )
    assert choose_parameters(quick).cells_per_day == 6480


def test_quotas_that_the_board_cannot_carry_are_refused() -> None:
    choose_parameters(with_choices(roster_of("Anna", "Boris"), cells_per_day=24))
    with pytest.raises(QuotaTooHighError):
        choose_parameters(with_choices(roster_of("Anna", "Boris"), cells_per_day=25))


def test_more_devices_than_cells_a_day_are_refused() -> None:
    with pytest.raises(QuotaTooHighError):
        choose_parameters(roster_of(*(f"H{n}" for n in range(49))))


def test_a_minimum_that_nobody_can_meet_is_refused() -> None:
    with pytest.raises(MinimumTooHighError):
        choose_parameters(with_choices(roster_of("Anna", "Boris"), minimum_handlers=3))


def test_a_letter_without_room_for_everybody_is_refused() -> None:
    with pytest.raises(TooFewSlotsError):
        choose_parameters(with_choices(roster_of("Anna", "Boris"), letter_slots=1))


def test_nobody_can_be_chartered() -> None:
    with pytest.raises(NobodyEnrolledError):
        issue(EMPTY, (), KEY, TODAY)


def test_a_clock_that_went_back_is_refused() -> None:
    first = issue(roster_of("Anna"), (), KEY, TODAY)
    with pytest.raises(CharterDatesError):
        issue(roster_of("Anna"), (first.file,), KEY, TODAY - 1)


def test_an_expired_charter_is_not_issued_again_without_renewal() -> None:
    first = issue(roster_of("Anna"), (), KEY, TODAY)
    late = TODAY + 366
    with pytest.raises(CharterDatesError):
        issue(roster_of("Anna"), (first.file,), KEY, late)
    renewed = msgspec.structs.replace(roster_of("Anna"), expires=late + 365)
    assert issue(renewed, (first.file,), KEY, late).charter.body.expires == late + 365


def test_another_root_cannot_continue_the_chain() -> None:
    first = issue(roster_of("Anna"), (), KEY, TODAY)
    with pytest.raises(OrganisationDamagedError):
        issue(roster_of("Anna"), (first.file,), RootKey(b"\x03" * 32, b"\x04" * 32), TODAY)


def test_an_empty_chain_has_no_charter() -> None:
    assert read_chain(()) is None
