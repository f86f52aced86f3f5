from pathlib import Path

import pytest

from silent_courier.desk import (
    Desk,
    close_until,
    dismiss,
    export_letter,
    note,
    open_again,
    read_thread,
    reply,
    reseal,
    save_attachments,
)
from silent_courier.desk.alarms import AlarmKind, raise_alarm
from silent_courier.desk.auditing import Act, record, record_unlocked
from silent_courier.desk.filing import file_sealed
from silent_courier.desk.reposting import post_again
from silent_courier.protocol.errors import VaultFullError
from silent_courier.storage.vault import audit, day_keys
from tests.unit.desk.kit import Clock, make_reading, seal
from tests.unit.protocol.makers import TODAY, Organisation, letter_payload, source_id


@pytest.fixture
def thread(desk: Desk, org: Organisation) -> str:
    """A thread with one letter."""
    sealed = seal(org, letter_payload(org, text="слово"))
    file_sealed(make_reading(desk, org), sealed, TODAY, day_keys.living(desk.vault))
    return source_id(org).hex()


def acts(desk: Desk) -> list[str]:
    return [row.act for row in audit.every(desk.vault)]


def test_each_act_is_written_down_with_the_name_of_its_thread(
    desk: Desk, thread: str, tmp_path: Path
) -> None:
    (letter,) = read_thread(desk, thread)
    queued = reply(desk, thread, "слово")
    note(desk, thread, "слово")
    post_again(desk, thread, queued.id)
    save_attachments(desk, thread, tmp_path / "слово")

    done = audit.every(desk.vault)
    assert letter.letter is not None
    assert [row.act for row in done] == [
        Act.OPENED,
        Act.REPLIED,
        Act.NOTED,
        Act.REPLIED,
        Act.POSTED_AGAIN,
        Act.EXPORTED,
    ]
    assert {row.about for row in done} == {audit.name_of(bytes.fromhex(thread))}
    assert {row.at for row in done} == {int(desk.clock())}
    assert "слово" not in repr(done)


def test_what_is_of_no_thread_is_written_down_too(desk: Desk, thread: str) -> None:
    (letter,) = read_thread(desk, thread, mark_read=False)
    raise_alarm(desk, AlarmKind.OLD_BOARD, TODAY)
    dismiss(desk, 1)
    dismiss(desk, 99)
    close_until(desk, TODAY + 1)
    open_again(desk)
    reseal(desk)
    export_letter(desk, letter.letter or "")

    assert acts(desk) == ["dismissed", "away", "away", "resealed", "handed-out"]


def test_a_thread_that_is_opened_is_written_down_once_a_day(
    desk: Desk, thread: str, clock: Clock
) -> None:
    read_thread(desk, thread, mark_read=False)
    for _ in range(3):
        read_thread(desk, thread)
    clock.turn(1)
    read_thread(desk, thread)

    assert acts(desk) == ["opened", "opened"]


def test_an_act_of_no_thread_names_none(desk: Desk) -> None:
    record(desk, Act.UNLOCKED)

    (row,) = audit.every(desk.vault)
    assert (row.act, row.about, row.detail) == ("unlocked", "", "")


def test_a_full_disk_does_not_keep_a_vault_closed(desk: Desk) -> None:
    (pages,) = desk.vault.rows("PRAGMA page_count")
    desk.vault.rows(f"PRAGMA max_page_count = {pages[0]}")
    for _ in range(200):
        record_unlocked(desk)
    with pytest.raises(VaultFullError):
        record(desk, Act.DISMISSED, detail="x" * 8192)
