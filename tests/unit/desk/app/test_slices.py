"""That the page is answered while something long is read, and nothing is read of a locked desk."""

import asyncio
import time
from collections.abc import Generator

import pytest

from silent_courier.desk.app.office import Office
from silent_courier.desk.app.slices import in_slices
from silent_courier.desk.reading import reading_thread
from silent_courier.protocol.errors import RequestRefusedError
from silent_courier.protocol.kept import encode_kept, keep_letter
from silent_courier.storage.vault import attachments, threads
from silent_courier.storage.vault.threads import Entry
from tests.unit.desk.app.kit import Visitor, one_thread
from tests.unit.desk.kit import MOST_S, SmallServer, make_file
from tests.unit.protocol.makers import TODAY, Organisation, draw, letter_payload, source_id

LETTERS = 600


def office_of(visitor: Visitor) -> Office:
    """What the acts share."""
    route = visitor.app._place.routes["/api/thread"]
    office = route.handler.__self__.office  # type: ignore[attr-defined]  # a bound method
    assert isinstance(office, Office)
    return office


async def test_a_source_that_floods_its_thread_does_not_hold_the_page_up(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)
    vault = visitor.app.keeper.desk.vault
    files = tuple(make_file(org, f"{n}.txt", b"x").attachment for n in range(8))
    with vault.transaction():
        for number in range(LETTERS):
            kept = keep_letter(
                letter_payload(
                    org,
                    id=draw(f"letter {number}", 16).hex(),
                    text="слово " * 800,
                    attachments=files,
                )
            )
            entry = bytes.fromhex(kept.id)
            content = encode_kept(kept)
            threads.add(
                vault, Entry(entry, source_id(org), "letter", TODAY, None, content), unread=True
            )
            attachments.add(vault, entry, files)
    longest, desk = 0.0, visitor.app.keeper.desk
    reading = asyncio.create_task(in_slices(office_of(visitor), reading_thread(desk, thread)))
    while not reading.done():
        before = time.thread_time()
        await asyncio.sleep(0)
        longest = max(longest, time.thread_time() - before)

    assert longest < MOST_S
    entries = await reading
    assert len(entries) == LETTERS + 1
    assert {len(entry.attachments) for entry in entries} == {1, 8}
    found = await visitor.told("thread", thread=thread)
    assert [entry["id"] for entry in found["entries"]] == [entry.id for entry in entries]
    assert found["row"]["unread"] == 0


async def test_what_is_locked_in_the_middle_is_not_read_on(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    await one_thread(visitor, server, org)
    office = office_of(visitor)
    steps = []

    def work() -> Generator[None, None, str]:
        for step in range(3):
            steps.append(step)
            if step == 1:
                locking.append(asyncio.ensure_future(visitor.app.keeper.lock()))
            yield
        return "done"

    locking: list[asyncio.Future[None]] = []
    assert await in_slices(office, iter_of(["a", "b"])) == "ab"
    with pytest.raises(RequestRefusedError):
        await in_slices(office, work())
    await locking[0]
    assert steps == [0, 1]


def iter_of(parts: list[str]) -> Generator[None, None, str]:
    """Parts, one at a time."""
    whole = ""
    for part in parts:
        whole += part
        yield
    return whole
