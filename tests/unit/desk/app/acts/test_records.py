from tests.unit.desk.app.kit import Visitor, one_thread
from tests.unit.desk.kit import SmallServer
from tests.unit.protocol.makers import Organisation

USUAL = {
    "acknowledge_days": 7,
    "acknowledge_alert": 5,
    "feedback_days": 90,
    "feedback_alert": 75,
    "retention_days": 0,
}


async def test_settings_are_shown_and_set_and_what_is_owed_follows(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    await one_thread(visitor, server, org)
    assert await visitor.told("settings") == USUAL
    sooner = {**USUAL, "acknowledge_alert": 0}
    assert await visitor.told("set", **sooner) == sooner
    (row,) = (await visitor.told("threads", show="due"))["rows"]
    assert row["team"]["due"]["state"] == "due"
    assert (await visitor.ask("set", **{**USUAL, "retention_days": -1})).status_code == 400
    assert (await visitor.ask("set", acknowledge_days=3)).status_code == 400


async def test_texts_to_answer_with_are_kept_and_taken_away(visitor: Visitor) -> None:
    await visitor.unlock()
    await visitor.told("keep", name="thanks", text="Thank you", shared=True)
    await visitor.told("keep", name="mine", text="Mine", shared=False)
    assert (await visitor.told("templates"))["templates"] == [
        {"name": "mine", "text": "Mine", "shared": False},
        {"name": "thanks", "text": "Thank you", "shared": True},
    ]
    await visitor.told("keep", name="thanks", text="", shared=True)
    assert len((await visitor.told("templates"))["templates"]) == 1
    assert (await visitor.ask("keep", name=" ", text="x", shared=False)).status_code == 409


async def test_numbers_and_the_trail_are_shown(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)
    await visitor.told("thread", thread=thread)
    told = await visitor.told("statistics")
    assert told["smallest"] == 10
    assert [(month["month"], month["letters"]) for month in told["months"]] == [("2026-11", None)]

    trail = await visitor.told("audit")
    assert [act["act"] for act in trail["acts"]] == ["unlocked", "opened"]
    assert trail["acts"][1]["thread"] == thread
    assert trail["broken"] == []
