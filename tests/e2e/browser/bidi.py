"""A small WebDriver BiDi client: as much of it as our tests of pages need.

Speaks to one Firefox over one websocket. Knows nothing of the portal.
"""

import asyncio
import base64
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ANSWER_WITHIN_S = 90.0
CLICK_TRIES = 5
_MESSAGE_MAX = 64 * 1024 * 1024


class BidiError(Exception):
    """The browser refused a command, or a script threw."""


class Bidi:
    """A session; commands are answered in any order, events are kept."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._number = 0
        self.events: list[dict[str, Any]] = []
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def open(cls, address: str) -> Self:
        """Connect to a browser that said where it listens, and begin a session."""
        session = cls(await connect(f"{address}/session", max_size=_MESSAGE_MAX))
        await session.send("session.new", capabilities={})
        await session.send("session.subscribe", events=["log.entryAdded"])
        return session

    async def close(self) -> None:
        """Let go of the connection."""
        self._listening.cancel()
        await self._socket.close()

    async def send(self, method: str, **params: Any) -> Any:
        """Send a command and wait for its result; BidiError."""
        self._number += 1
        number = self._number
        answer = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        await self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        async with asyncio.timeout(ANSWER_WITHIN_S):
            return await answer

    async def _listen(self) -> None:
        with suppress(ConnectionClosed):
            await self._hear()

    async def _hear(self) -> None:
        async for data in self._socket:
            message = json.loads(data)
            answer = self._waiting.pop(message.get("id", 0), None)
            if answer is None:
                self.events.append(message)
            elif answer.done():
                continue
            elif message["type"] == "success":
                answer.set_result(message["result"])
            else:
                answer.set_exception(BidiError(f"{message['error']}: {message['message']}"))


class Tab:
    """One tab: go, look, type, click."""

    pointer = "mouse"
    """What the hand has."""

    def __init__(self, session: Bidi, context: str) -> None:
        self.session = session
        self._context = context

    async def go(self, url: str) -> None:
        """Load this address and wait until it is loaded."""
        await self.session.send(
            "browsingContext.navigate", context=self._context, url=url, wait="complete"
        )

    async def back(self) -> None:
        """One step back in the history, where there is one."""
        await self.session.send("browsingContext.traverseHistory", context=self._context, delta=-1)

    async def run(self, script: str) -> Any:
        """What this expression is in the page: text, number, boolean, list or null."""
        result = await self.session.send(
            "script.evaluate",
            expression=script,
            target={"context": self._context},
            awaitPromise=True,
        )
        if result["type"] != "success":
            raise BidiError(result["exceptionDetails"]["text"])
        return _plain(result["result"])

    async def wait(self, script: str, within_s: float = 30.0) -> None:
        """Wait until this expression is true; TimeoutError."""
        async with asyncio.timeout(within_s):
            while not await self._is_true(script):  # noqa: ASYNC110 - a page tells us nothing
                await asyncio.sleep(0.1)

    async def _is_true(self, script: str) -> bool:
        try:
            return bool(await self.run(f"Boolean({script})"))
        except BidiError:
            return False  # Between two pages there is nothing to ask.

    async def click(self, selector: str) -> None:
        """Press the first element that this selector finds, where it is."""
        for _ in range(CLICK_TRIES - 1):
            with suppress(BidiError):
                return await self._click(selector)
            await asyncio.sleep(0.2)  # What was typed may still be scrolling the page.
        return await self._click(selector)

    async def _click(self, selector: str) -> None:
        element = await self._find(selector)
        await self.run(f"document.querySelector({selector!r}).scrollIntoView({{block: 'center'}})")
        origin = {"type": "element", "element": element}
        await self._perform(
            {
                "type": "pointer",
                "id": self.pointer,
                "parameters": {"pointerType": self.pointer},
                "actions": [
                    {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
                    {"type": "pointerDown", "button": 0},
                    {"type": "pointerUp", "button": 0},
                ],
            }
        )

    async def hold(self, width: int, height: int) -> None:
        """Show pages in so many CSS pixels."""
        await self.session.send(
            "browsingContext.setViewport",
            context=self._context,
            viewport={"width": width, "height": height},
        )

    async def keys(self, keys: Sequence[str]) -> None:
        """Press these keys one after another."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        await self._perform({"type": "key", "id": "keyboard", "actions": actions})

    async def type(self, selector: str, text: str) -> None:
        """Type into a field, key by key."""
        await self.run(f"document.querySelector({selector!r}).focus()")
        await self.keys(list(text))

    async def choose(self, selector: str, *files: Path) -> None:
        """Choose files, as in the dialog that the browser opens."""
        await self.session.send(
            "input.setFiles",
            context=self._context,
            element=await self._find(selector),
            files=[str(file) for file in files],
        )

    async def picture(self, path: Path) -> None:
        """Save what can be seen."""
        shot = await self.session.send("browsingContext.captureScreenshot", context=self._context)
        await asyncio.to_thread(path.write_bytes, base64.b64decode(shot["data"]))

    async def _find(self, selector: str) -> dict[str, str]:
        found = await self.session.send(
            "browsingContext.locateNodes",
            context=self._context,
            locator={"type": "css", "value": selector},
            maxNodeCount=1,
        )
        if not found["nodes"]:
            raise BidiError(f"nothing is {selector}")
        return {"sharedId": found["nodes"][0]["sharedId"]}

    async def _perform(self, source: dict[str, Any]) -> None:
        await self.session.send("input.performActions", context=self._context, actions=[source])


class TouchTab(Tab):
    """A tab under a finger."""

    pointer = "touch"


def _plain(value: dict[str, Any]) -> Any:
    if value["type"] == "array":
        return [_plain(each) for each in value["value"]]
    return value.get("value")
