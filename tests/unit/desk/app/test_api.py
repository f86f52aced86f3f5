import asyncio
from pathlib import Path
from typing import Any

import pytest

from silent_courier.desk import Desk
from silent_courier.desk.alarms import AlarmKind, raise_alarm
from silent_courier.desk.app.alias import alias_of
from tests.unit.desk.app.kit import Visitor, open_app, until
from tests.unit.desk.kit import Clock, SmallServer, make_file, seal, seal_raw
from tests.unit.protocol.makers import Organisation, letter_payload, source_id


async def synced(visitor: Visitor, rounds: int = 1) -> None:
    """Wait for so many syncs."""
    async with asyncio.timeout(10):
        while (await visitor.told("state"))["version"] < rounds:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def one_thread(visitor: Visitor, server: SmallServer, org: Organisation) -> str:
    """Unlock, with one letter in the letterbox."""
    file = make_file(org, "фото.jpg", b"pixels")
    server.chunks |= file.chunks
    server.put(seal(org, letter_payload(org, attachments=(file.attachment,))))
    await visitor.unlock()
    await synced(visitor)
    return source_id(org).hex()


async def test_a_locked_desk_tells_nothing_but_that(visitor: Visitor) -> None:
    await visitor.begin()
    assert await visitor.told("state") == {"locked": True, "wait_s": 0.0}
    for path in ("threads", "awake", "sync", "stop"):
        assert (await visitor.ask(path)).status_code == 423


async def test_an_open_desk_tells_whose_it_is_and_how_syncing_goes(
    visitor: Visitor, org: Organisation
) -> None:
    await visitor.unlock()
    await synced(visitor)
    state = await visitor.told("state")
    assert state["desk"]["organisation"] == org.charter.body.name
    assert state["sync"]["finished"] > 0
    assert state["sync"]["report"]["troubles"] == []


async def test_a_letter_is_listed_read_answered_and_noted(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)
    (row,) = (await visitor.told("threads"))["threads"]
    assert row["alias"] == alias_of(org.org_id, source_id(org))
    assert (row["thread"], row["unread"], row["draft"]) == (thread, 1, False)

    read = await visitor.told("thread", thread=thread)
    assert read["entries"][0]["attachments"][0]["name"] == "фото.jpg"
    assert (await visitor.told("threads"))["threads"][0]["unread"] == 0

    queued = await visitor.told("write", thread=thread, kind="reply", text="Спасибо", language="ru")
    assert queued["cells"] == 1
    assert (await visitor.told("write", thread=thread, kind="note", text="Ask"))["cells"] == 0
    entries = (await visitor.told("thread", thread=thread))["entries"]
    assert [(e["kind"], e["state"]) for e in entries[1:]] == [
        ("reply", "waiting"),
        ("note", "waiting"),
    ]

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
    assert (await visitor.told("threads"))["threads"][0]["draft"]
    assert (await visitor.told("thread", thread=thread))["drafts"] == {"reply": text}
    sent = await visitor.told("write", thread=thread, kind="reply", text=text, language="ru")
    assert sent["cells"] == cells > 1
    assert (await visitor.told("thread", thread=thread))["drafts"] == {}
    assert await draft("я" * 16_000) == {"cells": 0, "cells_max": 16}


async def test_a_reply_that_is_too_long_is_refused_and_its_draft_stays(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)
    text = "я" * 16_000
    await visitor.told("draft", thread=thread, kind="reply", text=text)
    answer = await visitor.ask("write", thread=thread, kind="reply", text=text)
    assert answer.status_code == 400
    assert (await visitor.told("thread", thread=thread))["drafts"] == {"reply": text}


@pytest.mark.parametrize(("entry", "position"), [(0, 1), (0, -1), (None, 0)])
async def test_only_attachments_that_are_there_are_exported(
    visitor: Visitor,
    server: SmallServer,
    org: Organisation,
    entry: int | None,
    position: int,
) -> None:
    thread = await one_thread(visitor, server, org)
    entries = (await visitor.told("thread", thread=thread))["entries"]
    name = "00" if entry is None else entries[entry]["id"]
    answer = await visitor.ask("export", thread=thread, entry=name, position=position)
    assert answer.status_code == 404


async def test_an_export_is_the_original_in_the_desks_own_folder(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)
    (entry,) = (await visitor.told("thread", thread=thread))["entries"]
    saved = await visitor.told("export", thread=thread, entry=entry["id"], position=0)
    folder = visitor.app._settings.directory / "exported"
    assert saved["path"] == str(folder / "фото.jpg")
    assert (folder / "фото.jpg").read_bytes() == b"pixels"
    assert folder.stat().st_mode & 0o777 == 0o700


async def test_quarantine_is_shown_with_its_reason(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    server.put(seal_raw(org, b'{"poison":"\\ud800"}'))
    await one_thread(visitor, server, org)
    shown = await visitor.told("threads")
    assert [row["reason"] for row in shown["quarantine"]] == ["malformed-payload"]
    assert len(shown["threads"]) == 1


async def test_an_alarm_is_shown_until_it_is_put_away(visitor: Visitor) -> None:
    await visitor.unlock()
    await synced(visitor)
    desk = visitor.app.keeper.desk
    raise_alarm(desk, AlarmKind.WITHHELD, desk.today, "", "Boris")
    (alarm,) = (await visitor.told("threads"))["alarms"]
    assert alarm["sentence"] == AlarmKind.WITHHELD.sentence
    assert alarm["details"] == ["Boris"]
    await visitor.told("dismiss", alarm=alarm["id"])
    assert (await visitor.told("threads"))["alarms"] == []


async def test_a_sync_can_be_asked_for_and_stopped(visitor: Visitor) -> None:
    await visitor.unlock()
    await synced(visitor)
    await visitor.told("sync")
    await synced(visitor, 2)
    await visitor.told("stop")


async def test_a_desk_that_has_not_joined_opens_and_says_so(
    desk: Desk, server: SmallServer, tmp_path: Path, clock: Clock
) -> None:
    desk.vault.run("UPDATE self SET org_id = NULL, device = NULL")
    async with open_app(desk, server, tmp_path, clock) as visitor:
        await visitor.unlock()
        assert (await visitor.told("state"))["desk"] is None
        assert (await visitor.ask("threads")).status_code == 409
