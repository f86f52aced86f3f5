from silent_courier.desk import Desk
from silent_courier.desk.filing import file_sealed
from silent_courier.desk.pins import matches, pin_of
from silent_courier.protocol.letter import letter_hash
from silent_courier.protocol.sizes import DAY_KEY_LIFE_DAYS
from silent_courier.protocol.thread import ThreadKey
from silent_courier.storage.vault import day_keys, letters, presence, threads
from tests.unit.desk.kit import make_reading, seal
from tests.unit.protocol.makers import (
    TODAY,
    WEEK,
    Organisation,
    letter_payload,
    source_id,
    thread_key,
)


def test_the_same_key_matches_whichever_is_older() -> None:
    assert matches(thread_key(3), thread_key(9))
    assert matches(thread_key(9), thread_key(3))
    assert matches(thread_key(9), thread_key(9))


def test_another_key_never_matches() -> None:
    other = ThreadKey(b"x" * 32, 1, 9)

    assert not matches(thread_key(9), other)
    assert not matches(thread_key(3), other)
    assert not matches(other, thread_key(3))


def test_a_key_of_another_week_does_not_match_as_it_stands() -> None:
    early = thread_key(3)

    assert not matches(thread_key(9), ThreadKey(early.key, 1, 9))


def test_a_pin_is_of_this_week_or_of_the_letter_s_own_if_later() -> None:
    assert pin_of(thread_key(3), 9) == thread_key(9)
    assert pin_of(thread_key(10), 9) == thread_key(10)


def everything_in(desk: Desk) -> bytes:
    """All that an open vault shows, table by table."""
    tables = [
        row[0] for row in desk.vault.rows("SELECT name FROM sqlite_master WHERE type='table'")
    ]
    found = [desk.vault.rows(f"SELECT * FROM {table}") for table in tables]
    cells = (cell for rows in found for row in rows for cell in row)
    return b"\n".join(c if isinstance(c, bytes) else str(c).encode() for c in cells)


def test_an_open_vault_holds_no_thread_key_of_a_week_that_is_over(
    desk: Desk, org: Organisation
) -> None:
    letter, reading = letter_payload(org), make_reading(desk, org)
    sealed = seal(org, letter)
    letters.note_listing(desk.vault, TODAY, [letter_hash(sealed)], 0)
    file_sealed(reading, sealed, TODAY, day_keys.living(desk.vault))
    presence.saw_keyring(desk.vault, TODAY, [0])
    threads.step_pins(desk.vault, WEEK + 1, ThreadKey.step_to)
    held = everything_in(desk)
    for secret in (letter.thread_key, letter.auth):
        assert secret.encode() not in held
        assert bytes.fromhex(secret) not in held

    # Nor what opens the sealed letter, once its day key and the server's copy are gone.
    day_keys.destroy_old(desk.vault, TODAY + DAY_KEY_LIFE_DAYS)
    letters.note_days(desk.vault, [])
    letters.forget_file_keys(desk.vault)
    assert desk.vault.rows("SELECT 1 FROM letter WHERE file_key NOT NULL OR sealed NOT NULL") == []
    assert threads.newest_pin(desk.vault, source_id(org)) == thread_key(WEEK + 1, org=org)


def test_a_letter_in_quarantine_keeps_no_key_either(desk: Desk, org: Organisation) -> None:
    letter, reading = letter_payload(org), make_reading(desk, org)
    for _ in range(2):
        file_sealed(reading, seal(org, letter), TODAY, day_keys.living(desk.vault))
    threads.step_pins(desk.vault, WEEK + 1, ThreadKey.step_to)

    held = everything_in(desk)
    for secret in (letter.thread_key, letter.auth):
        assert secret.encode() not in held
        assert bytes.fromhex(secret) not in held
