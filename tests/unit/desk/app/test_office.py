import asyncio

from tests.unit.desk.app.kit import Visitor, one_thread
from tests.unit.desk.kit import SmallServer
from tests.unit.protocol.makers import Organisation


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
