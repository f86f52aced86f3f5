from typing import Any

import pytest

from tests.unit.desk.app.kit import Visitor, one_thread
from tests.unit.desk.kit import SmallServer
from tests.unit.protocol.makers import Organisation


@pytest.fixture
async def thread(visitor: Visitor, server: SmallServer, org: Organisation) -> str:
    return await one_thread(visitor, server, org)


async def row(visitor: Visitor, thread: str) -> Any:
    return (await visitor.told("thread", thread=thread, mark_read=False))["row"]


async def shown(visitor: Visitor, show: str, **more: str) -> int:
    return int((await visitor.told("threads", show=show, **more))["total"])


async def test_a_thread_is_given_labelled_and_found_by_it(visitor: Visitor, thread: str) -> None:
    who = await visitor.told("who")
    assert who == {"handlers": ["Handler 0", "Handler 1"], "labels": []}
    before = (await visitor.told("state"))["version"]
    await visitor.told("assign", thread=thread, handler="Handler 0")
    await visitor.told("label", thread=thread, label="urgent", on=True)
    assert (await visitor.told("state"))["version"] > before
    team = (await row(visitor, thread))["team"]
    assert (team["assigned"], team["mine"], team["labels"]) == ("Handler 0", True, ["urgent"])
    assert (await visitor.told("who"))["labels"] == ["urgent"]
    assert await shown(visitor, "mine", label="urgent") == 1
    assert await shown(visitor, "mine", label="other") == 0

    await visitor.told("assign", thread=thread, handler=None)
    await visitor.told("label", thread=thread, label="urgent", on=False)
    assert await shown(visitor, "mine") == 0
    assert (await visitor.told("overview"))["labels"] == []


async def test_closing_muting_and_holding_move_it_in_the_list(
    visitor: Visitor, thread: str
) -> None:
    await visitor.told("thread", thread=thread)
    for what in ("closed", "muted", "held"):
        await visitor.told("turn", thread=thread, what=what, on=True)
        assert await shown(visitor, what) == 1
    assert await shown(visitor, "open") == 0
    for what in ("closed", "muted", "held"):
        await visitor.told("turn", thread=thread, what=what, on=False)
        assert await shown(visitor, what) == 0
    assert await shown(visitor, "open") == 1


async def test_days_translations_and_who_set_what_are_shown(visitor: Visitor, thread: str) -> None:
    await visitor.told("come-back", thread=thread, date="2026-12-20")
    await visitor.told("follow-up", thread=thread, date="2026-11-23", text="ask")
    entry = (await visitor.told("thread", thread=thread))["entries"][0]
    await visitor.told("translate", thread=thread, entry=entry["id"], language="en", text="Hello")

    told = await visitor.told("thread", thread=thread)
    team = told["row"]["team"]
    assert (team["come_back"], team["follow_up"], team["follow_up_due"]) == (
        "2026-12-20",
        "ask",
        True,
    )
    assert told["entries"][0]["translations"] == [
        {"language": "en", "text": "Hello", "by": "Handler 0"}
    ]
    assert told["entries"][0]["read_by"] == ["Handler 0"]
    assert {(act["field"], act["value"]) for act in told["acts"]} == {
        ("translation", "on"),
        ("follow-up", "2026-11-23 ask"),
        ("come-back", "2026-12-20"),
    }
    assert await shown(visitor, "due") == 1
    refused = await visitor.ask("come-back", thread=thread, date="2026-02-30")
    assert refused.status_code == 400


async def test_an_answer_is_posted_again(visitor: Visitor, thread: str) -> None:
    sent = await visitor.told("write", thread=thread, kind="reply", text="Спасибо", language="ru")
    assert (await visitor.told("post-again", thread=thread, entry=sent["id"]))["cells"] == 1
    entries = (await visitor.told("thread", thread=thread))["entries"]
    assert sorted(e["posted_again"] for e in entries if e["kind"] == "reply") == ["", "2026-11-23"]


async def test_a_thread_is_its_own_matter_alone(visitor: Visitor, thread: str) -> None:
    answer = await visitor.ask("same", thread=thread, other=thread, on=True)
    assert answer.status_code == 404
    assert (await row(visitor, thread))["matters"] == []


async def test_a_deleted_thread_leaves_the_list(visitor: Visitor, thread: str) -> None:
    await visitor.told("turn", thread=thread, what="held", on=True)
    assert (await visitor.ask("delete", thread=thread)).status_code == 409
    await visitor.told("turn", thread=thread, what="held", on=False)
    visitor.app.keeper.desk.vault.run("DELETE FROM outbox_letter")
    await visitor.told("delete", thread=thread)

    assert await shown(visitor, "all") == 0
    assert (await visitor.ask("thread", thread=thread)).status_code == 404
