"""A first run as the page leads through it: left and taken up again at every step."""

import secrets
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from silent_courier.desk.app import DeskApp, Settings
from silent_courier.organisation import actions
from silent_courier.organisation.store import ServerAddresses
from silent_courier.protocol.access import device_fingerprint, parse_request
from silent_courier.tor.transport import Transport
from tests.unit.desk.app.kit import Hand, Visitor, connect_by, until
from tests.unit.desk.kit import QUICK, Clock, SmallServer, serving

PHRASE = "скамья ветер кисель глобус рельс обед"
ROOT_PASSPHRASE = "correct horse battery"


@asynccontextmanager
async def arriving(directory: Path, server: SmallServer, clock: Clock) -> AsyncIterator[Visitor]:
    """The app before a directory in which there need not be anything."""

    def make(transport: Transport) -> DeskApp:
        return DeskApp(
            Settings(directory, kdf=QUICK),
            connect_by(transport),
            clock=clock,
            monotonic=Hand(),
            random=secrets.token_bytes,
        )

    place = directory.parent / secrets.token_hex(4)
    place.mkdir(parents=True)
    async with serving(server, place) as transport, make(transport) as app:
        base = app.new_address().partition("/#")[0]
        async with httpx.AsyncClient(base_url=base, trust_env=False) as http:
            visitor = Visitor(app, Hand(), http)
            await visitor.begin()
            yield visitor
            assert app.faults == 0


def written(path: str) -> bytes:
    return Path(path).read_bytes()


def charter_for(directory: Path, request: bytes, clock: Clock) -> str:
    """What the organisation gives back, in base64."""
    if not directory.exists():
        addresses = ServerAddresses("127.0.0.1:1", "127.0.0.1:2")
        actions.init(directory, "Редакция", addresses, ROOT_PASSPHRASE, random=secrets.token_bytes)
    actions.enrol(directory, [request])
    issued = actions.issue_charter(directory, ROOT_PASSPHRASE, clock=clock)
    return b64encode(issued.chain).decode()


async def test_from_nothing_to_the_first_sync(
    tmp_path: Path, server: SmallServer, clock: Clock
) -> None:
    directory = tmp_path / "new" / "desk"
    async with arriving(directory, server, clock) as visitor:
        assert (await visitor.told("state"))["vault"] is False
        phrase = (await visitor.told("phrase", language="ru"))["phrase"]
        assert (await visitor.told("judge", passphrase=phrase))["strength"] == "strong"
        assert not directory.exists()
        await visitor.told("create", label="Анна", passphrase=PHRASE, language="ru")
        state = await visitor.told("state")
        assert (state["desk"], state["language"], state["locked"]) == (None, "ru", False)
        asked = await visitor.told("request")

    # Left, and taken up again: another process, the same vault.
    async with arriving(directory, server, clock) as visitor:
        assert (await visitor.told("state"))["vault"] is True
        await visitor.told("unlock", passphrase=PHRASE)
        assert await visitor.told("request") == asked
        request = written(asked["path"])
        assert asked["fingerprint"] == device_fingerprint(
            bytes.fromhex(parse_request(request).signing_key)
        )
        charter = charter_for(tmp_path / "org", request, clock)
        offer = await visitor.told("examine", charter=charter)
        assert (offer["organisation"], offer["label"]) == ("Редакция", "Анна")
        assert (await visitor.told("state"))["desk"] is None

        wrong = await visitor.ask("join", charter=charter, org_id="00" * 32)
        assert wrong.status_code == 400
        assert (await visitor.told("state"))["desk"] is None

        await visitor.told("join", charter=charter, org_id=offer["org_id"])
        state = await visitor.told("state")
        assert (state["desk"]["organisation"], state["arriving"]) == ("Редакция", True)
        await until(lambda: visitor.app.rounds)

    async with arriving(directory, server, clock) as visitor:
        await visitor.told("unlock", passphrase=PHRASE)
        assert (await visitor.told("state"))["arriving"]
        await visitor.told("arrived")
        assert not (await visitor.told("state"))["arriving"]


@pytest.mark.parametrize(
    ("label", "passphrase"),
    [
        ("Анна", "short"),
        ("Анна", "password1234"),
        ("", PHRASE),
        ("An\u202ena", PHRASE),
        ("w" * 300, PHRASE),
    ],
)
async def test_no_vault_is_made_that_would_not_hold_or_not_be_taken(
    tmp_path: Path, server: SmallServer, clock: Clock, label: str, passphrase: str
) -> None:
    directory = tmp_path / "desk"
    async with arriving(directory, server, clock) as visitor:
        answer = await visitor.ask("create", label=label, passphrase=passphrase)
        assert answer.status_code == 400
        assert (await visitor.told("state"))["vault"] is False


async def test_a_vault_that_is_there_is_never_made_anew(visitor: Visitor) -> None:
    await visitor.begin()
    answer = await visitor.ask("create", label="Анна", passphrase=PHRASE)
    assert (answer.status_code, answer.json()) == (
        409,
        {"error": "There is a vault here already."},
    )


@pytest.mark.parametrize("charter", ["", "!", "AAAA", b64encode(b"x" * 5000).decode()])
async def test_what_is_no_charter_is_told(
    tmp_path: Path, server: SmallServer, clock: Clock, charter: str
) -> None:
    async with arriving(tmp_path / "desk", server, clock) as visitor:
        await visitor.told("create", label="Анна", passphrase=PHRASE)
        assert (await visitor.ask("examine", charter=charter)).status_code == 400


async def test_a_charter_that_does_not_name_this_desk_is_told(
    tmp_path: Path, server: SmallServer, clock: Clock
) -> None:
    async with arriving(tmp_path / "one", server, clock) as visitor:
        await visitor.told("create", label="Анна", passphrase=PHRASE)
        request = written((await visitor.told("request"))["path"])
    charter = charter_for(tmp_path / "org", request, clock)
    async with arriving(tmp_path / "two", server, clock) as visitor:
        await visitor.told("create", label="Борис", passphrase=PHRASE)
        answer = await visitor.ask("examine", charter=charter)
        assert answer.json()["error"] == "The charter does not name this desk."


async def test_only_an_open_desk_makes_a_request_or_joins(visitor: Visitor) -> None:
    await visitor.begin()
    for path in ("request", "arrived"):
        assert (await visitor.ask(path)).status_code == 423
    assert (await visitor.ask("examine", charter="AAAA")).status_code == 423
