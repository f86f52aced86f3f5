"""Syncing when a person asks for it, and stopping it."""

from collections.abc import Mapping
from dataclasses import dataclass

from silent_courier.desk.app.office import Office
from silent_courier.desk.app.serving import Question, Route


@dataclass(slots=True)
class Syncing:
    """The acts on what runs in the background."""

    office: Office

    async def sync(self, _: Question) -> object:
        """Sync now."""
        self.office.attended()
        self.office.background.ask()
        return {}

    async def stop(self, _: Question) -> object:
        """Stop the sync that runs."""
        self.office.attended()
        await self.office.background.interrupt()
        return {}


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    syncing = Syncing(office)
    return {"/api/sync": Route(syncing.sync), "/api/stop": Route(syncing.stop)}
