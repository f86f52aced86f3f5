from tests.unit.desk.app.kit import Visitor, synced


async def test_a_sync_can_be_asked_for_and_stopped(visitor: Visitor) -> None:
    await visitor.unlock()
    await synced(visitor)
    await visitor.told("sync")
    await synced(visitor, 2)
    await visitor.told("stop")
