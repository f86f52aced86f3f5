"""Colleagues stand in for each other, over the private Tor network: who was away or is new misses
nothing, and every desk shows the same thread."""

import secrets
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from silent_courier import desk as desks
from silent_courier.desk import ThreadEntry
from silent_courier.protocol.errors import DeskRefusedError, TorError
from silent_courier.protocol.sizes import DAY_KEY_LIFE_DAYS, RETENTION_DAYS_MAX
from tests.e2e.house import House, open_house
from tests.e2e.tornet import Tornet

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANNA, BORIS, VERA, GLEB = "Анна", "Борис", "Вера", "Глеб"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tornet: Tornet, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    directory = tmp_path_factory.mktemp("dc")
    async with open_house(directory, (ANNA, BORIS, VERA), tornet=tornet) as house:
        yield house


@pytest.fixture
def entropy() -> bytes:
    return secrets.token_bytes(16)


def thread_of(house: House, label: str, preview: str) -> str:
    rows = desks.list_threads(house.desk(label))
    return next(row.thread for row in rows if row.preview.startswith(preview))


def entries(house: House, label: str, thread: str) -> list[ThreadEntry]:
    return list(desks.read_thread(house.desk(label), thread))


def said(found: list[ThreadEntry]) -> list[tuple[str, str | None, str]]:
    return sorted((entry.kind, entry.by, entry.text) for entry in found)


async def test_every_desk_shows_who_answered_and_what_was_noted(
    house: House, entropy: bytes
) -> None:
    await house.write(entropy, "первое")
    await house.sync(BORIS)
    thread = thread_of(house, BORIS, "первое")
    desks.reply(house.desk(BORIS), thread, "ответ Бориса", "ru")
    desks.note(house.desk(BORIS), thread, "заметка Бориса")
    await house.sync(BORIS, ANNA, VERA)

    for label in (ANNA, BORIS, VERA):
        assert said(entries(house, label, thread)) == [
            ("letter", None, "первое"),
            ("note", BORIS, "заметка Бориса"),
            ("reply", BORIS, "ответ Бориса"),
        ]
        (row,) = (r for r in desks.list_threads(house.desk(label)) if r.thread == thread)
        assert row.answered_by == (BORIS,)


async def test_who_was_away_too_long_for_the_day_keys_gets_what_came(
    house: House, entropy: bytes
) -> None:
    await house.write(entropy, "пока Вера могла бы открыть")
    await house.sync(ANNA, BORIS)
    await house.pass_time(days=DAY_KEY_LIFE_DAYS + 1)
    await house.sync(ANNA, BORIS)
    await house.write(entropy, "пока у Веры есть ключи дня")
    await house.pass_time(days=7)
    await house.sync(ANNA, BORIS)
    await house.write(entropy, "когда у Веры уже нет ключей дня")
    await house.sync(ANNA, BORIS)

    before = (await house.sync(VERA))[VERA]
    assert before.letters == 1
    await house.sync(ANNA, BORIS)
    after = (await house.sync(VERA))[VERA]

    assert (before.resealed + after.resealed, after.letters) == (2, 0)
    thread = thread_of(house, VERA, "когда")
    assert said(entries(house, VERA, thread)) == said(entries(house, ANNA, thread))
    marks = {e.text: e.resealed_by for e in entries(house, VERA, thread)}
    assert marks["пока Вера могла бы открыть"] in {ANNA, BORIS}
    assert marks["пока у Веры есть ключи дня"] is None
    assert marks["когда у Веры уже нет ключей дня"] == ANNA


async def test_who_is_new_gets_all_that_was_said_even_what_the_server_has_dropped(
    house: House, entropy: bytes
) -> None:
    await house.write(entropy, "старое письмо. " * 300)
    await house.sync(BORIS)
    thread = thread_of(house, BORIS, "старое")
    desks.reply(house.desk(BORIS), thread, "старый ответ", "ru")
    await house.sync()
    for _ in range(6):
        await house.pass_time(days=RETENTION_DAYS_MAX / 6 + 1)
        await house.sync()
    await house.write(entropy, "новое письмо")
    await house.sync()

    await house.enrol(GLEB)
    house.issue()
    await house.server.tick()
    await house.join(GLEB)
    first = (await house.sync(GLEB))[GLEB]
    assert (first.letters, first.resealed) == (0, 0)
    assert (await house.sync(ANNA))[ANNA].letters_posted > 0
    report = (await house.sync(GLEB))[GLEB]

    assert report.troubles == ()
    assert report.resealed > 0
    assert said(entries(house, GLEB, thread)) == said(entries(house, ANNA, thread))
    assert {e.resealed_by for e in entries(house, GLEB, thread)} == {ANNA}
    assert len(desks.list_threads(house.desk(GLEB))) == len(desks.list_threads(house.desk(ANNA)))


async def test_who_is_new_can_answer_and_nobody_hands_over_twice(
    house: House, entropy: bytes
) -> None:
    await house.sync()  # under the new charter everybody states day keys anew
    await house.write(entropy, "вопрос новенькому")
    await house.sync()
    thread = thread_of(house, GLEB, "вопрос")
    desks.reply(house.desk(GLEB), thread, "ответ новенького", "ru")
    await house.sync()
    await house.pass_time(hours=6)
    mailbox = (await house.check(entropy)).mailbox
    reports = await house.sync()

    assert [(a.label, a.text) for a in mailbox.answers] == [(GLEB, "ответ новенького")]
    assert {label: r.letters_posted for label, r in reports.items()} == {
        ANNA: 0,
        BORIS: 0,
        VERA: 0,
        GLEB: 0,
    }


async def test_a_handler_s_wish_hands_everything_over_again(house: House) -> None:
    known = sum(row.letters for row in desks.list_threads(house.desk(BORIS)))
    assert desks.reseal(house.desk(BORIS), GLEB) == (GLEB,)
    reports = await house.sync(BORIS, GLEB)

    assert known > 0
    assert reports[BORIS].letters_posted > 0
    assert reports[GLEB].quarantined == 0
    assert (await house.sync(BORIS))[BORIS].letters_posted == 0


async def test_who_has_left_is_told_so_and_the_rest_go_on(house: House, entropy: bytes) -> None:
    await house.write(entropy, "перед уходом")
    await house.sync()
    await house.pass_time(days=1)
    await house.revoke(VERA)
    for _ in range(2):
        await house.sync(ANNA, BORIS, GLEB)
    await house.server.tick()
    with pytest.raises((DeskRefusedError, TorError)):  # by the server, or by its tor before it
        await house.sync(VERA)

    thread = thread_of(house, ANNA, "перед")
    assert desks.reply(house.desk(ANNA), thread, "после ухода", "ru").former_can_read
    await house.write(entropy, "после ухода Веры")
    await house.sync(ANNA)
    assert not desks.reply(house.desk(ANNA), thread, "снова тайно", "ru").former_can_read
    # What was handed over to others while she was away is for nobody else, and stays closed.
    assert desks.list_quarantine(house.desk(ANNA)) == ()
