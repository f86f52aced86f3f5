"""Settling a dispute and releasing a letter, on the page."""

import msgspec

from silent_courier.protocol.payload import LetterPayload
from tests.unit.desk.app.kit import Visitor, one_thread, synced
from tests.unit.desk.kit import SmallServer, seal, seal_raw
from tests.unit.protocol.makers import Organisation, letter_payload


def forged(org: Organisation) -> LetterPayload:
    """In the name of the same source, with another thread key."""
    honest = letter_payload(org, id="5a" * 16, text="Не пишите мне больше")
    return msgspec.structs.replace(honest, thread_key="5a" * 32)


async def test_a_dispute_is_settled_by_choosing_a_letter(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)
    server.put(seal(org, forged(org)))
    await visitor.told("sync")
    await synced(visitor, 2)
    read = await visitor.told("thread", thread=thread)
    assert read["row"]["disputed"]
    assert {entry["state"] for entry in read["entries"]} == {"disputed"}
    refused = await visitor.ask("write", thread=thread, kind="reply", text="a")
    assert refused.status_code == 409

    chosen = next(e for e in read["entries"] if e["text"] == "Здравствуйте")
    await visitor.told("settle", thread=thread, letter=chosen["letter"])
    assert not (await visitor.told("thread", thread=thread))["row"]["disputed"]
    assert (await visitor.told("threads", show="disputed"))["total"] == 0
    await visitor.told("write", thread=thread, kind="reply", text="a")


async def test_what_is_not_disputed_is_not_settled(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)
    (entry,) = (await visitor.told("thread", thread=thread))["entries"]
    answer = await visitor.ask("settle", thread=thread, letter=entry["letter"])
    assert answer.status_code == 404


async def test_only_a_letter_that_its_day_alone_kept_apart_is_released(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    server.put(seal_raw(org, b"poison"))
    await visitor.unlock()
    await synced(visitor)
    (row,) = (await visitor.told("quarantine"))["letters"]
    for letter in (row["letter"], "00" * 32, ""):
        assert (await visitor.ask("release", letter=letter)).status_code == 404
