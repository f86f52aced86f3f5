"""An organisation of two handlers, a desk of the first, and the server it talks to."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from silent_courier.desk import Desk
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import Clock, SmallServer, make_desk, serving
from tests.unit.protocol.makers import Organisation, make_organisation


@pytest.fixture
def org() -> Organisation:
    return make_organisation()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, org: Organisation, clock: Clock) -> Iterator[Desk]:
    made = make_desk(tmp_path / "desk", org, clock=clock)
    yield made
    made.vault.close()


@pytest.fixture
def server(org: Organisation, clock: Clock) -> SmallServer:
    return SmallServer(org, clock)


@pytest_asyncio.fixture
async def transport(server: SmallServer, tmp_path: Path) -> AsyncIterator[Transport]:
    async with serving(server, tmp_path) as made:
        yield made
