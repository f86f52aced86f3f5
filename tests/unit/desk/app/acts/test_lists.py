import pytest

from silent_courier.desk.alarms import AlarmKind, raise_alarm
from silent_courier.desk.app.acts.lists import APART_SHOWN
from silent_courier.protocol.errors import VaultDamagedError
from silent_courier.storage.vault import alarms, drafts, letters
from tests.unit.desk.app.kit import Visitor, letter_of, one_thread, synced
from tests.unit.desk.kit import SmallServer, seal, seal_raw
from tests.unit.protocol.makers import Organisation


async def test_quarantine_is_shown_with_its_reason(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    server.put(seal_raw(org, b'{"poison":"\\ud800"}'))
    await one_thread(visitor, server, org)
    shown = await visitor.told("quarantine")
    assert [row["reason"] for row in shown["letters"]] == ["malformed-payload"]
    overview = await visitor.told("overview")
    assert (overview["quarantine"], overview["quarantine_alarms"]) == (1, 0)
    assert (overview["threads"], overview["unread"], overview["languages"]) == (1, 1, ["ru"])


async def test_a_flood_of_what_was_set_aside_is_counted_and_not_shown_whole(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    await one_thread(visitor, server, org)
    vault = visitor.app.keeper.desk.vault
    names = [number.to_bytes(32, "big") for number in range(APART_SHOWN + 7)]
    letters.note_listing(vault, 1, names, 0)
    for name in names:
        letters.note_malformed(vault, name, "malformed-letter")
    shown = await visitor.told("quarantine")
    assert (len(shown["letters"]), shown["more"]) == (APART_SHOWN, 7)
    assert (await visitor.told("overview"))["quarantine"] == APART_SHOWN + 7


async def test_an_alarm_is_shown_until_it_is_put_away(visitor: Visitor) -> None:
    await visitor.unlock()
    await synced(visitor)
    desk = visitor.app.keeper.desk
    raise_alarm(desk, AlarmKind.WITHHELD, desk.today, "", "Boris")
    (alarm,) = (await visitor.told("overview"))["alarms"]
    assert alarm["sentence"] == AlarmKind.WITHHELD.sentence
    assert alarm["details"] == ["Boris"]
    await visitor.told("dismiss", alarm=alarm["id"])
    assert (await visitor.told("overview"))["alarms"] == []


async def test_a_window_holds_what_was_asked_for_and_no_more(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    for number in range(5):
        server.put(seal(org, letter_of(org, number)))
    await visitor.unlock()
    await synced(visitor)
    window = await visitor.told("threads", offset=1, count=2)
    assert (window["total"], len(window["rows"])) == (5, 2)
    everything = await visitor.told("threads", offset=-3, count=10**9)
    assert window["rows"] == everything["rows"][1:3]
    assert (await visitor.told("threads", offset=5))["rows"] == []
    assert (await visitor.told("threads", language="ko"))["total"] == 0
    assert (await visitor.ask("threads", show="gone")).status_code == 400


async def test_what_is_damaged_beside_the_list_does_not_hide_it(
    visitor: Visitor, server: SmallServer, org: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    await one_thread(visitor, server, org)

    def damaged(*_: object) -> None:
        raise VaultDamagedError

    monkeypatch.setattr(alarms, "every", damaged)
    monkeypatch.setattr(drafts, "threads_with_drafts", damaged)
    overview = await visitor.told("overview")
    assert (overview["threads"], overview["alarms"]) == (1, [])
    assert len((await visitor.told("threads"))["rows"]) == 1
