"""Another passphrase and a backup, asked for on the page."""

import secrets
from pathlib import Path

from silent_courier.storage.vault import open_vault
from silent_courier.storage.vault.backup import restore
from tests.unit.desk.app.kit import Visitor, one_thread, synced
from tests.unit.desk.kit import PASSPHRASE, SmallServer
from tests.unit.protocol.makers import Organisation

NEW = "скамья ветер кисель глобус рельс обед"


async def test_after_a_change_the_desk_is_locked_and_the_new_passphrase_opens_it(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    await one_thread(visitor, server, org)
    await visitor.told("passphrase", old=PASSPHRASE, new=NEW)
    assert (await visitor.told("state"))["locked"]
    assert visitor.app.keeper.left.is_set()
    assert (await visitor.ask("unlock", passphrase=PASSPHRASE)).status_code == 403
    await visitor.told("unlock", passphrase=NEW)
    assert (await visitor.told("overview"))["threads"] == 1


async def test_a_wrong_or_a_weak_passphrase_changes_nothing_and_costs_patience(
    visitor: Visitor,
) -> None:
    await visitor.unlock()
    await synced(visitor)
    assert (await visitor.ask("passphrase", old=PASSPHRASE, new="password1234")).status_code == 400
    for status in (403, 403, 429):
        assert (await visitor.ask("passphrase", old="wrong", new=NEW)).status_code == status
    assert not (await visitor.told("state"))["locked"]
    visitor.hand.now += 1
    await visitor.told("lock")
    await visitor.told("unlock", passphrase=PASSPHRASE)


async def test_a_backup_is_written_while_the_desk_stays_open(
    visitor: Visitor, server: SmallServer, org: Organisation, tmp_path: Path
) -> None:
    await one_thread(visitor, server, org)
    made = await visitor.told("backup", passphrase=PASSPHRASE, words="ru")
    assert (await visitor.told("overview"))["threads"] == 1
    assert len(made["words"].split()) == 6
    restore(Path(made["path"]), tmp_path / "r", made["words"], NEW, secrets.token_bytes)
    with open_vault(tmp_path / "r", NEW) as again:
        assert again.row("SELECT count(DISTINCT source) FROM entry") == (1,)
    under_passphrase = await visitor.told("backup", passphrase=PASSPHRASE)
    assert under_passphrase["words"] == ""


async def test_a_backup_wants_the_passphrase_and_a_wrong_one_costs_patience(
    visitor: Visitor,
) -> None:
    await visitor.unlock()
    for passphrase, status in (("wrong", 403), ("wrong", 403), (PASSPHRASE, 429)):
        assert (await visitor.ask("backup", passphrase=passphrase)).status_code == status
    assert not (visitor.app._settings.directory / "exported").exists()
