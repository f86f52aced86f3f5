"""Long work in the desk's own thread, cut up so that the page is answered in between."""

import asyncio
from collections.abc import Generator
from typing import TypeVar

from silent_courier.desk.app.office import Office

Result = TypeVar("Result")


async def in_slices(office: Office, work: Generator[None, None, Result]) -> Result:
    """What the work comes to; RequestRefusedError (423) when the desk is locked meanwhile."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: Result = end.value
            return result
        await asyncio.sleep(0)
        _ = office.desk
