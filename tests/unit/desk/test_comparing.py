from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from silent_courier.desk import Desk, list_alarms
from silent_courier.desk.alarms import AlarmKind
from silent_courier.desk.comparing import compare, make_digest
from silent_courier.desk.roster import Roster, make_roster
from silent_courier.protocol.keyring import verify_keyring_statements
from silent_courier.protocol.letter import letter_hash
from silent_courier.storage.vault import alarms, digests, letters
from silent_courier.storage.vault.digests import DayDigest
from silent_courier.tor.transport import Transport
from tests.servers import Seen, ok
from tests.unit.desk.kit import Clock, SmallServer, make_desk, seal, sync_rested
from tests.unit.protocol.makers import TODAY, Organisation, draw, letter_payload


@pytest.fixture
def second(tmp_path: Path, org: Organisation, clock: Clock) -> Iterator[Desk]:
    made = make_desk(tmp_path / "second", org, 4, clock)
    yield made
    made.vault.close()


def letter(org: Organisation, number: int, day: int = TODAY) -> bytes:
    return seal(org, letter_payload(org, id=draw(f"l{number}", 16).hex(), day=day), day=day)


def hide(server: SmallServer, hidden: Iterable[bytes], day: int = TODAY) -> None:
    """Leave these letters out of a day's list from now on."""
    gone = set(hidden)

    def listing(_: Seen) -> bytes:
        return ok(b"".join(sorted(h for h in server.days[day] if h not in gone)))

    server.overrides[f"/v1/days/{day}"] = listing


async def sync_both(desk: Desk, second: Desk, transport: Transport, rounds: int = 2) -> None:
    for _ in range(rounds):
        for one in (desk, second):
            await sync_rested(one, transport)


def kinds(desk: Desk) -> list[str]:
    return [row.kind for row in list_alarms(desk)]


async def test_desks_that_were_shown_the_same_raise_nothing(
    desk: Desk,
    second: Desk,
    org: Organisation,
    server: SmallServer,
    transport: Transport,
) -> None:
    server.put(letter(org, 1))
    await sync_both(desk, second, transport, 1)
    server.put(letter(org, 2))  # after both had asked that day
    server.clock.turn(1)
    await sync_both(desk, second, transport)

    assert (kinds(desk), kinds(second)) == ([], [])


async def test_a_letter_shown_to_one_desk_alone_alarms_both(
    desk: Desk,
    second: Desk,
    org: Organisation,
    server: SmallServer,
    transport: Transport,
) -> None:
    await sync_both(desk, second, transport, 1)
    name = server.put(letter(org, 1))
    server.put(letter(org, 2))
    await sync_rested(desk, transport)
    hide(server, [name])
    server.overrides["/v1/days"] = lambda seen: ok(
        b"".join(d.to_bytes(4, "big") + (1).to_bytes(4, "big") for d in sorted(server.days))
    )
    await sync_rested(second, transport)
    server.clock.turn(1)
    await sync_rested(second, transport)
    server.overrides.clear()
    hide(server, [name])
    await sync_rested(desk, transport)
    await sync_rested(second, transport)

    (row,) = list_alarms(desk)
    assert row.kind == AlarmKind.SHOWN_HERE_ALONE
    assert row.details == ("Handler 1", name[:8].hex())
    (row,) = list_alarms(second)
    assert row.kind == AlarmKind.WITHHELD
    assert row.details == ("Handler 0", name[:8].hex())
    assert row.date == "2026-11-23"


async def test_what_one_who_left_says_they_were_shown_raises_nothing(
    desk: Desk, org: Organisation, clock: Clock
) -> None:
    told = DayDigest(4, TODAY, 1, bytes(32), bytes(8))
    clock.turn(1)
    digests.keep(desk.vault, told)
    after = org.without(1)
    compare(desk, roster(after, TODAY + 1), 0)
    assert kinds(desk) == []

    compare(desk, roster(org, TODAY + 1), 0)
    assert kinds(desk) == [AlarmKind.WITHHELD]


async def test_an_alarm_is_counted_in_every_report_until_it_is_dismissed(
    desk: Desk, transport: Transport
) -> None:
    alarms.raise_alarm(desk.vault, alarms.Cause("withheld", TODAY, "1/4"), [], TODAY)

    assert (await sync_rested(desk, transport)).alarms == 1


async def test_a_desk_that_has_just_joined_tells_nothing_of_the_days_before(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    server.put(letter(org, 1, TODAY - 3), TODAY - 3)
    assert (await sync_rested(desk, transport)).letters_posted == 0
    server.clock.turn(2)

    assert (await sync_rested(desk, transport)).letters_posted == 2


async def test_a_day_whose_list_was_refused_is_told_of_later(
    desk: Desk, server: SmallServer, transport: Transport, org: Organisation
) -> None:
    await sync_rested(desk, transport)
    server.put(letter(org, 1))
    server.clock.turn(1)
    server.overrides[f"/v1/days/{TODAY}"] = lambda seen: ok(status=500)
    assert (await sync_rested(desk, transport)).letters_posted == 0
    server.overrides.clear()

    assert (await sync_rested(desk, transport)).letters_posted == 1


def roster(org: Organisation, day: int = TODAY) -> Roster:
    data = org.keyring(day)
    return make_roster(verify_keyring_statements(data, org.org_id, day), data, 0)


def test_a_digest_names_letters_while_they_fit(desk: Desk, org: Organisation) -> None:
    letters.note_listing(desk.vault, TODAY, [letter_hash(bytes([n])) for n in range(3)], 0)
    few = make_digest(desk, roster(org), TODAY)
    hashes = [letter_hash(n.to_bytes(2, "big")) for n in range(898)]
    letters.note_listing(desk.vault, TODAY, hashes, 0)
    many = make_digest(desk, roster(org), TODAY)

    assert (few.count, len(few.prefixes)) == (3, 48)
    assert (many.count, many.prefixes) == (901, "")
