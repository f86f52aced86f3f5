"""Runs command lines in this process, as the installed command does; and a small world for them."""

import asyncio
import functools
import io
import json
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from silent_courier.cli import desk as desk_commands
from silent_courier.cli import prompts
from silent_courier.cli.main import run
from silent_courier.desk import init as make_desk
from silent_courier.organisation import root_key
from silent_courier.server.run import RunningServer
from silent_courier.storage.vault import KdfParameters
from tests.headers import exact_answers

PASSPHRASE = "correct horse battery"
HOSTILE = "Привет.\x1b[2J\x07"


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command line left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Courier = Callable[..., Ran]


class _Stdin(io.TextIOWrapper):
    def isatty(self) -> bool:
        return False


@pytest.fixture
def courier(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Courier:
    """`courier("org", "show", path)`; `stdin` is what it reads."""
    monkeypatch.setattr(root_key, "ARGON2_MEMORY_KIB", 1024)
    monkeypatch.setattr(prompts, "has_terminal", lambda: False)
    quick = functools.partial(make_desk, kdf=KdfParameters(passes=1, memory_kib=64, lanes=1))
    monkeypatch.setattr(desk_commands, "make_desk", quick)

    def call(*arguments: object, stdin: str = "") -> Ran:
        capfd.readouterr()
        monkeypatch.setattr(sys, "stdin", _Stdin(io.BytesIO(stdin.encode()), encoding="utf-8"))
        code = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return call


@contextmanager
def serving(directory: Path) -> Iterator[RunningServer]:
    """A server on this directory, in a thread with a loop of its own."""
    started = threading.Event()
    loop = asyncio.new_event_loop()
    server = RunningServer(directory, clock=time.time, random=secrets.token_bytes)
    stop = asyncio.Event()

    async def serve() -> None:
        async with server:
            started.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert started.wait(20)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


@dataclass(frozen=True, slots=True)
class World:
    """A sample organisation whose server runs: directories, addresses, and the command line."""

    directory: Path
    courier: Courier
    server: RunningServer
    org_id: str

    @property
    def secret(self) -> tuple[object, ...]:
        return ("--passphrase-file", self.directory / "passphrase")

    @property
    def portal(self) -> tuple[object, ...]:
        return ("--portal", self.server.portal_url, "--org", self.org_id)

    def desk(self, command: str, handler: str, *arguments: object, stdin: str = "") -> Ran:
        """`courier desk COMMAND DIR …`, which must succeed."""
        ran = self.courier(
            "desk", command, self.directory / handler, *arguments, *self.secret, stdin=stdin
        )
        assert ran.code == 0, ran.err
        return ran

    def post(self, handler: str) -> None:
        """Sync, slot after slot, until everything that waits was posted."""
        end = time.monotonic() + 30
        while (report := self.desk("sync", handler, "--json").json)["waiting"] or report[
            "letters_waiting"
        ]:
            assert time.monotonic() < end
            time.sleep(0.5)

    def words_file(self, words: str) -> Path:
        """The words of a source, in a file."""
        path = self.directory / "words"
        path.write_text(words, encoding="utf-8")
        return path


@pytest.fixture
def world(tmp_path: Path, courier: Courier) -> Iterator[World]:
    """Made by the commands of the manual, in their order; on loopback, with quick epochs."""
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
    secret = ("--passphrase-file", tmp_path / "passphrase")

    def must(*arguments: object) -> Ran:
        ran = courier(*arguments)
        assert ran.code == 0, ran.err
        return ran

    must("server", "init", tmp_path / "server", "--no-tor")
    must(
        *("org", "init", tmp_path / "org", "--name", "Sample Ombudsman", *secret),
        *("--server", tmp_path / "server" / "server.json"),
        *("--epoch-seconds", 1, "--births-per-epoch", 4, "--cell-life-epochs", 100, 200),
    )
    for handler in ("anna", "boris"):
        must("desk", "init", tmp_path / handler, "--label", handler.title(), *secret)
        request = tmp_path / f"{handler}.request"
        must("desk", "request", tmp_path / handler, "--out", request, *secret)
    must("org", "enrol", tmp_path / "org", tmp_path / "anna.request", tmp_path / "boris.request")
    files = (tmp_path / "charter", "--access", tmp_path / "access")
    must("org", "charter", tmp_path / "org", "--out", *files, *secret)
    must("server", "charter", tmp_path / "server", *files)
    org_id = must("org", "show", tmp_path / "org", "--json").json["org_id"]
    with exact_answers(), serving(tmp_path / "server") as server:
        for handler in ("anna", "boris"):
            must("desk", "join", tmp_path / handler, tmp_path / "charter", *secret)
            must("desk", "sync", tmp_path / handler, *secret)
        yield World(tmp_path, courier, server, org_id)


@pytest.fixture
def thread(world: World) -> str:
    """One letter on Anna's desk, with a file whose name lies about its ending."""
    file = world.directory / "report\u202efdp.exe"
    file.write_bytes(b"content")
    sent = world.courier(
        "write", *world.portal, "--language", "ru", "--attach", file, stdin=HOSTILE
    )
    assert sent.code == 0, sent.err
    world.desk("sync", "anna")
    (row,) = world.desk("list", "anna", "--json").json
    return str(row["thread"])
