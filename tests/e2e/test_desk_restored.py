"""A desk is lost and comes back from its backup: as another device, which a team works on with."""

import secrets
from dataclasses import replace
from pathlib import Path

from silent_courier import desk as desks
from silent_courier.desk import Desk
from silent_courier.desk.alarms import list_alarms
from silent_courier.organisation import actions
from silent_courier.source.attachments import attach_bytes
from silent_courier.source.compose import Draft
from silent_courier.storage.vault import drafts, identity, open_vault
from silent_courier.storage.vault.backup import restore, write_backup
from tests.e2e.house import PASSPHRASE, House, Room, open_house

ANNA, BORIS = "Анна", "Борис"
SEAL = "bench ladder onion window copper ship"


async def test_a_restored_desk_is_a_further_device_and_goes_on(tmp_path: Path) -> None:
    async with open_house(tmp_path / "h") as house:
        words = secrets.token_bytes(16)
        file = attach_bytes("a.txt", b"content")
        await house.write(words, Draft("Первое письмо", "ru", (file,)))
        await house.sync(ANNA)
        anna = house.desk(ANNA)
        (row,) = desks.list_threads(anna)
        desks.reply(anna, row.thread, "Первый ответ", "ru")
        await house.post(ANNA)
        await house.sync()
        # This one is in the outbox when the backup is made, and is never posted.
        desks.reply(anna, row.thread, "Не отправлено", "ru")
        old = identity.membership(anna.vault).key.device

        back = await _lost_and_restored(house, anna, tmp_path)
        assert desks.list_threads(back)[0].thread == row.thread
        source = bytes.fromhex(row.thread)
        assert drafts.of_thread(back.vault, source) == {"reply": "Не отправлено"}
        assert identity.membership(back.vault).key.device != old

        await house.sync()
        await house.write(words, "Второе письмо")
        await house.sync()
        await house.sync()
        texts = [entry.text for entry in desks.read_thread(back, row.thread)]
        assert texts == ["Первое письмо", "Первый ответ", "Второе письмо"]
        saved = desks.save_attachments(back, row.thread, tmp_path / "out")
        assert [_content(each.path) for each in saved] == [b"content"]

        desks.reply(back, row.thread, "Ответ с нового устройства", "ru")
        for _ in range(3):
            await house.sync()
            await house.pass_time(hours=3)
        answers = (await house.check(words)).mailbox.answers
        assert {a.text for a in answers} == {"Первый ответ", "Ответ с нового устройства"}
        boris = desks.read_thread(house.desk(BORIS), row.thread)
        assert [e.by for e in boris if e.kind == "reply"] == [ANNA, ANNA]
        for desk in (back, house.desk(BORIS)):
            assert [a.kind for a in list_alarms(desk)] == []
            # What only the old device could open stays closed: its day keys are in no backup.
            assert desks.list_quarantine(desk) == ()
        back.vault.close()


async def _lost_and_restored(house: House, anna: Desk, tmp_path: Path) -> Desk:
    """The old device is gone; the organisation takes in a further one of the same handler."""
    anna.vault.close()
    backup = tmp_path / "anna.backup"
    write_backup(anna.vault.directory, PASSPHRASE, backup, SEAL, secrets.token_bytes)
    restore(backup, tmp_path / "new", SEAL, PASSPHRASE, secrets.token_bytes)
    back = replace(anna, vault=open_vault(tmp_path / "new", PASSPHRASE))
    request = desks.make_request(back)
    actions.enrol(house.directory / "org", [request], further_device=True)
    house.issue()
    await house.server.tick()
    house.rooms[ANNA] = Room(back, None)
    await house.join()
    return back


def _content(path: str | None) -> bytes:
    assert path is not None
    return Path(path).read_bytes()
