import asyncio
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from silent_courier.cli import desk_app
from silent_courier.desk import SyncReport, sync
from tests.unit.cli.conftest import Courier, World

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/#[0-9a-f]{64}")


@pytest.mark.parametrize("command", [("run", "--headless"), ("sync", "--watch")])
def test_a_desk_without_a_page_syncs_until_it_is_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch, command: tuple[str, str]
) -> None:
    world.courier("write", *world.portal, stdin="Письмо.")

    calls = iter([sync])

    async def once(*arguments: Any) -> SyncReport:
        real = next(calls, None)
        if real is None:
            raise KeyboardInterrupt
        return await real(*arguments)

    monkeypatch.setattr(desk_app, "sync_desk", once)
    ran = world.courier("desk", *command, world.directory / "anna", "--every", 0.05, *world.secret)
    assert ran.code == 0
    assert re.search(r"^\d\d:\d\d  Synced: 1 new letter", ran.err, re.MULTILINE)
    assert "Письмо" not in ran.err + ran.out


def test_without_a_page_there_has_to_be_a_vault(courier: Courier, tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text("correct horse battery\n", encoding="utf-8")
    given = ("--passphrase-file", secret)
    assert courier("desk", "run", tmp_path / "nobody", "--headless", *given).code == 53
    assert courier("desk", "run", tmp_path / "nobody", *given).code == 53


def test_the_page_opens_syncs_and_ends_in_good_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.courier("write", *world.portal, stdin="Письмо.")
    seen: list[Any] = []

    async def visit(address: str) -> None:
        base, _, token = address.partition("/#")
        async with httpx.AsyncClient(base_url=base, trust_env=False) as http:

            async def ask(path: str, **question: object) -> Any:
                answer = await http.post(f"/api/{path}", json=question, headers=headers)
                assert answer.status_code == 200, answer.text
                return answer.json()

            headers = {"Origin": base}
            headers["Authorization"] = f"Bearer {(await ask('start', token=token))['session']}"
            async with asyncio.timeout(20):
                while not (state := await ask("state"))["sync"]["finished"]:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            seen.extend([state, await ask("threads")])
        os.kill(os.getpid(), signal.SIGTERM)

    tasks: list[asyncio.Task[None]] = []
    monkeypatch.setattr(
        desk_app, "say", lambda address: tasks.append(asyncio.create_task(visit(address)))
    )
    ran = world.courier("desk", "run", world.directory / "anna", *world.secret)
    assert ran.code == 0, ran.err
    state, lists = seen
    assert state["desk"]["label"] == "Anna"
    assert [row["preview"] for row in lists["rows"]] == ["Письмо."]
    assert world.desk("list", "anna").out


def test_enter_prints_a_new_address(world: World) -> None:
    ours, theirs = pty.openpty()
    command = [str(Path(sys.executable).with_name("courier")), "desk", "run"]
    process = subprocess.Popen(
        [*command, str(world.directory / "anna")],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "BROWSER": "true"},
    )
    os.close(theirs)
    try:
        first = _read_until(ours, 1)
        os.write(ours, b"\n")
        addresses = _read_until(ours, 2)
        assert addresses[0] == first[0] != addresses[1]
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        os.close(ours)


_shown = bytearray()


def _read_until(terminal: int, count: int) -> list[str]:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        _shown.extend(os.read(terminal, 4096))
        if len(found := ADDRESS.findall(_shown.decode())) >= count:
            return found
    raise AssertionError(_shown.decode())
