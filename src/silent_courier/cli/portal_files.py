"""Comparing a live portal's files with the list that a handler has signed. Spec §17.6.

Every page is loaded with its files as Tor Browser loads them, one language on one circuit, so that
each request could be a visitor's. Believes nothing that is served.
"""

import asyncio
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from silent_courier.cli.findings import Finding, bad, fine, from_error, note
from silent_courier.cli.output import View, counted, format_day, printable_line
from silent_courier.cli.portal import portal_maker
from silent_courier.protocol.errors import ProtocolError
from silent_courier.protocol.keyring import VerifiedKeyring, verify_keyring_statements
from silent_courier.protocol.manifest import (
    HTML,
    STANDS_FOR_ALL,
    Difference,
    Manifest,
    PortalFile,
    compare,
    same_release,
    verify_manifest,
)
from silent_courier.protocol.sizes import KEYRING_LEN_MAX
from silent_courier.tor.browsing import Loaded, load_page
from silent_courier.tor.transport import Response, Transport

SETTLED_AFTER_S: Final = 5.0
"""A server shows in its pages within a second or two what has changed in the keyring."""

_AT_ONCE: Final = 4
_SHOWN_MAX: Final = 20
_STRANGE_LEN: Final = 6

_SENTENCES: Final = {
    Difference.CHANGED: "{} is not as it was signed.",
    Difference.MISSING: "{} was signed and is not there.",
    Difference.FOREIGN: "{} is loaded by a page and was signed by nobody.",
    Difference.HEADERS: "{} is served with other headers than every answer must have.",
}
_DO_NOT_WRITE: Final = "Do not write there. Tell the organisation by another way."
_ASK_TO_SIGN: Final = (
    "Nobody can tell whether its pages are the right ones. The organisation has to sign:"
    " `courier desk sign-portal DIR`."
)


@dataclass(frozen=True, slots=True)
class _Problem:
    """What is wrong with a file. may_settle: perhaps it only follows the keyring a little later."""

    sentence: str
    may_settle: bool


@dataclass(frozen=True, slots=True)
class _Expected:
    """What was signed, and the pages of now to the byte where this is the same release."""

    manifest: Manifest
    pages: Mapping[tuple[str, int], bytes]

    def problem(self, asked: PortalFile | None, loaded: Loaded) -> _Problem | None:
        response, path = loaded.response, printable_line(loaded.path)
        named = asked or self.manifest.named(loaded.path)
        difference = compare(named, response.status, response.headers, response.body)
        if difference is not None:
            return _Problem(_SENTENCES[difference].format(path), may_settle=False)
        assert named is not None
        if self.pages.get((named.path, named.status), response.body) != response.body:
            sentence = f"{path} says something else than what the desks have signed."
            return _Problem(sentence, may_settle=True)
        return None


async def check_files(
    transport: Transport, keyring: VerifiedKeyring, served: Response, view: View
) -> list[Finding]:
    """Compare every file that is named, and everything that the pages load, with what was signed.

    Args:
        transport: to the portal.
        keyring: verified.
        served: the answer to `GET /v1/manifest`; untrusted.

    Raises:
        TorError, ResponseTooLongError
    """
    charter = keyring.charter
    if served.status != 200:
        return [bad("No handler has signed the files of this portal.", _ASK_TO_SIGN)]
    try:
        manifest = verify_manifest(served.body, charter, keyring.day)
    except ProtocolError as error:
        return [from_error(error)]
    signer, day = printable_line(charter.label_of(manifest.device)), format_day(manifest.day)
    problems, exact = await _problems(transport, keyring, manifest, view)
    if problems:
        return list(_told(problems))
    count = counted(len(manifest.files), "file")
    findings = [fine(f"All {count} of the portal are those that {signer} signed on {day}.")]
    if not exact:
        findings.append(
            note(
                "What changes by day in the pages was not compared.",
                "The portal runs another release than this program.",
            )
        )
    return findings


async def _problems(
    transport: Transport, keyring: VerifiedKeyring, manifest: Manifest, view: View
) -> tuple[Sequence[str], bool]:
    certain: list[_Problem] = []
    for patience_s in (SETTLED_AFTER_S, 0.0):
        expected = await asyncio.to_thread(_expect, keyring, manifest)
        problems = await _look(transport, expected, view)
        unsettled = [each for each in problems if each.may_settle]
        certain += [each for each in problems if not each.may_settle]
        if not unsettled or not patience_s:
            break
        # A keyring that changed meanwhile shows in the pages a little later: look once more. What
        # was signed has no such excuse: a server must not get off by being honest the second time.
        await asyncio.sleep(patience_s)
        keyring = await _keyring_again(transport, keyring)
    found = dict.fromkeys(each.sentence for each in (*certain, *unsettled))
    return list(found), bool(expected.pages)


def _expect(keyring: VerifiedKeyring, manifest: Manifest) -> _Expected:
    bodies = same_release(portal_maker().make(keyring, manifest), manifest)
    return _Expected(manifest, {place: body for place, (_, body) in bodies.items()})


async def _keyring_again(transport: Transport, before: VerifiedKeyring) -> VerifiedKeyring:
    response = await transport.request("GET", "/v1/keyring", max_len=KEYRING_LEN_MAX)
    return verify_keyring_statements(response.body, before.charter.org_id, before.day)


async def _look(transport: Transport, expected: _Expected, view: View) -> Sequence[_Problem]:
    """One visit for each language, some at once; what is wrong, once each."""
    files = expected.manifest.files
    visits = [*_by_language(files)]
    room = asyncio.Semaphore(_AT_ONCE)
    seen: set[str] = set()
    done = 0

    async def visit(pages: Sequence[PortalFile]) -> list[_Problem]:
        nonlocal done
        async with room:
            found: list[_Problem] = []
            for number, page in enumerate(pages):
                loaded = await _load(transport, page, purpose=pages[0].path, typed=number == 0)
                seen.update(each.path for each in loaded)
                found += _judge(expected, page, loaded)
                done += 1
                view.show("pages", done, sum(map(len, visits)))
            return found

    found = await asyncio.gather(*map(visit, visits))
    rest = [file for file in files if file.status == 200 and file.path not in seen]
    return list(dict.fromkeys([*chain(*found), *await visit(rest)]))


def _by_language(files: Sequence[PortalFile]) -> Iterator[Sequence[PortalFile]]:
    """The pages by the first part of their path, the start page first."""
    pages = [file for file in files if file.kind == HTML]
    for language in dict.fromkeys(page.path.split("/")[1] for page in pages):
        yield [page for page in pages if page.path.split("/")[1] == language]


async def _load(
    transport: Transport, page: PortalFile, *, purpose: str, typed: bool
) -> list[Loaded]:
    if page.status != STANDS_FOR_ALL:
        return await load_page(transport, page.path, typed=typed, purpose=purpose)
    # Somebody has mistyped an address.
    strange = page.path + secrets.token_hex(_STRANGE_LEN)
    return await load_page(transport, strange, typed=True, purpose=purpose)


def _judge(expected: _Expected, page: PortalFile, loaded: Sequence[Loaded]) -> Iterator[_Problem]:
    for each in loaded:
        problem = expected.problem(page if each is loaded[0] else None, each)
        if problem is not None:
            yield problem


def _told(problems: Sequence[str]) -> Iterator[Finding]:
    for problem in problems[:_SHOWN_MAX]:
        yield bad(problem, "" if problem is not problems[0] else _DO_NOT_WRITE)
    if len(problems) > _SHOWN_MAX:
        yield bad(f"And {len(problems) - _SHOWN_MAX} more.", "")
