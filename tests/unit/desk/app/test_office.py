import asyncio
import importlib
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.desk.app.kit import Visitor, one_thread, synced
from tests.unit.desk.kit import MOST_S, PASSPHRASE, SmallServer, make_file, seal
from tests.unit.desk.sandbox import hostile
from tests.unit.protocol.makers import Organisation, letter_payload, source_id

NEW = "скамья ветер кисель глобус рельс обед"
SLOW = (
    "silent_courier.storage.vault.header.argon2id",
    "silent_courier.storage.vault.backup.shutil.copyfile",
    "silent_courier.desk.contents.open_chunk",
    "silent_courier.desk.examining.examine",
    "silent_courier.desk.sandbox.running.sandbox_command",
    "zipfile.ZipFile.open",
)


async def test_the_version_grows_with_an_act_and_not_with_looking(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)

    async def version() -> int:
        return int((await visitor.told("state"))["version"])

    before = await version()
    await visitor.told("thread", thread=thread)
    after = await version()
    assert after == before + 1
    for path in ("overview", "threads", "quarantine"):
        await visitor.told(path)
    await visitor.told("thread", thread=thread)
    assert await version() == after
    await visitor.told("write", thread=thread, kind="note", text="a")
    assert await version() == after + 1


async def test_only_a_persons_acts_keep_the_desk_open(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)
    visitor.hand.now += 599
    await visitor.told("overview")
    await visitor.told("thread", thread=thread)
    visitor.hand.now += 2
    await asyncio.sleep(0.1)
    assert (await visitor.told("state"))["locked"]


async def letter_with_files(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> dict[str, str]:
    """A thread with a picture and a long text, which nobody has looked at."""
    files = [
        make_file(org, "a.png", hostile.picture(30, 20)),
        make_file(org, "long.txt", b"slow " * 4_000_000),
    ]
    for file in files:
        server.chunks |= file.chunks
    server.put(seal(org, letter_payload(org, attachments=tuple(f.attachment for f in files))))
    await visitor.unlock()
    await synced(visitor)
    visitor.app.keeper.desk.vault.run("DELETE FROM attachment_fact")
    thread = source_id(org).hex()
    (entry,) = (await visitor.told("thread", thread=thread))["entries"]
    return {"thread": thread, "entry": entry["id"]}


async def test_whatever_takes_long_is_done_in_another_thread(
    visitor: Visitor, server: SmallServer, org: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, done_in = threading.get_ident(), dict[str, set[bool]]()

    def watched(name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def watch(*args: Any, **more: Any) -> Any:
            done_in.setdefault(name, set()).add(threading.get_ident() == ours)
            return act(*args, **more)

        return watch

    with monkeypatch.context() as patched:
        for name in SLOW:
            place, _, attribute = name.rpartition(".")
            owner = _owner(place)
            patched.setattr(owner, attribute, watched(name, getattr(owner, attribute)))
        letter = await letter_with_files(visitor, server, org)
        for path, position in (("export", 0), ("picture", 0), ("export-cleaned", 0)):
            await visitor.told(path, **letter, position=position)
        visitor.app.keeper.desk.vault.run("DELETE FROM attachment_fact")
        await visitor.told("export-case", threads=[letter["thread"]])
        await visitor.told("backup", passphrase=PASSPHRASE)
        await visitor.told("passphrase", old=PASSPHRASE, new=NEW)
        await visitor.told("unlock", passphrase=NEW)

    assert done_in == {name: {False} for name in SLOW}


def _owner(place: str) -> Any:
    """The module or class of this name."""
    try:
        return importlib.import_module(place)
    except ImportError:
        module, _, name = place.rpartition(".")
        return getattr(importlib.import_module(module), name)


async def test_the_page_is_answered_and_told_how_far_it_is_while_a_long_file_is_exported(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    letter = await letter_with_files(visitor, server, org)
    longest, seen = 0.0, set[int]()
    exporting = asyncio.create_task(visitor.told("export", **letter, position=1))
    while not exporting.done():
        before = time.thread_time()
        seen.add((await visitor.told("progress"))["done"])
        await visitor.told("state")
        longest = max(longest, time.thread_time() - before)

    assert (await exporting)["problem"] is None
    assert longest < MOST_S
    assert len(seen) > 2
    assert (await visitor.told("progress"))["total"] == 20_000_000
