import pytest

from silent_courier.protocol.frame import frame
from silent_courier.protocol.sizes import (
    LETTER_PLAINTEXT_LEN,
    RETENTION_DAYS_MAX,
    TRAILER_LEN,
)
from silent_courier.storage.vault import Vault, letters
from silent_courier.storage.vault.letters import Opened, Outcome, State
from tests.unit.storage.vault.kit import TODAY, file_letter, letter_name, names


def opened(number: int, **changes: bytes | int | None) -> Opened:
    values: dict[str, bytes | int | None] = {
        "hash": letter_name(number),
        "arrival": TODAY,
        "plaintext": b"",
        "key_day": TODAY,
        "file_key": b"k" * 16,
        "header": b"h" * 32,
        "sealed": b"sealed",
        **changes,
    }
    return Opened(**values)  # type: ignore[arg-type]  # the test names fields that exist


def test_a_letter_is_listed_once(vault: Vault) -> None:
    assert letters.note_listing(vault, TODAY, names([1, 2]), 0) == 2
    assert letters.note_listing(vault, TODAY, names([1, 2, 3]), 0) == 1

    assert letters.to_fetch(vault) == names([1, 2, 3])
    assert letters.count_on_server(vault, TODAY) == 3


def test_what_was_filed_is_never_fetched_again(vault: Vault) -> None:
    file_letter(vault, 1)
    letters.note_listing(vault, TODAY, names([1]), 0)

    assert letters.to_fetch(vault) == []
    assert letters.state_of(vault, letter_name(1)) is State.FILED


def test_a_letter_slipped_into_an_old_day_did_not_arrive_then(vault: Vault) -> None:
    letters.note_listing(vault, TODAY - 5, names([1]), first_day=TODAY - 1)

    assert letters.arrival_of(vault, letter_name(1)) == TODAY - 1


def test_the_arrival_of_a_letter_is_settled_when_it_is_first_listed(vault: Vault) -> None:
    letters.note_listing(vault, TODAY, names([1]), 0)
    letters.note_listing(vault, TODAY + 3, names([1]), TODAY + 2)

    assert letters.arrival_of(vault, letter_name(1)) == TODAY


def test_letters_leave_the_server_one_by_one_and_by_day(vault: Vault) -> None:
    letters.note_listing(vault, TODAY, names([1, 2]), 0)
    letters.note_listing(vault, TODAY + 1, names([3]), 0)
    letters.note_listing(vault, TODAY, names([2]), 0)
    assert not letters.is_on_server(vault, letter_name(1))
    letters.note_days(vault, [TODAY])

    assert not letters.is_on_server(vault, letter_name(3))
    assert letters.to_fetch(vault) == names([2])


def test_letters_are_numbered_in_the_order_in_which_they_became_known(vault: Vault) -> None:
    letters.note_listing(vault, TODAY, names([9]), 0)
    letters.note_listing(vault, TODAY, names([9, 1]), 0)

    assert letters.seq_of(vault, letter_name(9)) < letters.seq_of(vault, letter_name(1))
    assert letters.seq_of(vault, letter_name(5)) == 0


def test_of_a_cover_nothing_is_kept_but_its_hash(vault: Vault) -> None:
    letters.note_listing(vault, TODAY, names([1]), 0)
    letters.keep(vault, opened(1), Outcome(State.COVER, "cover", trailer=bytes(66)))

    row = vault.row("SELECT file_key, payload, trailer, sealed, state FROM letter")
    assert row == (None, None, None, None, "cover")


def test_a_passed_on_letter_needs_no_listing(vault: Vault) -> None:
    passed = opened(1, key_day=None, passed_by=4, file_key=b"", header=b"", sealed=b"")
    letters.keep(vault, passed, Outcome(State.FILED, "letter", entry=b"e" * 16))

    assert letters.state_of(vault, letter_name(1)) is State.FILED
    assert not letters.is_on_server(vault, letter_name(1))
    letters.note_listing(vault, TODAY, names([1]), 0)
    assert letters.is_on_server(vault, letter_name(1))
    assert letters.to_fetch(vault) == []


def test_a_sealed_letter_that_came_without_its_day_key_is_not_kept_sealed(vault: Vault) -> None:
    letters.keep(vault, opened(1, key_day=None, passed_by=4), Outcome(State.FILED, "letter"))

    assert letters.sealed_of(vault, letter_name(1)) is None


def test_an_age_header_is_known_to_all_letters_but_its_own(vault: Vault) -> None:
    letters.keep(vault, opened(1), Outcome(State.FILED, "letter"))

    assert letters.header_is_known(vault, b"h" * 32, letter_name(2))
    assert not letters.header_is_known(vault, b"h" * 32, letter_name(1))
    assert not letters.header_is_known(vault, b"i" * 32, letter_name(2))


def test_quarantine_shows_what_was_kept_apart_and_not_what_waits_for_a_colleague(
    vault: Vault,
) -> None:
    letters.note_listing(vault, TODAY, names([1, 2, 3, 4]), 0)
    letters.note_unopened(vault, letter_name(1), "not-opened")
    letters.note_malformed(vault, letter_name(2), "malformed-letter")
    outcome = Outcome(State.QUARANTINED, "note", "former-handler", signer=8, payload=b"{}")
    letters.keep(vault, opened(3), outcome)

    assert letters.set_aside(vault) == [letter_name(3)]
    shown = [(row.hash, row.reason, row.signer, row.payload) for row in letters.quarantine(vault)]
    assert sorted(shown) == [
        (letter_name(2), "malformed-letter", None, None),
        (letter_name(3), "former-handler", 8, b"{}"),
    ]


def test_a_quarantined_letter_can_be_read_again_as_it_was(vault: Vault) -> None:
    payload, trailer = b'{"kind":"note"}', b"\1" * TRAILER_LEN
    plaintext = frame(payload, LETTER_PLAINTEXT_LEN - TRAILER_LEN) + trailer
    before = opened(1, plaintext=plaintext)
    outcome = Outcome(State.QUARANTINED, reason="unknown-signer", payload=payload, trailer=trailer)
    letters.keep(vault, before, outcome)

    assert letters.reopened(vault, ["unknown-signer"]) == [before]
    assert letters.reopened(vault, ["unknown-charter"]) == []
    assert letters.reopen(vault, letter_name(1)) == before
    assert letters.reopen(vault, letter_name(2)) is None
    assert letters.reason_of(vault, letter_name(1)) == "unknown-signer"
    assert letters.reason_of(vault, letter_name(2)) is None


def test_of_each_reason_the_newest_are_shown_so_that_a_flood_hides_nothing(vault: Vault) -> None:
    letters.note_listing(vault, TODAY, [letter_name(99)], 0)
    letters.note_malformed(vault, letter_name(99), "malformed-letter")
    for number in range(1, 6):
        outcome = Outcome(
            State.QUARANTINED, "note", "too-many", signer=number % 2, payload=b"{}", trailer=b"t"
        )
        letters.keep(vault, opened(number), outcome)

    shown = [row.hash for row in letters.quarantine(vault, of_each=2)]
    assert shown == [letter_name(5), letter_name(4), letter_name(99)]
    assert len(letters.quarantine(vault)) == 6
    assert letters.quarantine_counts(vault) == {"malformed-letter": 1, "too-many": 5}
    assert letters.apart(vault, "too-many", signer=1, limit=2) == [letter_name(1), letter_name(3)]
    assert letters.apart(vault, "too-many", kind="change") == []
    assert letters.apart(vault, "malformed-letter") == []


def test_a_filed_letter_is_found_by_its_beginning(vault: Vault) -> None:
    file_letter(vault, 0xAB << 248, entry=b"1" * 16)
    file_letter(vault, 0xAC << 248, entry=b"2" * 16)

    assert letters.find(vault, "ab") == [letter_name(0xAB << 248)]
    assert len(letters.find(vault, "a")) == 2
    assert letters.find(vault, "b") == []


@pytest.mark.parametrize("state", [State.COVER, State.FILED])
def test_covers_are_forgotten_when_no_server_can_hold_them(vault: Vault, state: State) -> None:
    letters.keep(vault, opened(1), Outcome(state, "letter"))
    letters.drop_old(vault, TODAY + RETENTION_DAYS_MAX)
    assert letters.state_of(vault, letter_name(1)) is state
    letters.drop_old(vault, TODAY + 2 * RETENTION_DAYS_MAX + 1)

    kept = state is State.FILED
    assert (letters.state_of(vault, letter_name(1)) is not None) is kept


def test_plaintext_and_keys_are_not_in_representations() -> None:
    shown = repr(opened(1, plaintext=b"very secret"))

    assert "very secret" not in shown
    assert repr(b"k" * 16) not in shown
