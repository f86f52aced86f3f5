"""What a former handler, or a thief with an old desk, can still do with all they ever had."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from silent_courier.desk import Desk, list_quarantine, list_threads, read_thread, reply
from silent_courier.desk.filing import file_sealed
from silent_courier.protocol.board import find_fragments
from silent_courier.protocol.board_format import Board, encode_board, parse_board
from silent_courier.protocol.errors import NotEmptiedError, TooFewDayKeysError
from silent_courier.protocol.keyring import (
    Keyring,
    check_open,
    encode_keyring,
    verify_keyring_statements,
)
from silent_courier.protocol.sizes import WEEKS_AHEAD, WEEKS_BACK
from silent_courier.protocol.statements import Statements
from silent_courier.protocol.thread import derive_auth, derive_thread_key
from silent_courier.source.mailbox import read_mailbox
from silent_courier.storage.vault import day_keys, outbox
from tests.unit.desk.kit import make_desk, make_reading, seal, seal_signed
from tests.unit.protocol.makers import (
    ENTROPY,
    TODAY,
    WEEK,
    Organisation,
    draw,
    letter_payload,
    make_organisation,
    note_payload,
    source_id,
)

SLOTS = list(range(0, 12))


@pytest.fixture
def before() -> Organisation:
    return make_organisation(3, sign_of_life_days=3)


@pytest.fixture
def after(before: Organisation) -> Organisation:
    """After handler 2 left, three days ago."""
    return before.without(2)


@pytest.fixture
def desk(tmp_path: Path, before: Organisation, after: Organisation) -> Iterator[Desk]:
    """Handler 0's, with a letter of the first generation."""
    made = make_desk(tmp_path / "desk", after)
    early = letter_payload(before, day=TODAY - 4)
    sealed = seal(before, early, day=TODAY - 4)
    file_sealed(make_reading(made, after), sealed, TODAY - 4, day_keys.living(made.vault))
    assert len(list_threads(made)) == 1
    yield made
    made.vault.close()


def write_again(desk: Desk, after: Organisation) -> None:
    """The source's next letter, under the generation that began when the handler left."""
    letter = letter_payload(
        after,
        id=draw("next", 16).hex(),
        charter=after.charter.hash.hex(),
        generation=2,
        auth=derive_auth(ENTROPY, after.org_id, 2).hex(),
        thread_key=derive_thread_key(ENTROPY, after.org_id, 2, WEEK).key.hex(),
    )
    sealed = seal(after, letter)
    file_sealed(make_reading(desk, after), sealed, TODAY, day_keys.living(desk.vault))


def posted(desk: Desk) -> Board:
    """The board once everything in the outbox was born."""
    return parse_board(encode_board(0, [queued.cell for queued in outbox.cells(desk.vault)]))


def found_by_leaver(board: Board, before: Organisation) -> int:
    """How many cells open under any thread key the leaver ever held or can step to."""
    first = derive_thread_key(ENTROPY, before.org_id, 1, WEEK - WEEKS_BACK)
    keys = [first.step_to(week) for week in range(first.week, WEEK + WEEKS_AHEAD + 1)]
    return len(find_fragments(board, keys, SLOTS)[0])


def test_who_left_reads_nothing_that_is_answered_after_the_sources_next_letter(
    desk: Desk, before: Organisation, after: Organisation
) -> None:
    thread = source_id(after).hex()
    assert reply(desk, thread, "ответ между").former_can_read
    assert found_by_leaver(posted(desk), before) == 1
    write_again(desk, after)
    assert not reply(desk, thread, "ответ после").former_can_read

    board = posted(desk)
    assert found_by_leaver(board, before) == 1
    texts = {answer.text for answer in read_mailbox(board, after.charter, ENTROPY, TODAY).answers}
    assert texts == {"ответ между", "ответ после"}
    replies = [entry for entry in read_thread(desk, thread) if entry.kind == "reply"]
    assert [entry.former_can_read for entry in replies] == [True, False]


@pytest.mark.parametrize("known_charter", [True, False])
def test_who_left_cannot_write_as_a_source(
    desk: Desk, before: Organisation, after: Organisation, *, known_charter: bool
) -> None:
    old = letter_payload(
        before,
        id=draw("forged", 16).hex(),
        charter=(after if known_charter else before).charter.hash.hex(),
        text="подделка",
    )
    file_sealed(make_reading(desk, after), seal(after, old), TODAY, day_keys.living(desk.vault))

    assert [row.reason for row in list_quarantine(desk)] == ["old-generation"]
    assert [row.letters for row in list_threads(desk)] == [1]


@pytest.mark.parametrize("guess", ["auth of the first", "nothing"])
def test_what_who_left_knows_does_not_lead_to_the_source_in_the_next_generation(
    desk: Desk, before: Organisation, after: Organisation, guess: str
) -> None:
    auth = derive_auth(ENTROPY, before.org_id, 1) if guess != "nothing" else os.urandom(32)
    forged = letter_payload(
        after,
        id=draw("forged", 16).hex(),
        charter=after.charter.hash.hex(),
        generation=2,
        auth=auth.hex(),
        text="подделка",
    )
    file_sealed(make_reading(desk, after), seal(after, forged), TODAY, day_keys.living(desk.vault))

    threads = {row.thread: row.letters for row in list_threads(desk)}
    assert threads[source_id(after).hex()] == 1
    assert len(threads) == 2


def test_who_left_is_no_colleague(desk: Desk, after: Organisation) -> None:
    note = seal_signed(after, note_payload(after, text="верьте мне"), 8)
    file_sealed(make_reading(desk, after), note, TODAY, day_keys.living(desk.vault))

    assert [row.reason for row in list_quarantine(desk)] == ["former-handler"]


def old_keyring(before: Organisation, day: int) -> bytes:
    """The charter before the leaving, as a server and the leaver's desk would keep it alive.

    The others' day keys were stated up to two weeks ahead; their last signs of life are of TODAY.
    """
    signs = (*before.signs_of_life(TODAY, [0, 4]), *before.signs_of_life(day, [8]))
    statements = Statements(before.day_statements(day), signs)
    return encode_keyring(Keyring(day, before.files, statements))


@pytest.mark.parametrize(("day", "refused"), [(0, False), (3, False), (4, True), (9, True)])
def test_an_old_charter_with_a_stolen_desks_keys_is_refused_on_day_four(
    before: Organisation, day: int, *, refused: bool
) -> None:
    today = TODAY + day
    keyring = verify_keyring_statements(old_keyring(before, today), before.org_id, today)
    if not refused:
        check_open(keyring, today)
        return
    with pytest.raises(NotEmptiedError):
        check_open(keyring, today)


def test_a_keyring_one_handler_short_of_the_minimum_is_refused_and_names_them(
    before: Organisation,
) -> None:
    assert before.charter.body.parameters.minimum_handlers == 2
    for devices, missing in (([0, 4], None), ([4], ("Handler 0", "Handler 2"))):
        data = before.keyring(day_statements=before.day_statements(devices=devices))
        keyring = verify_keyring_statements(data, before.org_id, TODAY)
        if missing is None:
            check_open(keyring, TODAY)
            assert [handler.label for handler in keyring.missing] == ["Handler 2"]
            continue
        with pytest.raises(TooFewDayKeysError) as refusal:
            check_open(keyring, TODAY)
        assert refusal.value.missing == missing
