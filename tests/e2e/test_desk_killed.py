"""A desk that is killed in the middle of its work, again and again, loses and doubles nothing."""

import asyncio
import random
import secrets
import signal
import sys
from pathlib import Path

from silent_courier import desk as desks
from silent_courier.desk import Desk
from silent_courier.source.attachments import attach_bytes
from silent_courier.source.compose import Draft
from silent_courier.storage.vault import open_vault
from tests.e2e.house import PASSPHRASE, House, Room, open_house

ANNA, BORIS = "Анна", "Борис"
LETTERS = 12
DEATHS = 50
LONGEST_LIFE_S = 0.5


async def live(directory: Path, url: str, now: float, life_s: float | None) -> int:
    """Run the desk, for so long or to its end; what it ended with."""
    arguments = ("-m", "tests.e2e.desk_program", str(directory), url, str(now))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"begun\n"
    if life_s is not None:
        await asyncio.sleep(life_s)
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
    return await process.wait()


def open_again(house: House, directory: Path) -> Desk:
    return Desk(open_vault(directory, PASSPHRASE), house.clock, secrets.token_bytes)


async def test_a_killed_desk_loses_and_doubles_nothing(tmp_path: Path) -> None:
    lives = random.Random(20_780)
    async with open_house(tmp_path) as house:
        words = [secrets.token_bytes(16) for _ in range(LETTERS)]
        for number, entropy in enumerate(words):
            file = attach_bytes(f"{number}.bin", bytes([number]) * 10_000)
            await house.write(entropy, Draft(f"письмо {number}", "ru", (file,)))
        directory = house.desk(ANNA).vault.directory
        house.desk(ANNA).vault.close()
        url, deaths, more = house.server.desk_url, 0, 0
        while deaths < DEATHS:
            life_s = lives.uniform(0, LONGEST_LIFE_S)
            deaths += await live(directory, url, house.clock(), life_s) == -signal.SIGKILL
            # Whoever got to the end has nothing left to lose; more is found for it to do.
            await house.write(words[more % LETTERS], f"ещё {more}")
            more += 1
        assert await live(directory, url, house.clock(), None) == 0
        house.rooms[ANNA] = Room(open_again(house, directory), None)
        await look_around(house, words, LETTERS + more)
        house.desk(ANNA).vault.close()


async def look_around(house: House, words: list[bytes], letters: int) -> None:
    await house.sync()
    await house.sync()
    anna, boris = (desks.list_threads(house.desk(label)) for label in (ANNA, BORIS))
    assert len(anna) == len(boris) == LETTERS
    by_thread = {row.thread: row for row in boris}
    for row in anna:
        assert (row.letters, row.replies) == (by_thread[row.thread].letters, 1)
        assert by_thread[row.thread].replies == 1
        states = [entry.state for entry in desks.read_thread(house.desk(ANNA), row.thread)]
        assert set(states) <= {"received", "posted"}
    assert sum(row.letters for row in anna) == letters
    assert desks.list_quarantine(house.desk(ANNA)) == ()
    assert desks.list_quarantine(house.desk(BORIS)) == ()
    await the_board_has_each_answer_once(house, words)


async def the_board_has_each_answer_once(house: House, words: list[bytes]) -> None:
    await house.pass_time(days=2)
    for number in range(0, LETTERS, 3):
        await house.sync()
        mailbox = (await house.check(words[number])).mailbox
        assert [a.label for a in mailbox.answers] == [ANNA]
        assert mailbox.answers[0].text.startswith("ответ на ")
        assert mailbox.damaged == 0
