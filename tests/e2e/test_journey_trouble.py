"""What goes wrong on the way, over the private Tor network: nothing is lost, nothing is hidden."""

import asyncio
import os
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path

import pytest
import pytest_asyncio

from silent_courier import desk as desks
from silent_courier.protocol.calendar import SECONDS_PER_DAY
from silent_courier.protocol.errors import ClockError, TooFewDayKeysError
from silent_courier.protocol.sizes import CHUNK_LEN, MIB
from silent_courier.source.attachments import attach_file
from silent_courier.source.compose import Draft, compose_letter
from silent_courier.source.portal import Portal, post_letter, take_ticket
from silent_courier.source.progress import Progress, untold
from silent_courier.source.seal import seal_for
from silent_courier.source.visit import read
from silent_courier.source.write import write
from silent_courier.tor.transport import Transport
from tests.e2e.files import write_noise
from tests.e2e.house import House, open_house
from tests.e2e.tornet import Tornet

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANNA, BORIS = "Анна", "Борис"
FILE_LEN = 24 * MIB - 5


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tornet: Tornet, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(tmp_path_factory.mktemp("jt"), (ANNA, BORIS), tornet=tornet) as house:
        yield house


@pytest.fixture
def entropy() -> bytes:
    return secrets.token_bytes(16)


class Once:
    """Listens to progress and does something the first time it is told of a certain point."""

    def __init__(
        self, when: Callable[[Progress], bool], act: Callable[[], Coroutine[None, None, None]]
    ) -> None:
        self._when = when
        self._act = act
        self._task: asyncio.Task[None] | None = None

    def __call__(self, progress: Progress) -> None:
        if self._task is None and self._when(progress):
            self._task = asyncio.create_task(self._act())

    async def done(self) -> None:
        assert self._task is not None
        await self._task


def uploaded(chunks: int) -> Callable[[Progress], bool]:
    return lambda p: p.stage == "attachments" and p.done == chunks * CHUNK_LEN


def door(transport: Transport) -> Portal:
    return Portal(transport, secrets.token_bytes, asyncio.sleep, untold)


async def received(house: House, folder: Path) -> bytes:
    """What Anna's desk saves of the newest thread's only file."""
    report = (await house.sync(ANNA))[ANNA]
    assert (report.letters, report.attachments) == (1, 1)
    row = desks.list_threads(house.desk(ANNA))[0]
    return only_file(house.desk(ANNA), row.thread, folder)


def only_file(desk: desks.Desk, thread: str, folder: Path) -> bytes:
    (saved,) = desks.save_attachments(desk, thread, folder)
    assert saved.path is not None
    return Path(saved.path).read_bytes()


async def test_an_upload_goes_on_after_the_server_was_restarted(
    house: House, entropy: bytes, tmp_path: Path
) -> None:
    data = write_noise(tmp_path / "a.bin", FILE_LEN, seed=2)

    async def restart() -> None:
        await house.stop_server()
        await house.start_server()

    restarted = Once(uploaded(6), restart)
    draft = Draft("Файл", "ru", (attach_file(tmp_path / "a.bin"),))
    await house.write(entropy, draft, on_progress=restarted)

    await restarted.done()
    assert await received(house, tmp_path / "saved") == data


@pytest.mark.parametrize(
    "when", [lambda p: p.stage == "board", uploaded(4)], ids=["at the board", "in an upload"]
)
async def test_a_visit_outlives_the_death_of_the_sources_tor(
    house: House, entropy: bytes, tmp_path: Path, when: Callable[[Progress], bool]
) -> None:
    data = write_noise(tmp_path / "a.bin", FILE_LEN, seed=3)
    tor = house.source_tor
    assert tor is not None

    async def kill() -> None:
        assert tor.pid is not None
        os.kill(tor.pid, signal.SIGKILL)

    killed = Once(when, kill)
    draft = Draft("Файл", "ru", (attach_file(tmp_path / "a.bin"),))
    await house.write(entropy, draft, on_progress=killed)

    await killed.done()
    assert await received(house, tmp_path / "saved") == data


@pytest.mark.parametrize("days", [-3, 3])
async def test_a_source_whose_clock_is_off_by_three_days_is_told_and_sends_nothing(
    house: House, entropy: bytes, days: int
) -> None:
    async with house.source_transport() as transport:
        with pytest.raises(ClockError):
            await write(
                transport,
                house.org_id,
                entropy,
                Draft("a"),
                clock=lambda: house.clock() + days * SECONDS_PER_DAY,
                random=secrets.token_bytes,
            )

    assert (await house.sync(ANNA))[ANNA].letters == 0


async def seal_today(house: House, entropy: bytes, text: str) -> bytes:
    """A letter sealed to the day keys of today, and kept back."""
    async with house.source_transport() as transport:
        keyring = (await read(door(transport), house.org_id, entropy, house.clock)).keyring
    payload = compose_letter(
        Draft(text),
        (),
        secrets.token_bytes(16),
        charter=keyring.charter,
        entropy=entropy,
        day=keyring.day,
    )
    return seal_for(keyring, payload, secrets.token_bytes)


async def post(house: House, letter: bytes) -> None:
    async with house.source_transport() as transport:
        await post_letter(door(transport), letter, await take_ticket(door(transport)))


async def test_a_letter_opens_three_days_late_and_not_ten_days_late(
    house: House, entropy: bytes
) -> None:
    await house.sync()
    early = await seal_today(house, entropy, "three days")
    late = await seal_today(house, entropy, "ten days")
    await house.pass_time(days=3)
    await post(house, early)
    third_day = (await house.sync(ANNA))[ANNA]
    await house.pass_time(days=7)
    await post(house, late)
    tenth_day = (await house.sync(ANNA))[ANNA]

    assert (third_day.letters, third_day.not_opened) == (1, 0)
    assert (tenth_day.letters, tenth_day.not_opened) == (0, 1)


async def test_too_few_handlers_stop_a_letter_and_hide_no_answer(
    house: House, entropy: bytes
) -> None:
    await house.sync()
    await house.write(entropy, "Здравствуйте")
    await house.sync()
    thread = desks.list_threads(house.desk(ANNA))[0].thread
    desks.reply(house.desk(ANNA), thread, "Здравствуйте и вы", "ru")
    await house.sync(ANNA)
    await house.pass_time(days=20)
    await house.sync(ANNA)
    checked = await house.check(entropy)

    assert [found.text for found in checked.mailbox.answers] == ["Здравствуйте и вы"]
    assert isinstance(checked.refusal, TooFewDayKeysError)
    with pytest.raises(TooFewDayKeysError) as refused:
        await house.write(entropy, "Вы здесь?")
    assert refused.value.missing == (BORIS,)

    await house.sync(BORIS)
    await house.write(entropy, "Вы здесь?")
    assert (await house.sync(BORIS))[BORIS].letters == 1
