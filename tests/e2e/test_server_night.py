"""What a seized disk shows the day after: what was there, not in which order it came.

Read from the raw files of a server that took everything in over HTTP. Each check has a mutant that
it must catch: a server whose night keeps the order of arrival.
"""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest

from silent_courier.protocol.sizes import SEALED_CHUNK_LEN
from silent_courier.server import night
from silent_courier.storage.server.order import Order
from silent_courier.storage.staging import read_staging_keys
from tests.unit.server.kit import LETTER_LEN, QUICK, Clock, House, make_organisation, open_house
from tests.unit.storage.kit import rank_correlation

LETTERS, CHUNKS = 800, 200
STILL = replace(QUICK, tick_s=3600, ticket_bits=0)
NOTHING = 0.15
RETENTION_MAX = 44


@dataclass(frozen=True, slots=True)
class Arrived:
    """Letters, and ids of chunks, in the order in which they came."""

    letters: list[bytes]
    chunks: list[bytes]


async def _arrive(house: House, letters: int = LETTERS, chunks: int = CHUNKS) -> Arrived:
    came = Arrived([], [])
    content = os.urandom(SEALED_CHUNK_LEN)
    async with house.public() as client:
        for number in range(max(letters, chunks)):
            ticket = await client.ticket()
            if number < letters:
                letter = os.urandom(LETTER_LEN)
                answer = await client.request("POST", "/v1/letters", letter, token=ticket)
                assert answer.status == 204
                came.letters.append(letter)
            if number < chunks:
                chunk_id = os.urandom(32)
                path = f"/v1/chunks/{chunk_id.hex()}"
                assert (await client.request("PUT", path, content, token=ticket)).status == 204
                came.chunks.append(chunk_id)
    return came


def _letters_in_file(directory: Path, came: Arrived) -> float:
    content = (directory / "store.sqlite").read_bytes()
    places = [content.find(letter[-3000:-2900]) for letter in came.letters]
    assert -1 not in places
    return abs(rank_correlation(places))


def _notes_in_file(directory: Path, came: Arrived) -> float:
    content = (directory / "store.sqlite").read_bytes()
    places = [content.find(chunk_id) for chunk_id in came.chunks]
    assert -1 not in places
    return abs(rank_correlation(places))


def _chunks_on_disk(directory: Path, came: Arrived) -> float:
    names = [chunk_id.hex() for chunk_id in came.chunks]
    stats = [(directory / "chunks" / name[:2] / name).stat() for name in names]
    assert {(status.st_mtime, status.st_atime) for status in stats} == {(0, 0)}
    return max(
        abs(rank_correlation([status.st_ctime_ns for status in stats])),
        abs(rank_correlation([status.st_ino for status in stats])),
    )


def _by_arrival(came: Arrived, directory: Path) -> Order:
    """The mutant's order."""
    (key,) = read_staging_keys(directory / "staging")
    known = [
        *(key.name_of(b"letter", sha256(letter).digest()) for letter in came.letters),
        *(key.name_of(b"chunk", chunk_id) for chunk_id in came.chunks),
    ]
    places = {name: place for place, name in enumerate(known)}

    def order(names: Sequence[bytes]) -> Sequence[bytes]:
        return sorted(names, key=lambda name: places[name])

    return order


@pytest.mark.parametrize("shuffled", [True, False])
async def test_order_of_arrival_is_in_no_file_after_the_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shuffled: bool
) -> None:
    async with open_house(tmp_path, clock=Clock(), limits=STILL) as house:
        came = await _arrive(house)
        if not shuffled:
            order = _by_arrival(came, tmp_path)
            monkeypatch.setattr(night, "at_random", lambda _: order)
        house.clock.turn(days=1)
        await house.server.tick()

        # 800 letters: chance alone stays below this in all but one of 20,000 nights.
        assert (_letters_in_file(tmp_path, came) < NOTHING) is shuffled
        # 200 chunks: their times tell everything or nothing, so the bound may be wider.
        assert (_chunks_on_disk(tmp_path, came) < 2 * NOTHING) is shuffled
        if shuffled:
            assert _notes_in_file(tmp_path, came) < 2 * NOTHING
        assert await _hashes(house) == sorted(sha256(letter).digest() for letter in came.letters)


async def _hashes(house: House) -> list[bytes]:
    listed = (await house.ask_desk("GET", f"/v1/days/{house.clock.day - 1}")).body
    return [listed[i : i + 32] for i in range(0, len(listed), 32)]


async def test_letters_are_served_at_once_and_their_day_stays(tmp_path: Path) -> None:
    async with open_house(tmp_path, clock=Clock(), limits=STILL) as house:
        came = await _arrive(house, 5, 3)
        today = house.clock.day
        for _ in range(2):
            days = (await house.ask_desk("GET", "/v1/days")).body
            assert days == today.to_bytes(4, "big") + (5).to_bytes(4, "big")
            for letter in came.letters:
                digest = sha256(letter).digest()
                found = (await house.ask_desk("POST", "/v1/letters/read", digest)).body
                assert found[4:] == letter
            for chunk_id in came.chunks:
                answer = await house.ask_desk("GET", f"/v1/chunks/{chunk_id.hex()}")
                assert (answer.status, len(answer.body)) == (200, SEALED_CHUNK_LEN)
            house.clock.turn(days=1)
            await house.server.tick()


def _pieces_found(directory: Path, letters: Sequence[bytes]) -> int:
    """How many pieces of these letters are anywhere in the directory."""
    content = b"\0".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())
    return sum(letter[n : n + 40] in content for letter in letters for n in range(0, 17_000, 1000))


async def test_nothing_of_a_purged_letter_is_in_any_file(tmp_path: Path) -> None:
    async with open_house(tmp_path, clock=Clock(), limits=STILL) as house:
        came = await _arrive(house, 30, 2)
        assert await asyncio.to_thread(_pieces_found, tmp_path, came.letters) == 0
        house.clock.turn(days=1)
        await house.server.tick()
        assert await asyncio.to_thread(_pieces_found, tmp_path, came.letters) == 30 * 17

        house.clock.turn(days=RETENTION_MAX)
        await house.server.tick()

        assert await asyncio.to_thread(_pieces_found, tmp_path, came.letters) == 0
        assert await asyncio.to_thread(_count_chunk_files, tmp_path) == 0
        assert (await house.ask_desk("GET", "/v1/days")).body == b""


def _count_chunk_files(directory: Path) -> int:
    return sum(path.is_file() for path in (directory / "chunks").rglob("*"))


async def test_days_key_is_gone_after_the_night(tmp_path: Path) -> None:
    organisation = make_organisation()
    async with open_house(tmp_path, organisation, clock=Clock(), limits=STILL) as house:
        await _arrive(house, 3, 1)
        (before,) = read_staging_keys(tmp_path / "staging")
        house.clock.turn(days=1)
        await house.server.tick()

        (after,) = read_staging_keys(tmp_path / "staging")
        assert (after.day, after.secret != before.secret) == (before.day + 1, True)
    everything = await asyncio.to_thread(
        lambda: b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    )
    assert before.secret not in everything


async def test_server_that_was_off_at_midnight_has_its_night_when_it_starts(
    tmp_path: Path,
) -> None:
    organisation, clock = make_organisation(), Clock()
    async with open_house(tmp_path, organisation, clock=clock, limits=STILL) as house:
        came = await _arrive(house, 5, 2)
    clock.turn(days=3)
    async with open_house(tmp_path, organisation, clock=clock, limits=STILL) as house:
        assert [key.day for key in read_staging_keys(tmp_path / "staging")] == [clock.day]
        assert house.server.status.letters == 5
        assert house.server.status.chunks == 2
        listed = (await house.ask_desk("GET", f"/v1/days/{clock.day - 3}")).body
        assert len(listed) == 32 * len(came.letters)
