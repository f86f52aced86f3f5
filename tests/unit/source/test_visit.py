import secrets
from pathlib import Path

import pytest

from silent_courier.protocol.board_format import encode_board
from silent_courier.protocol.errors import (
    CharterExpiredError,
    ClockError,
    MalformedBoardError,
    MalformedKeyringError,
    StatementSignatureError,
    WrongOrganisationError,
    WrongPortalError,
)
from silent_courier.protocol.keyring import VerifiedKeyring
from silent_courier.protocol.sizes import letter_len
from silent_courier.source.portal import Portal
from silent_courier.source.progress import untold
from silent_courier.source.visit import Closed, Reading, deliver, look_ahead, nobody_told, read
from silent_courier.tor.address import SocksAddress
from silent_courier.tor.transport import Transport
from tests.servers import HttpServer, SocksRelay
from tests.unit.source.small_portal import (
    ANCHOR,
    ENTROPY,
    TODAY,
    SmallPortal,
    answer_payload,
    clock,
    make_charter,
    make_portal,
    no_sleep,
    reach,
    seal_cells,
)

LETTER = bytes(letter_len(4))
ONION = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"
OTHER_ONION = f"{'a' * 56}.onion"


def door(transport: Transport) -> Portal:
    return Portal(transport, secrets.token_bytes, no_sleep, untold)


async def visit(small: SmallPortal, directory: Path, shift_days: int = 0) -> Reading:
    async with reach(small, directory) as transport:
        return await read(
            door(transport), small.charter.org_id, ENTROPY, lambda: clock() + 86_400 * shift_days
        )


@pytest.fixture
def small() -> SmallPortal:
    return make_portal()


async def test_a_visit_tells_what_a_source_should_know(
    small: SmallPortal, short_path: Path
) -> None:
    small.present = (0, 2)
    small.closures = ((1, TODAY + 9),)
    small.cells = seal_cells(small.charter, answer_payload(small.charter))
    reading = await visit(small, short_path)

    box = reading.letterbox
    assert (box.name, box.org_id, box.serial) == ("Редакция", small.charter.org_id, 1)
    assert (box.day, box.emptied, box.expires) == (TODAY, TODAY - 1, TODAY + 365)
    assert box.missing == ("Boris",)
    assert box.closed == (Closed("Boris", TODAY + 9),)
    assert [answer.text for answer in reading.mailbox.answers] == ["Спасибо"]


async def test_nobody_is_said_to_empty_a_letterbox_without_signs_of_life(
    small: SmallPortal, short_path: Path
) -> None:
    small.alive = ()

    assert (await visit(small, short_path)).letterbox.emptied is None


@pytest.mark.parametrize(("hours", "stale"), [(0, False), (-24, False), (-25, True), (25, True)])
async def test_a_board_of_another_day_is_told(
    small: SmallPortal, short_path: Path, hours: int, stale: bool
) -> None:
    board = encode_board(TODAY * 24 + 12 + hours, ())
    small.board = lambda: board  # type: ignore[method-assign]

    assert (await visit(small, short_path)).letterbox.board_stale is stale


async def test_the_board_is_taken_whole_and_nothing_of_the_source_is_named(
    small: SmallPortal, short_path: Path
) -> None:
    await visit(small, short_path)

    assert small.trace == [("GET", "/v1/keyring", 0), ("GET", "/v1/board", 0)]
    assert {seen.headers for seen in small.seen} == {
        (("Host", "localhost"), ("Connection", "keep-alive"))
    }


async def test_another_organisation_is_refused_before_the_board_is_asked_for(
    small: SmallPortal, short_path: Path
) -> None:
    async with reach(small, short_path) as transport:
        with pytest.raises(WrongOrganisationError):
            await read(door(transport), bytes(32), ENTROPY, clock)

    assert len(small.seen) == 1


@pytest.mark.parametrize("shift", [-3, 3])
async def test_a_clock_off_by_three_days_is_told(
    small: SmallPortal, short_path: Path, shift: int
) -> None:
    with pytest.raises(ClockError):
        await visit(small, short_path, shift)


@pytest.mark.parametrize("shift", [-1, 1])
async def test_a_clock_off_by_a_day_is_forgiven(
    small: SmallPortal, short_path: Path, shift: int
) -> None:
    await visit(small, short_path, shift)


async def test_an_expired_charter_is_refused(small: SmallPortal, short_path: Path) -> None:
    small.day = TODAY + 400
    with pytest.raises(CharterExpiredError):
        await visit(small, short_path, 400)


async def test_a_charter_from_the_future_is_refused(small: SmallPortal, short_path: Path) -> None:
    small.day = ANCHOR - 5
    with pytest.raises(CharterExpiredError):
        await visit(small, short_path, ANCHOR - 5 - TODAY)


async def test_an_altered_keyring_is_refused(small: SmallPortal, short_path: Path) -> None:
    altered = bytearray(small.keyring())
    altered[-3] ^= 1  # in the last signature, before an empty section
    small.keyring = lambda: bytes(altered)  # type: ignore[method-assign]
    with pytest.raises(StatementSignatureError):
        await visit(small, short_path)


async def test_a_keyring_cut_short_is_refused(small: SmallPortal, short_path: Path) -> None:
    honest = small.keyring()
    small.keyring = lambda: honest[:-1]  # type: ignore[method-assign]
    with pytest.raises(MalformedKeyringError):
        await visit(small, short_path)


async def test_a_board_out_of_order_is_refused(small: SmallPortal, short_path: Path) -> None:
    small.board = lambda: b"SCBD\x01\0\0\0" + bytes(8) + b"b" * 1024 + b"a" * 1024  # type: ignore[method-assign]
    with pytest.raises(MalformedBoardError):
        await visit(small, short_path)


async def test_the_letter_is_made_after_the_ticket_and_goes_with_the_one_it_names(
    small: SmallPortal, short_path: Path
) -> None:
    async def make_letter(keyring: VerifiedKeyring, ticket: str) -> tuple[bytes, str]:
        assert ticket in small.tickets
        small.tickets.add("Bearer other")
        return LETTER, "Bearer other"

    async with reach(small, short_path) as transport:
        reading = await read(door(transport), small.charter.org_id, ENTROPY, clock)
        await deliver(door(transport), reading.keyring, make_letter)

    assert small.letters == [LETTER]
    assert small.seen[-1].header("Authorization") == "Bearer other"


async def test_nobody_has_to_listen(small: SmallPortal, short_path: Path) -> None:
    reading = await visit(small, short_path)

    nobody_told(reading.letterbox, reading.mailbox)


async def _read_at(address: str, small: SmallPortal, directory: Path) -> Reading:
    site = await HttpServer(small.answer).listen_unix(directory / "p.sock")
    relay = await SocksRelay(directory / "p.sock").listen_unix(directory / "s.sock")
    socks = SocksAddress(path=directory / "s.sock")
    to = Transport(address, socks=socks, random_bytes=secrets.token_bytes, sleep=no_sleep)
    async with site, relay, to as transport:
        return await read(door(transport), small.charter.org_id, ENTROPY, clock)


@pytest.mark.parametrize("address", [ONION, f"http://{ONION}:8080"])
async def test_the_onion_that_the_charter_names_is_read(address: str, short_path: Path) -> None:
    small = SmallPortal(*make_charter(portal=ONION))
    small.cells = seal_cells(small.charter, answer_payload(small.charter))

    assert (await _read_at(address, small, short_path)).mailbox.answers


async def test_two_visits_of_one_program_share_no_circuit(short_path: Path) -> None:
    small = SmallPortal(*make_charter(portal=ONION))
    site = await HttpServer(small.answer).listen_unix(short_path / "p.sock")
    relay = await SocksRelay(short_path / "p.sock").listen_unix(short_path / "s.sock")
    socks = SocksAddress(path=short_path / "s.sock")
    to = Transport(ONION, socks=socks, random_bytes=secrets.token_bytes, sleep=no_sleep)
    async with site, relay, to as transport:
        for _ in range(2):
            await read(door(transport), small.charter.org_id, ENTROPY, clock)

    # tor gives each SOCKS user circuits of its own.
    assert len(relay.users) == len(set(relay.users)) == 2


@pytest.mark.parametrize("named", [OTHER_ONION, "127.0.0.1:1"])
async def test_a_copy_at_another_onion_is_refused_before_anything_else_is_asked(
    named: str, short_path: Path
) -> None:
    small = SmallPortal(*make_charter(portal=named))

    with pytest.raises(WrongPortalError):
        await _read_at(ONION, small, short_path)
    assert [path for _, path, _ in small.trace] == ["/v1/keyring"]


async def test_a_look_ahead_asks_for_the_keyring_alone_and_the_visit_is_as_without_it(
    short_path: Path,
) -> None:
    small = SmallPortal(*make_charter(portal=ONION))
    site = await HttpServer(small.answer).listen_unix(short_path / "p.sock")
    relay = await SocksRelay(short_path / "p.sock").listen_unix(short_path / "s.sock")
    socks = SocksAddress(path=short_path / "s.sock")
    to = Transport(ONION, socks=socks, random_bytes=secrets.token_bytes, sleep=no_sleep)
    async with site, relay, to as transport:
        keyring = await look_ahead(door(transport), small.charter.org_id, clock)
        assert keyring.charter.hash == small.charter.hash
        assert [path for _, path, _ in small.trace] == ["/v1/keyring"]
        await read(door(transport), small.charter.org_id, ENTROPY, clock)
        assert [path for _, path, _ in small.trace][1:] == ["/v1/keyring", "/v1/board"]
        # By whom tor isolates: what was before and the visit share no circuit.
        assert len(set(relay.users)) == len(relay.users) == 2


async def test_a_look_ahead_at_another_organisation_is_refused(
    small: SmallPortal, short_path: Path
) -> None:
    async with reach(small, short_path) as transport:
        with pytest.raises(WrongOrganisationError):
            await look_ahead(door(transport), bytes(32), clock)
