import shutil
from pathlib import Path

import pytest

from silent_courier.desk import Desk, note, reply, sync
from silent_courier.desk.alarms import AlarmKind, list_alarms
from silent_courier.desk.report import Trouble
from silent_courier.protocol.errors import VaultCopiedError
from silent_courier.protocol.statements import DayStatement, SignOfLife
from silent_courier.storage.vault import identity, open_vault, outbox
from silent_courier.tor.transport import Transport
from tests.servers import ok
from tests.unit.desk.kit import (
    PASSPHRASE,
    SmallServer,
    give_day_keys,
    seal,
    seal_signed,
    sync_rested,
)
from tests.unit.protocol.makers import (
    TODAY,
    Organisation,
    letter_payload,
    note_payload,
    recipient,
    source_id,
)


def copied(desk: Desk, directory: Path) -> Desk:
    """The desk as it is now, on another machine."""
    shutil.copytree(desk.vault.directory, directory)
    (directory / "vault.lock").unlink(missing_ok=True)
    return Desk(open_vault(directory, PASSPHRASE), desk.clock, desk.random)


@pytest.fixture
def thread(org: Organisation, server: SmallServer) -> str:
    server.put(seal(org, letter_payload(org)))
    return source_id(org).hex()


async def test_a_copy_posts_no_answer_once_the_other_gave_a_newer_sign_of_life(
    desk: Desk, server: SmallServer, transport: Transport, tmp_path: Path, thread: str
) -> None:
    await sync_rested(desk, transport)
    copy = copied(desk, tmp_path / "copy")
    server.clock.turn(1)
    reply(desk, thread, "first")
    await sync_rested(desk, transport)
    reply(copy, thread, "second")
    second = {cell.cell for cell in outbox.cells(copy.vault)}
    server.days.clear()
    posted = len(server.cells)
    report = await sync_rested(copy, transport)

    assert Trouble.COPIED.value in report.troubles
    assert len(server.cells) > posted
    assert not second & set(server.cells)
    assert AlarmKind.VAULT_COPIED.value in [alarm.kind for alarm in list_alarms(copy)]
    assert len(outbox.cells(copy.vault)) == len(outbox.letters(copy.vault)) == 1
    again = await sync_rested(copy, transport)
    assert Trouble.COPIED.value in again.troubles
    with pytest.raises(VaultCopiedError):
        reply(copy, thread, "third")
    copy.vault.close()


async def test_a_copy_posts_no_answer_once_an_answer_of_the_other_comes_back_to_it(
    desk: Desk, server: SmallServer, transport: Transport, tmp_path: Path, thread: str
) -> None:
    await sync_rested(desk, transport)
    copy = copied(desk, tmp_path / "copy")
    reply(desk, thread, "first")
    await sync_rested(desk, transport)
    reply(copy, thread, "second")
    second = {cell.cell for cell in outbox.cells(copy.vault)}
    report = await sync_rested(copy, transport)

    assert Trouble.COPIED.value in report.troubles
    assert not second & set(server.cells)
    copy.vault.close()


async def test_answers_that_were_about_to_go_are_replaced_by_covers(
    desk: Desk, server: SmallServer, transport: Transport, thread: str
) -> None:
    await sync(desk, transport)
    reply(desk, thread, "first")
    queued = {cell.cell for cell in outbox.cells(desk.vault)}
    server.overrides["/v1/cells"] = lambda _: ok(status=503)
    server.overrides["/v1/letters"] = lambda _: ok(status=503)
    await sync_rested(desk, transport)
    begun = len(outbox.beat_cells(desk.vault)), len(outbox.beat_letters(desk.vault))
    before = {cell.cell for cell in outbox.beat_cells(desk.vault)}
    identity.set_copied(desk.vault)
    server.overrides.clear()
    server.seen.clear()
    await sync(desk, transport)

    cells = b"".join(server.posted("/v1/cells"))
    assert (len(cells) // 1024, len(server.posted("/v1/letters"))) == begun
    assert queued < before
    # Covers that stayed would tell which cells were answers.
    assert not before & set(server.cells)
    assert server.real_letters() == []


async def test_a_day_key_that_the_vault_does_not_know_ends_its_answers(
    desk: Desk, server: SmallServer, transport: Transport
) -> None:
    other = DayStatement(0, TODAY, recipient(4).public_key)
    server.statements[0, TODAY] = server.org.sign(0, other)

    assert Trouble.COPIED.value in (await sync_rested(desk, transport)).troubles


async def test_what_is_no_answer_is_still_posted(
    desk: Desk, server: SmallServer, transport: Transport, thread: str
) -> None:
    await sync_rested(desk, transport)
    identity.set_copied(desk.vault)
    note(desk, thread, "for colleagues")

    assert (await sync_rested(desk, transport)).letters_posted == 1


async def test_a_sign_of_life_whose_receipt_was_lost_is_our_own(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    give_day_keys(desk, 0, [TODAY])
    identity.begin_alive(desk.vault, TODAY)
    server.signs[0] = org.sign(0, SignOfLife(0, TODAY))

    assert (await sync_rested(desk, transport)).troubles == ()


async def test_a_colleagues_note_is_nobody_elses(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    server.put(seal_signed(org, note_payload(org), 4))

    assert (await sync_rested(desk, transport)).troubles == ()
