import pytest

from silent_courier.desk import Desk, list_quarantine, list_threads, read_thread, sync
from silent_courier.desk.report import Trouble
from silent_courier.protocol.errors import TorError, UnexpectedAnswerError
from silent_courier.protocol.letter import letter_hash, open_letter
from silent_courier.protocol.payload import CoverPayload, ResealedLetter, ResealPayload
from silent_courier.protocol.sizes import RETENTION_DAYS_MAX
from silent_courier.storage.vault import identity, letters, passing, presence
from silent_courier.tor.transport import Transport
from tests.servers import Seen, ok
from tests.unit.desk.kit import (
    Clock,
    SmallServer,
    body,
    hang_up,
    seal,
    seal_raw,
    seal_signed,
    status,
)
from tests.unit.protocol.makers import (
    TODAY,
    Organisation,
    day_identity,
    draw,
    letter_payload,
    note_payload,
    source_id,
)

READ = "/v1/letters/read"


def numbered(org: Organisation, number: int, day: int = TODAY) -> bytes:
    payload = letter_payload(org, id=draw(f"number {number}", 16).hex(), day=day)
    return seal(org, payload, day=day)


def lists_asked(server: SmallServer) -> list[str]:
    return [seen.path for seen in server.seen if seen.path.startswith("/v1/days/")]


def letters_asked(server: SmallServer) -> int:
    return sum(len(asked) // 32 for asked in server.posted(READ))


async def test_everything_is_fetched_and_filed_once(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    for number in range(70):
        server.put(numbered(org, number))
    server.put(seal(org, CoverPayload()))
    first, second = await sync(desk, transport), await sync(desk, transport)

    assert (first.letters, first.covers) == (70, 1)
    assert (second.letters, second.covers) == (0, 0)
    assert [len(asked) // 32 for asked in server.posted(READ)] == [64, 7]


async def test_a_replayed_letter_appears_once(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    sealed = numbered(org, 1)
    server.put(sealed)
    await sync(desk, transport)
    server.put(sealed, TODAY - 1)
    report = await sync(desk, transport)

    assert (report.letters, report.quarantined) == (0, 0)
    assert len(read_thread(desk, source_id(org).hex())) == 1


async def test_a_poison_letter_among_a_hundred_stops_no_other(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    for number in range(99):
        server.put(numbered(org, number))
    server.put(seal_raw(org, b'{"kind":"letter","text":"\\ud800"}'))
    report = await sync(desk, transport)

    assert (report.letters, report.quarantined) == (99, 1)


async def test_only_days_that_changed_are_listed_again(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    for back in range(5):
        server.put(numbered(org, back, TODAY - back), TODAY - back)
    await sync(desk, transport)
    server.seen.clear()
    await sync(desk, transport)
    assert lists_asked(server) == [f"/v1/days/{TODAY - 1}", f"/v1/days/{TODAY}"]

    server.days[TODAY - 4].clear()
    server.put(numbered(org, 9, TODAY - 3), TODAY - 3)
    server.seen.clear()
    await sync(desk, transport)
    assert lists_asked(server) == [f"/v1/days/{TODAY - back}" for back in (4, 3, 1, 0)]


async def test_a_letter_slipped_into_a_past_day_arrived_today(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    await sync(desk, transport)
    name = server.put(numbered(org, 1, TODAY - 5), TODAY - 5)
    await sync(desk, transport)

    assert letters.arrival_of(desk.vault, name) == TODAY - 1


async def test_other_bytes_than_were_listed_are_not_taken(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    listed, other = numbered(org, 1), numbered(org, 2)
    server.days[TODAY] = {letter_hash(listed): other}
    report = await sync(desk, transport)
    assert report.troubles == (Trouble.WRONG_LETTER.value,)
    assert list_threads(desk) == ()
    server.days[TODAY] = {letter_hash(listed): listed}

    assert (await sync(desk, transport)).letters == 1


async def test_a_listed_letter_that_is_not_there_is_asked_for_again(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    sealed = numbered(org, 1)
    server.days[TODAY] = {letter_hash(sealed): b""}
    assert (await sync(desk, transport)).troubles == (Trouble.LETTER_GONE.value,)
    server.days[TODAY] = {letter_hash(sealed): sealed}

    assert (await sync(desk, transport)).letters == 1


async def test_what_left_the_server_before_it_was_fetched_is_not_asked_for(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    server.put(numbered(org, 1))
    server.overrides[READ] = hang_up
    with pytest.raises(TorError):
        await sync(desk, transport)
    server.overrides.clear()
    server.days.clear()
    server.seen.clear()
    await sync(desk, transport)

    assert letters_asked(server) == 0


async def test_a_fetch_that_breaks_off_is_gone_on_with(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    for number in range(100):
        server.put(numbered(org, number))

    def once(seen: Seen) -> bytes | None:
        if len(server.posted(READ)) > 1:
            return None
        return ok(server._read(seen.body))

    server.overrides[READ] = once
    with pytest.raises(TorError):
        await sync(desk, transport)
    assert len(read_thread(desk, source_id(org).hex())) == 64
    server.overrides.clear()

    assert (await sync(desk, transport)).letters == 36


async def test_a_day_without_a_list_stops_no_other_day(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    server.put(numbered(org, 1, TODAY - 1), TODAY - 1)
    server.put(numbered(org, 2))
    server.overrides[f"/v1/days/{TODAY - 1}"] = status(500)
    report = await sync(desk, transport)
    assert (report.letters, report.troubles) == (1, (Trouble.LISTING_REFUSED.value,))
    assert identity.listed_until(desk.vault) == 0
    server.overrides.clear()

    assert (await sync(desk, transport)).letters == 1
    assert identity.listed_until(desk.vault) == TODAY


async def test_days_that_cannot_be_are_not_asked_for(
    desk: Desk, server: SmallServer, transport: Transport
) -> None:
    days = (0, TODAY - RETENTION_DAYS_MAX - 3, TODAY + 2, 2**31)
    server.overrides["/v1/days"] = body(
        b"".join(day.to_bytes(4, "big") + b"\0\0\0\1" for day in days)
    )
    await sync(desk, transport)

    assert lists_asked(server) == []


async def test_nonsense_in_place_of_letters_ends_the_sync_and_the_next_repairs_it(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    server.put(numbered(org, 1))
    server.overrides[READ] = body(b"\xff" * 10)
    with pytest.raises(UnexpectedAnswerError):
        await sync(desk, transport)
    server.overrides.clear()

    assert (await sync(desk, transport)).letters == 1


def passing_on(org: Organisation, sealed: bytes, file_key: bytes | None = None) -> bytes:
    """A colleague's letter with the key of this one."""
    key = file_key or open_letter(sealed, [day_identity(4)]).file_key
    note = note_payload(org, id=draw("passing on", 16).hex())
    shared = {n: getattr(note, n) for n in ("id", "org_id", "charter", "day", "generation")}
    letter = ResealedLetter(letter=letter_hash(sealed).hex(), file_key=key.hex())
    return seal_signed(org, ResealPayload(**shared, letters=(letter,)), 4)


async def test_a_letter_for_others_is_opened_with_a_colleague_s_key(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    sealed = seal(org, letter_payload(org), devices=[4])
    server.put(sealed)
    assert (await sync(desk, transport)).not_opened == 1
    server.put(passing_on(org, sealed))
    report = await sync(desk, transport)

    assert (report.resealed, report.colleague_letters) == (1, 1)
    (entry,) = read_thread(desk, source_id(org).hex())
    assert entry.resealed_by == "Handler 1"
    assert list_quarantine(desk) == ()
    assert passing.file_keys(desk.vault) == []


async def test_a_wrong_key_from_a_colleague_is_said_and_forgotten(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    sealed = seal(org, letter_payload(org), devices=[4])
    server.put(sealed)
    server.put(passing_on(org, sealed, bytes(16)))
    report = await sync(desk, transport)

    assert report.troubles == (Trouble.WRONG_FILE_KEY.value,)
    assert report.not_opened == 1
    assert list_quarantine(desk) == ()
    assert (await sync(desk, transport)).troubles == ()


async def test_a_key_for_a_letter_that_is_nowhere_is_forgotten(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    sealed = seal(org, letter_payload(org), devices=[4])
    server.put(passing_on(org, sealed))
    await sync(desk, transport)

    assert passing.file_keys(desk.vault) == []


async def test_who_was_there_is_remembered(
    desk: Desk, server: SmallServer, transport: Transport, clock: Clock
) -> None:
    server.state_for([4], [TODAY])
    await sync(desk, transport)
    clock.turn(1)
    await sync(desk, transport)

    assert presence.lacks_up_to(desk.vault, TODAY, 4) == 0
    assert presence.lacks_up_to(desk.vault, TODAY + 1, 4) == presence.EVERY
