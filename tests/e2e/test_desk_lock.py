"""`courier desk run` as people run it: the process that held the key is gone when the desk locks.

What is looked for is looked for in the memory of every process that is left.
"""

import asyncio
import os
import re
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from silent_courier.source.attachments import attach_bytes
from silent_courier.source.compose import Draft
from silent_courier.storage.vault.header import derive_key, parse_header
from tests.e2e.house import PASSPHRASE, open_house

WORD = "ZINNOBERROT"
XDG = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")
ADDRESS = re.compile(rb"(http://127\.0\.0\.1:\d+)/#([0-9a-f]{64})")


@dataclass(slots=True)
class Ran:
    """The program, and a page before it."""

    process: asyncio.subprocess.Process
    http: httpx.AsyncClient
    session: str = ""

    async def ask(self, path: str, **question: object) -> Any:
        """Ask as the page does, which asks again when a connection broke."""
        headers = {"Origin": str(self.http.base_url).rstrip("/")}
        if self.session:
            headers["Authorization"] = f"Bearer {self.session}"
        for _ in range(50):
            try:
                answer = await self.http.post(f"/api/{path}", json=question, headers=headers)
                return answer.json()
            except httpx.TransportError:
                await asyncio.sleep(0.1)
        raise AssertionError

    async def until(self, fits: Callable[[Any], bool]) -> Any:
        async with asyncio.timeout(60):
            while not fits(state := await self.ask("state")):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        return state

    def behind(self) -> list[int]:
        """The processes of the desk behind the porter."""
        return _children(self.process.pid)


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in text.split()]


def _holds(pid: int, wanted: bytes) -> bool:
    """Whether this stands anywhere in the process's memory."""
    maps = Path(f"/proc/{pid}/maps").read_text(encoding="ascii").splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            start, end = (int(part, 16) for part in span.split("-"))
            if "w" not in rights or "[v" in line:
                continue
            try:
                memory.seek(start)
                if wanted in memory.read(end - start):
                    return True
            except (OSError, ValueError):
                continue
    return False


async def gone(pid: int) -> bool:
    """Whether this process has ended, or does so within moments."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        await asyncio.sleep(0.05)
    return False


@asynccontextmanager
async def running(
    directory: Path, *options: str, env: Mapping[str, str] | None = None
) -> AsyncIterator[Ran]:
    command = [str(Path(sys.executable).with_name("courier")), "desk", "run", str(directory)]
    process = await asyncio.create_subprocess_exec(
        *command, "--no-browser", *options, stdout=asyncio.subprocess.PIPE, env=env
    )
    try:
        assert process.stdout is not None
        found = ADDRESS.match(await asyncio.wait_for(process.stdout.readline(), 60))
        assert found
        async with httpx.AsyncClient(base_url=found[1].decode(), trust_env=False) as http:
            ran = Ran(process, http)
            ran.session = (await ran.ask("start", token=found[2].decode()))["session"]
            yield ran
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            assert await asyncio.wait_for(process.wait(), 20) == 0


async def test_after_locking_no_process_holds_the_key(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        vault = house.desk("Анна").vault
        vault.close()
        header = parse_header((vault.directory / "vault.json").read_bytes())
        key = derive_key(header, PASSPHRASE).key
        wanted = (PASSPHRASE.encode(), key, key.hex().encode())
        async with running(vault.directory) as ran:
            porter = ran.process.pid
            for _ in range(2):
                (desk,) = ran.behind()
                await ran.ask("unlock", passphrase=PASSPHRASE)
                assert not (await ran.ask("state"))["locked"]
                if os.geteuid() == 0:
                    assert any(_holds(desk, secret) for secret in wanted)
                else:
                    # Nobody but root may look into it at all.
                    with pytest.raises(PermissionError):
                        _holds(desk, PASSPHRASE.encode())
                assert not any(_holds(porter, secret) for secret in wanted)

                await ran.ask("lock")
                # The same page goes on, at the same port and in the same session.
                assert (await ran.ask("state"))["locked"]
                assert await gone(desk)
                (after,) = ran.behind()
                for pid in (porter, after)[: 2 if os.geteuid() == 0 else 1]:
                    assert not any(_holds(pid, secret) for secret in wanted)


async def test_a_desk_that_is_killed_stands_locked_again_and_says_so(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        vault = house.desk("Анна").vault
        vault.close()
        async with running(vault.directory) as ran:
            await ran.ask("language", language="ru")
            await ran.ask("unlock", passphrase=PASSPHRASE)
            os.kill(ran.behind()[0], signal.SIGKILL)
            state = await ran.until(lambda state: state["locked"])
            assert state["broke"]
            await ran.ask("unlock", passphrase=PASSPHRASE)
            await ran.ask("lock")
            assert not (await ran.until(lambda state: state["locked"]))["broke"]

            (desk,) = ran.behind()
            ran.process.kill()
            await ran.process.wait()
            assert await gone(desk)


async def test_patience_outlives_the_process_and_an_idle_desk_ends(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        vault = house.desk("Анна").vault
        vault.close()
        async with running(vault.directory, "--idle", "0.5") as ran:
            for _ in range(5):
                await ran.until(lambda state: state["wait_s"] == 0)
                await ran.ask("unlock", passphrase="wrong")
            os.kill(ran.behind()[0], signal.SIGKILL)
            state = await ran.until(lambda state: state["broke"])
            assert 0 < state["wait_s"] <= 8
            await ran.until(lambda state: state["wait_s"] == 0)
            (desk,) = ran.behind()
            await ran.ask("unlock", passphrase=PASSPHRASE)
            await ran.until(lambda state: state["locked"])
            assert await gone(desk)


def _told_to_everybody() -> Iterator[bytes]:
    """What the system shows of every process: how it was called, and its environment."""
    for name in ("cmdline", "environ"):
        for place in Path("/proc").glob(f"[0-9]*/{name}"):
            with suppress(OSError):
                yield place.read_bytes()


async def test_nothing_of_a_desk_is_written_elsewhere_or_shown_among_the_processes(
    tmp_path: Path,
) -> None:
    """A letter is read, looked for, seen as pixels, exported and backed up, and the desk locked."""
    places = {name: tmp_path / "elsewhere" / name for name in ("HOME", "TMPDIR", *XDG)}
    for place in places.values():
        place.mkdir(parents=True)
    async with open_house(tmp_path / "h", begin=time.time()) as house:
        file = attach_bytes("words.txt", WORD.encode())
        await house.write(secrets.token_bytes(16), Draft(WORD, "ru", (file,)))
        await house.sync()
        vault = house.desk("Анна").vault
        vault.close()
        env = {**os.environ, **{name: str(place) for name, place in places.items()}}
        async with running(vault.directory, env=env) as ran:
            await ran.ask("unlock", passphrase=PASSPHRASE)
            (row,) = (await ran.ask("threads"))["rows"]
            (entry,) = (await ran.ask("thread", thread=row["thread"]))["entries"]
            file_of = {"thread": row["thread"], "entry": entry["id"], "position": 0}
            assert (await ran.ask("picture", **file_of))["text"] == WORD
            assert len((await ran.ask("search", words=WORD))["hits"]) == 2
            exported = await ran.ask("export-case", threads=[row["thread"]])
            backup = await ran.ask("backup", passphrase=PASSPHRASE)
            shown = b"\0".join(_told_to_everybody())
            await ran.ask("lock")
        for secret in (PASSPHRASE, ran.session, WORD, row["thread"]):
            assert secret.encode() not in shown

        written = [path for place in places.values() for path in place.rglob("*")]
        assert [path for path in written if path.is_file()] == []
        kept = {Path(each["path"]) for each in (exported, backup)}
        assert all(path.is_relative_to(vault.directory) for path in kept)
        for path in vault.directory.rglob("*"):
            if path.is_file() and path not in kept:
                assert WORD.encode() not in path.read_bytes()
