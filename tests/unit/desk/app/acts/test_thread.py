from typing import Any

import pytest

from silent_courier.desk.alias import alias_of
from silent_courier.protocol.errors import VaultFullError
from silent_courier.storage.vault import drafts, threads
from tests.unit.desk.app.kit import Visitor, one_thread, until
from tests.unit.desk.kit import SmallServer
from tests.unit.protocol.makers import Organisation, source_id


async def test_a_letter_is_listed_read_answered_and_noted(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)
    (row,) = (await visitor.told("threads"))["rows"]
    assert row["alias"] == alias_of(org.org_id, source_id(org))
    assert (row["thread"], row["unread"], row["draft"]) == (thread, 1, False)

    read = await visitor.told("thread", thread=thread)
    assert read["entries"][0]["attachments"][0]["name"] == "фото.jpg"
    assert (await visitor.told("threads"))["rows"][0]["unread"] == 0

    queued = await visitor.told("write", thread=thread, kind="reply", text="Спасибо", language="ru")
    assert queued["cells"] == 1
    assert (await visitor.told("write", thread=thread, kind="note", text="Ask"))["cells"] == 0
    entries = (await visitor.told("thread", thread=thread))["entries"]
    assert [(e["kind"], e["state"]) for e in entries[1:]] == [
        ("reply", "waiting"),
        ("note", "waiting"),
    ]

    assert entries[1]["posting_at"] == server.clock.now + 2 * 3600
    server.clock.now += 2 * 3600
    await visitor.told("sync")
    await until(lambda: server.cells)


async def test_a_draft_is_kept_measured_and_gone_when_it_is_sent(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)

    async def draft(text: str) -> Any:
        return await visitor.told("draft", thread=thread, kind="reply", text=text, language="ru")

    text = "Спасибо. " * 100
    cells = (await draft(text))["cells"]
    await visitor.told("lock")
    visitor.session = ""
    await visitor.unlock()
    assert (await visitor.told("threads"))["rows"][0]["draft"]
    assert (await visitor.told("thread", thread=thread))["drafts"] == {"reply": text}
    sent = await visitor.told("write", thread=thread, kind="reply", text=text, language="ru")
    assert sent["cells"] == cells > 1
    assert (await visitor.told("thread", thread=thread))["drafts"] == {}
    assert (await draft("я" * 16_000))["cells"] == 0


async def test_a_reply_that_is_too_long_is_refused_and_its_draft_stays(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)
    text = "я" * 16_000
    await visitor.told("draft", thread=thread, kind="reply", text=text)
    answer = await visitor.ask("write", thread=thread, kind="reply", text=text)
    assert answer.status_code == 400
    assert (await visitor.told("thread", thread=thread))["drafts"] == {"reply": text}


async def test_what_is_taken_back_is_a_draft_again(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)
    measured = await visitor.told("draft", thread=thread, kind="reply", text="Не то", language="ru")
    queued = await visitor.told("write", thread=thread, kind="reply", text="Не то", language="ru")
    assert measured["posting_at"] == queued["posting_at"]
    entry = (await visitor.told("thread", thread=thread))["entries"][-1]
    assert entry["can_take_back"]
    await visitor.told("draft", thread=thread, kind="reply", text="Ещё", language="ru")
    told = await visitor.told("take-back", thread=thread, entry=entry["id"])
    assert told == {"kind": "reply", "text": "Не то\n\nЕщё"}

    shown = await visitor.told("thread", thread=thread)
    assert [each["kind"] for each in shown["entries"]] == ["letter"]
    assert shown["drafts"] == {"reply": "Не то\n\nЕщё"}
    answer = await visitor.ask("take-back", thread=thread, entry=entry["id"])
    assert answer.status_code == 404


async def test_on_a_full_disk_letters_are_read_and_what_went_out_is_not_written_twice(
    visitor: Visitor, server: SmallServer, org: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = await one_thread(visitor, server, org)

    def full(*_: object) -> None:
        raise VaultFullError

    with monkeypatch.context() as patch:
        patch.setattr(threads, "mark_read", full)
        assert len((await visitor.told("thread", thread=thread))["entries"]) == 1
        assert (await visitor.told("threads"))["rows"][0]["unread"] == 1
    with monkeypatch.context() as patch:
        patch.setattr(drafts, "forget", full)
        await visitor.told("write", thread=thread, kind="reply", text="Спасибо", language="ru")
    assert len((await visitor.told("thread", thread=thread))["entries"]) == 2


async def test_trying_again_to_keep_a_draft_is_not_being_there(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)
    visitor.hand.now += 300
    await visitor.told("draft", thread=thread, kind="note", text="Ещё", again=True)
    visitor.hand.now += 301
    await until(lambda: not visitor.app.keeper.is_open)
