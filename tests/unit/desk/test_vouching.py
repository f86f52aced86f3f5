"""A desk signs what it makes itself, and later the same again, never anything else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from silent_courier.desk import Desk, sign_portal, sync
from silent_courier.desk.report import Trouble
from silent_courier.desk.vouching import AGAIN_AFTER_DAYS
from silent_courier.protocol.errors import UnexpectedAnswerError
from silent_courier.protocol.keyring import verify_keyring_statements
from silent_courier.protocol.manifest import name_files, verify_manifest
from silent_courier.tor.transport import Transport
from tests.servers import Seen, ok
from tests.unit.desk.kit import Clock, SmallServer, status
from tests.unit.desk.portal_kit import MAKER, bodies
from tests.unit.protocol.makers import Organisation

PATH = "/v1/manifest"


@pytest.fixture
def signing(desk: Desk) -> Desk:
    return replace(desk, portal=MAKER)


@pytest.fixture(autouse=True)
def taking(server: SmallServer) -> None:
    server.overrides[PATH] = lambda seen: ok(status=204 if seen.method == "POST" else 404)


async def test_what_this_release_makes_is_signed_under_the_charter(
    signing: Desk, server: SmallServer, transport: Transport, org: Organisation
) -> None:
    signed = await sign_portal(signing, transport)

    (data,) = server.posted(PATH)
    assert verify_manifest(data, org.charter, signing.today) == signed
    keyring = verify_keyring_statements(server._keyring(), org.org_id, signing.today)
    assert signed.files == name_files(bodies(keyring, None))


async def test_refusal_is_told_and_nothing_is_vouched_for(
    signing: Desk, server: SmallServer, transport: Transport
) -> None:
    server.overrides[PATH] = status(400)
    with pytest.raises(UnexpectedAnswerError):
        await sign_portal(signing, transport)
    await sync(signing, transport)

    assert len(server.posted(PATH)) == 1


async def test_without_anybodys_word_a_sync_signs_nothing(
    signing: Desk, server: SmallServer, transport: Transport
) -> None:
    await sync(signing, transport)

    assert server.posted(PATH) == []


async def test_desk_that_makes_no_portal_signs_none(desk: Desk, transport: Transport) -> None:
    with pytest.raises(ValueError, match="nothing here makes"):
        await sign_portal(desk, transport)


def _new_charter(server: SmallServer, _: Clock) -> None:
    server.org = server.org.issue()
    server.statements.clear()
    server.signs.clear()


def _next_week(_: SmallServer, clock: Clock) -> None:
    clock.turn(days=AGAIN_AFTER_DAYS)


@pytest.mark.parametrize("event", [_new_charter, _next_week])
async def test_same_release_is_signed_again(
    signing: Desk,
    server: SmallServer,
    transport: Transport,
    clock: Clock,
    event: Callable[[SmallServer, Clock], None],
) -> None:
    await sign_portal(signing, transport)
    await sync(signing, transport)
    event(server, clock)
    await sync(signing, transport)
    await sync(signing, transport)

    assert len(server.posted(PATH)) == 2
    verify_manifest(server.posted(PATH)[1], server.org.charter, clock.day)


async def test_another_release_is_not_signed_unasked(
    signing: Desk, server: SmallServer, transport: Transport
) -> None:
    await sign_portal(signing, transport)
    server.org = server.org.issue()
    updated = replace(signing, portal=replace(MAKER, release=b"2" * 32))
    report = await sync(updated, transport)

    assert len(server.posted(PATH)) == 1
    assert Trouble.PORTAL_NOT_SIGNED in report.troubles
    await sign_portal(updated, transport)
    assert (await sync(updated, transport)).troubles == ()


async def test_server_that_does_not_take_it_is_reported(
    signing: Desk, server: SmallServer, transport: Transport
) -> None:
    await sign_portal(signing, transport)
    server.org = server.org.issue()
    server.overrides[PATH] = _refuse_posts
    report = await sync(signing, transport)

    assert Trouble.MANIFEST_REFUSED in report.troubles


def _refuse_posts(seen: Seen) -> bytes:
    return ok(status=507 if seen.method == "POST" else 404)
