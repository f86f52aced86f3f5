"""The conversation that `courier demo --script` plays by itself, every step checked.

Two letters and two answers, a colleague who leaves, and the same twelve words still reading. What
is not as it should be ends it with a sentence that says which step.
"""

import asyncio
import hashlib
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from silent_courier.cli.demo import samples
from silent_courier.cli.demo.desks import sync_desk
from silent_courier.cli.demo.places import Places
from silent_courier.cli.demo.setup import opened_desk
from silent_courier.cli.demo.stage import Stage
from silent_courier.desk import (
    ThreadEntry,
    ThreadRow,
    list_threads,
    read_thread,
    reply,
    save_attachments,
)
from silent_courier.organisation import actions, store
from silent_courier.protocol.charter import Charter
from silent_courier.protocol.errors import CourierError, NoOrganisationError
from silent_courier.protocol.sizes import ENTROPY_LEN
from silent_courier.server.setup import load_charter
from silent_courier.source import check as checking
from silent_courier.source import write as writing
from silent_courier.source.attachments import attach_bytes
from silent_courier.source.compose import Draft
from silent_courier.source.mailbox import Mailbox
from silent_courier.storage.files import write_durably
from silent_courier.tor.transport import Transport

T = TypeVar("T")

PATIENCE_S: Final = 90.0
_PAUSE_S: Final = 2.0


class ScriptFailedError(Exception):
    """A step did not end as it should; its title is the message."""


@dataclass(slots=True)
class Script:
    """The conversation so far: whose words, and when it began."""

    places: Places
    stage: Stage
    say: Callable[[str], None]
    entropy: bytes = field(default_factory=lambda: secrets.token_bytes(ENTROPY_LEN), repr=False)
    began: float = field(default_factory=time.monotonic)


async def play(script: Script) -> None:
    """Play it to its end; ScriptFailedError names the step."""
    await _first_letter(script)
    await _first_answer(script)
    await _second_letter(script)
    await _revocation(script)
    script.say(f"Done: every step as it should be, {time.monotonic() - script.began:.0f} s.")


async def _first_letter(script: Script) -> None:
    photo, recording = samples.photo(), samples.recording()
    files = (attach_bytes("photo.jpg", photo), attach_bytes("recording.bin", recording))
    async with _step(script, "A source writes in Russian, with a photo and a file of 3 MB"):
        await _write(script, Draft(samples.LETTER, "ru", files))
    async with _step(script, "Both desks read it and have both files, byte for byte"):
        for handler in ("anna", "boris"):
            await _until(lambda who=handler: _has_letters(script, who, 1))  # type: ignore[misc]
            entries = _read(script, handler)
            _expect([entry.text for entry in entries] == [samples.LETTER])
            await _until(lambda who=handler: _has_files(script, who, photo, recording))  # type: ignore[misc]


async def _first_answer(script: Script) -> None:
    async with _step(script, "Anna answers"):
        _answer(script, "anna", samples.FIRST_ANSWER)
        await _until(lambda: _has_posted(script, "anna"))
    async with _step(script, "The source comes back with twelve words and reads it"):
        mailbox = await _until(lambda: _answers(script, 1))
        _expect(mailbox.answers[0].text == samples.FIRST_ANSWER)
        _expect(mailbox.answers[0].label == "Anna")
    async with _step(script, "Boris's desk shows that Anna answered"):
        await _until(lambda: _answered_by(script, "boris", "Anna"))


async def _second_letter(script: Script) -> None:
    async with _step(script, "The source writes again, with the same words"):
        await _write(script, Draft(samples.SECOND_LETTER, "ru"))
    async with _step(script, "Boris reads it in the same thread, and answers"):
        await _until(lambda: _has_letters(script, "boris", 2))
        _answer(script, "boris", samples.SECOND_ANSWER)
        await _until(lambda: _has_posted(script, "boris"))
    async with _step(script, "The source reads both answers, the newer one first"):
        mailbox = await _until(lambda: _answers(script, 2))
        _expect({answer.label for answer in mailbox.answers} == {"Anna", "Boris"})


async def _revocation(script: Script) -> None:
    async with _step(script, "Anna leaves: a new charter, a new generation"):
        charter = await asyncio.to_thread(_revoke_anna, script.places)
        _expect(charter.body.generation == 2)
        await _until(lambda: _has_adopted(script, charter))
    async with _step(script, "Anna's desk is refused"):
        _expect(await _is_refused(script, "anna"))
    async with _step(script, "The same words still read both answers"):
        mailbox = await _until(lambda: _answers(script, 2))
        _expect([a.label for a in mailbox.answers if a.left] == ["Anna"])
    async with _step(script, "A third letter, which Anna could not open; Boris reads it"):
        await _write(script, Draft(samples.THIRD_LETTER, "ru"))
        await _until(lambda: _has_letters(script, "boris", 3))


@asynccontextmanager
async def _step(script: Script, title: str) -> AsyncIterator[None]:
    """Time a step; whatever goes wrong in it carries its title."""
    start = time.monotonic()
    try:
        yield
    except (CourierError, ScriptFailedError) as error:
        raise ScriptFailedError(f"{title}: {error}") from error
    script.say(f"{time.monotonic() - start:6.1f} s  {title}")


def _expect(is_so: bool) -> None:
    if not is_so:
        raise ScriptFailedError("it is not so")


async def _until(attempt: Callable[[], Awaitable[T | None]]) -> T:
    """What the attempt gives once it gives something."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        result = await attempt()
        if result is not None:
            return result
        await asyncio.sleep(_PAUSE_S)
    raise ScriptFailedError("it did not happen in time")


def _org_id(script: Script) -> bytes:
    charter = store.load(script.places.org).charter
    if charter is None:
        raise NoOrganisationError
    return charter.org_id


def _transport(script: Script) -> Transport:
    stage = script.stage
    return Transport(stage.addresses.portal, socks=stage.socks, random_bytes=secrets.token_bytes)


async def _write(script: Script, draft: Draft) -> None:
    async with _transport(script) as transport:
        await writing.write(
            transport,
            _org_id(script),
            script.entropy,
            draft,
            clock=time.time,
            random=secrets.token_bytes,
        )


async def _answers(script: Script, count: int) -> Mailbox | None:
    """The mailbox once it holds so many answers."""
    async with _transport(script) as transport:
        checked = await checking.check(
            transport,
            _org_id(script),
            script.entropy,
            clock=time.time,
            random=secrets.token_bytes,
        )
    _expect(checked.mailbox.damaged == 0)
    return checked.mailbox if len(checked.mailbox.answers) >= count else None


async def _has_letters(script: Script, handler: str, count: int) -> ThreadRow | None:
    """The one thread on this desk once it holds so many letters."""
    await sync_desk(script.places, script.stage, handler)
    with opened_desk(script.places, handler) as desk:
        rows = list_threads(desk)
    _expect(len(rows) <= 1)
    return rows[0] if rows and rows[0].letters >= count else None


async def _has_posted(script: Script, handler: str) -> bool | None:
    report = await sync_desk(script.places, script.stage, handler)
    return True if report.waiting == report.letters_waiting == 0 else None


async def _answered_by(script: Script, handler: str, label: str) -> bool | None:
    await sync_desk(script.places, script.stage, handler)
    with opened_desk(script.places, handler) as desk:
        return any(label in row.answered_by for row in list_threads(desk)) or None


async def _has_files(script: Script, handler: str, *contents: bytes) -> bool | None:
    """True once these very bytes were saved from the thread."""
    await sync_desk(script.places, script.stage, handler)
    folder = script.places.directory / f"saved-{handler}"
    with opened_desk(script.places, handler) as desk:
        saved = save_attachments(desk, list_threads(desk)[0].thread, folder)
    if any(file.problem == "waiting" for file in saved):
        return None
    found = await asyncio.to_thread(_hashes, [Path(file.path) for file in saved if file.path])
    _expect(found == {_hash(content) for content in contents})
    return True


async def _has_adopted(script: Script, charter: Charter) -> bool | None:
    """True once a letter could be written under this charter: Boris has stated his keys."""
    try:
        await sync_desk(script.places, script.stage, "boris")
        async with _transport(script) as transport:
            checked = await checking.check(
                transport,
                charter.org_id,
                secrets.token_bytes(ENTROPY_LEN),
                clock=time.time,
                random=secrets.token_bytes,
            )
    except CourierError:
        return None  # the server notices a new charter a moment later, and its tor too
    is_ready = checked.letterbox.serial == charter.body.serial and checked.refusal is None
    return is_ready or None


async def _is_refused(script: Script, handler: str) -> bool:
    try:
        await sync_desk(script.places, script.stage, handler)
    except CourierError:
        return True
    return False


def _read(script: Script, handler: str) -> tuple[ThreadEntry, ...]:
    with opened_desk(script.places, handler) as desk:
        return read_thread(desk, list_threads(desk)[0].thread)


def _answer(script: Script, handler: str, text: str) -> None:
    with opened_desk(script.places, handler) as desk:
        reply(desk, list_threads(desk)[0].thread, text, "ru")


def _revoke_anna(places: Places) -> Charter:
    actions.revoke(places.org, "Anna")
    issued = actions.issue_charter(places.org, places.passphrase("org"), clock=time.time)
    write_durably(places.charter, issued.chain)
    write_durably(places.access, issued.access)
    load_charter(places.server, issued.chain, issued.access)
    return issued.charter


def _hashes(paths: list[Path]) -> set[str]:
    return {_hash(path.read_bytes()) for path in paths}


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
