"""An app that runs, and somebody who visits it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from silent_courier.desk import Desk
from tests.unit.desk.app.kit import Visitor, open_app
from tests.unit.desk.kit import Clock, SmallServer


@pytest_asyncio.fixture
async def visitor(
    desk: Desk, server: SmallServer, tmp_path: Path, clock: Clock
) -> AsyncIterator[Visitor]:
    async with open_app(desk, server, tmp_path, clock) as visitor:
        yield visitor
