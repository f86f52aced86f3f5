import asyncio
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from silent_courier.desk import (
    Desk,
    list_quarantine,
    list_threads,
    note,
    read_thread,
    reply,
    sync,
    timetable,
)
from silent_courier.desk.desk import UNSURE_DAYS
from silent_courier.desk.searching import search_all
from silent_courier.protocol.errors import (
    CharterExpiredError,
    CharterSerialError,
    CharterSignatureError,
    ClockError,
    CourierError,
    DeskRefusedError,
    DeviceRevokedError,
    MalformedKeyringError,
    NotJoinedError,
    StatementSignatureError,
    TorError,
    UnexpectedAnswerError,
    VaultDamagedError,
    VaultFullError,
    WrongOrganisationError,
)
from silent_courier.protocol.keyring import Keyring, encode_keyring
from silent_courier.protocol.letter import open_letter, read_letter
from silent_courier.protocol.payload import CLOCK_A_DAY, CoverPayload, MarkPayload
from silent_courier.protocol.sizes import DAY_KEY_LIFE_DAYS
from silent_courier.protocol.statements import Statements
from silent_courier.storage.vault import changes, day_keys, identity, threads
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import (
    MOST_S,
    Clock,
    Override,
    SmallServer,
    again,
    body,
    hang_up,
    mailbox,
    make_desk,
    seal,
    seal_signed,
    serving,
    status,
    sync_rested,
)
from tests.unit.protocol.makers import (
    TODAY,
    WEEK,
    Organisation,
    change_payload,
    day_identity,
    draw,
    letter_payload,
    make_organisation,
    root_key,
    source_id,
    thread_key,
)

PATHS = [
    "/v1/keyring",
    "/v1/manifest",
    "/v1/statements",
    "/v1/keyring",
    "/v1/days",
    f"/v1/days/{TODAY}",
    "/v1/letters/read",
    "/v1/statements",
]


async def test_a_first_sync_states_keys_empties_the_letterbox_and_says_so(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    server.put(seal(org, letter_payload(org)))
    report = await sync(desk, transport)

    assert report.letters == 1
    assert report.troubles == ()
    assert [seen.path for seen in server.seen] == PATHS
    assert server.signs[0].day == TODAY


async def test_a_letterbox_that_was_not_emptied_is_not_called_so(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    server.put(seal(org, letter_payload(org)))
    server.overrides["/v1/letters/read"] = hang_up
    with pytest.raises(TorError):
        await sync(desk, transport)

    assert server.signs == {}


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        (f"/v1/days/{TODAY}", status(500)),
        ("/v1/letters/read", body(bytes(4))),
        ("/v1/letters/read", body((3).to_bytes(4, "big") + b"odd")),
    ],
)
async def test_no_sign_of_life_is_given_over_letters_that_were_kept_back(
    desk: Desk, server: SmallServer, transport: Transport, path: str, answer: Override
) -> None:
    server.put(seal(server.org, letter_payload(server.org)))
    server.overrides[path] = answer
    assert (await sync(desk, transport)).troubles != ()
    assert server.signs == {}

    server.overrides.clear()
    assert (await sync(desk, transport)).letters == 1
    assert server.signs[0].day == TODAY


async def test_progress_is_told_step_by_step(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    server.put(seal(org, letter_payload(org)))
    told: list[tuple[str, int, int]] = []
    await sync(desk, transport, lambda *step: told.append(step))

    steps = list(dict.fromkeys(step for step, _, _ in told))
    assert steps == ["keyring", "statements", "letters", "post", "attachments"]
    assert ("letters", 1, 1) in told
    assert all(done <= total or total == 0 for _, done, total in told)


@pytest.mark.parametrize("reached", [True, False])
async def test_old_day_keys_are_destroyed_once_a_keyring_came_and_three_weeks_later_without_one(
    desk: Desk, server: SmallServer, transport: Transport, clock: Clock, reached: bool
) -> None:
    clock.turn(3 if reached else 3 + UNSURE_DAYS)
    if not reached:
        server.overrides["/v1/keyring"] = hang_up
    with nullcontext() if reached else pytest.raises(TorError):
        await sync(desk, transport)

    oldest = min(key.day for key in day_keys.living(desk.vault))
    assert oldest == TODAY + 3 - DAY_KEY_LIFE_DAYS + 1


async def test_a_damaged_vault_says_nothing_to_the_server(
    desk: Desk, server: SmallServer, transport: Transport
) -> None:
    desk.vault.damaged = True
    with pytest.raises(VaultDamagedError):
        await sync(desk, transport)
    assert server.seen == []


async def test_a_desk_that_has_not_joined_cannot_sync(desk: Desk, transport: Transport) -> None:
    desk.vault.run("UPDATE self SET org_id = NULL")

    with pytest.raises(NotJoinedError):
        await sync(desk, transport)


async def test_a_server_that_does_not_know_us_is_said(desk: Desk, transport: Transport) -> None:
    desk.vault.run("UPDATE self SET token = ?", bytes(32))

    with pytest.raises(DeskRefusedError):
        await sync(desk, transport)


def forged(org: Organisation) -> bytes:
    files = (*org.files, org.next_file(signers=[root_key("thief")]))
    return encode_keyring(Keyring(TODAY, files, Statements()))


@pytest.mark.parametrize(
    ("keyring", "error"),
    [
        (lambda org: b"", MalformedKeyringError),
        (lambda org: org.keyring()[:-1], MalformedKeyringError),
        (lambda org: org.keyring(TODAY + 2), ClockError),
        (lambda org: make_organisation(3).keyring(), WrongOrganisationError),
        (forged, CharterSignatureError),
        (lambda org: org.issue(expires=TODAY - 1).keyring(), CharterExpiredError),
        (
            lambda org: org.issue().keyring(day_statements=org.day_statements()),
            StatementSignatureError,
        ),
        (lambda org: org.without(0).keyring(), DeviceRevokedError),
    ],
)
async def test_a_keyring_that_does_not_verify_ends_the_sync(
    desk: Desk,
    server: SmallServer,
    transport: Transport,
    keyring: Callable[[Organisation], bytes],
    error: type[CourierError],
) -> None:
    server.put(seal(server.org, letter_payload(server.org)))
    server.overrides["/v1/keyring"] = body(keyring(server.org))

    with pytest.raises(error):
        await sync(desk, transport)
    assert list_threads(desk) == ()
    assert server.statements == {}


async def test_a_charter_that_goes_back_is_refused(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    server.org = org.issue()
    await sync(desk, transport)
    server.org, server.statements, server.signs = org, {}, {}

    with pytest.raises(CharterSerialError):
        await sync(desk, transport)


async def test_a_server_without_a_charter_is_said(
    desk: Desk, server: SmallServer, transport: Transport
) -> None:
    server.overrides["/v1/keyring"] = status(503)

    with pytest.raises(UnexpectedAnswerError) as raised:
        await sync(desk, transport)
    assert raised.value.status == 503


async def test_a_newer_charter_is_adopted_and_what_it_explains_is_filed(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    newer = org.issue()
    server.put(seal(newer, letter_payload(newer)))
    assert (await sync(desk, transport)).quarantined == 1
    server.org, server.statements, server.signs = newer, {}, {}
    report = await sync(desk, transport)

    assert (report.letters, report.quarantined) == (1, 0)
    assert list_quarantine(desk) == ()
    assert len(server.statements) == 15


async def test_pins_step_on_with_the_weeks(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, clock: Clock
) -> None:
    server.put(seal(org, letter_payload(org)))
    await sync(desk, transport)
    clock.turn(14)
    await sync(desk, transport)

    assert threads.newest_pin(desk.vault, source_id(org)) == thread_key(WEEK + 2, org=org)
    pinned = desk.vault.rows("SELECT key FROM pin")
    assert pinned == [(thread_key(WEEK + 2, org=org).key,)]


async def test_a_sync_that_is_stopped_anywhere_is_gone_on_with(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    for number in range(20):
        server.put(seal(org, letter_payload(org, id=draw(f"{number}", 16).hex())))

    for moment in range(1, 60):
        await stopped_at(desk, transport, moment)
    assert (await sync(desk, transport)).letters == 0
    assert len(read_thread(desk, source_id(org).hex())) == 20


async def stopped_at(desk: Desk, transport: Transport, moment: int) -> None:
    """A sync that is stopped when progress is told of for the n-th time, or ends before."""
    told = 0

    def stop(*_: object) -> None:
        nonlocal told
        told += 1
        if told == moment:
            running.cancel()

    running = asyncio.create_task(sync(desk, transport, stop))
    await asyncio.wait([running])
    assert running.cancelled() or running.result()


async def test_a_vault_that_fills_up_keeps_what_it_has_and_takes_the_rest_later(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    for number in range(40):
        payload = letter_payload(org, id=draw(f"{number}", 16).hex(), text="слово " * 1000)
        server.put(seal(org, payload))
    (pages,) = desk.vault.rows("PRAGMA page_count")
    desk.vault.rows(f"PRAGMA max_page_count = {pages[0] + 120}")
    with pytest.raises(VaultFullError):
        await sync(desk, transport)
    before = len(read_thread(desk, source_id(org).hex()))
    assert 0 < before < 40
    assert server.signs == {}
    desk.vault.rows("PRAGMA max_page_count = 1000000")

    assert (await sync(desk, transport)).letters == 40 - before
    assert len(read_thread(desk, source_id(org).hex())) == 40


class KilledError(Exception):
    """The program ends here."""


class Death:
    """Kills at the n-th step; steps are writes of the vault and requests, before and after."""

    def __init__(self, at: int) -> None:
        self.left = at

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise KilledError

    def watch(self, desk: Desk, transport: Transport, patch: pytest.MonkeyPatch) -> None:
        run, request = desk.vault.run, transport.request

        def watched_run(sql: str, *values: object) -> int:
            if sql.split(maxsplit=1)[0] in {"BEGIN", "ROLLBACK"}:
                return run(sql, *values)
            self.step()
            changed = run(sql, *values)
            self.step()
            return changed

        async def watched_request(*args: object, **named: object) -> object:
            self.step()
            response = await request(*args, **named)  # type: ignore[arg-type]
            self.step()
            return response

        patch.setattr(desk.vault, "run", watched_run)
        patch.setattr(transport, "request", watched_request)


async def answer_and_sync(desk: Desk, transport: Transport) -> None:
    """What a handler does, and does again when the program died: only what is not there yet."""
    thread = list_threads(desk)[0].thread
    kinds = [entry.kind for entry in read_thread(desk, thread)]
    if "reply" not in kinds:
        reply(desk, thread, "Спасибо за письмо. " * 100, "ru")
    if "note" not in kinds:
        note(desk, thread, "Перезвонить")
    await sync_rested(desk, transport)


async def test_a_crash_between_any_two_steps_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A beat of few letters has all of the kinds, and a tenth of the steps.
    monkeypatch.setattr(timetable, "BEAT_LETTERS_MAX", 2)
    org, clock = make_organisation(), Clock()
    at = 0
    died = True
    while died:
        at += 1
        died = await live_through_one_death(tmp_path / str(at), org, clock, at)
    assert at > 60


async def live_through_one_death(directory: Path, org: Organisation, clock: Clock, at: int) -> bool:
    """Whether it came to a death at this step; whether all is well afterwards is asserted."""
    server, desk = SmallServer(org, clock), make_desk(directory, org, clock=clock)
    server.state_for([4], [TODAY])
    server.put(seal(org, letter_payload(org)))
    died = False
    async with serving(server, directory) as transport:
        await sync(desk, transport)
        server.put(seal(org, letter_payload(org, id="ab" * 16)))
        try:
            with pytest.MonkeyPatch.context() as patch:
                Death(at).watch(desk, transport, patch)
                await answer_and_sync(desk, transport)
        except KilledError:
            died = True
        desk = again(desk)
        for _ in range(2):
            await answer_and_sync(desk, transport)
    assert_all_is_well(desk, org, server)
    desk.vault.close()
    return died


def assert_all_is_well(desk: Desk, org: Organisation, server: SmallServer) -> None:
    kinds = [entry.kind for entry in read_thread(desk, source_id(org).hex())]
    assert kinds.count("letter") == 2
    assert (kinds.count("reply"), kinds.count("note")) == (1, 1)
    assert all(e.state in {"received", "posted"} for e in read_thread(desk, source_id(org).hex()))
    assert len(server.cells) == len({cell[:16] for cell in server.cells})
    read = mailbox(server, org)
    assert (len(read.answers), len(read.opened), read.damaged) == (1, 1, 0)
    assert list_quarantine(desk) == ()
    signed = []
    for sealed in server.letters().values():
        opened = open_letter(sealed, [day_identity(4)])
        letter = read_letter(opened.plaintext, org.org_id, org.charter.all_devices)
        if letter.device == 0 and not isinstance(letter.payload, MarkPayload | CoverPayload):
            signed.append(letter.payload.id)
    assert len(signed) == len(set(signed)) == 2
    assert identity.listed_until(desk.vault) == TODAY


async def test_a_change_whose_clock_is_ahead_counts_when_its_time_has_come(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, clock: Clock
) -> None:
    server.put(seal(org, letter_payload(org)))
    ahead = change_payload(org, day=TODAY + 1, clock=(TODAY + 2) * CLOCK_A_DAY)
    server.put(seal_signed(org, ahead, 4))
    await sync(desk, transport)
    assert [row.reason for row in list_quarantine(desk)] == ["odd-day"]
    assert (await sync(desk, transport)).quarantined == 0
    assert [row.team.labels for row in list_threads(desk)] == [()]
    clock.turn(1)
    await sync(desk, transport)

    assert list_quarantine(desk) == ()
    assert [row.team.labels for row in list_threads(desk)] == [("urgent",)]


async def test_a_flood_of_long_translations_never_holds_the_page_up(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    """A colleague's desk was stolen; whoever has it sends as much as one thread takes, at once."""
    server.put(seal(org, letter_payload(org)))
    words = [draw(f"word {number}", 5).hex() for number in range(1200)]
    for number in range(150):
        change = change_payload(
            org,
            id=draw(f"flood {number}", 16).hex(),
            field="translation",
            item=f"{number:032x} en",
            value=" ".join((*words, str(number))),
        )
        server.put(seal_signed(org, change, 4, devices=(0,)))
    longest, over = 0.0, asyncio.Event()

    async def watch() -> None:
        """Like a request of the page: how long the desk's own work keeps it from being answered."""
        nonlocal longest
        while not over.is_set():
            before = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - before)

    watching = asyncio.create_task(watch())
    await sync(desk, transport)
    over.set()
    await watching

    assert 0 < longest < MOST_S
    assert changes.weight(desk.vault, source_id(org), 4)[0] == 150
    assert len(search_all(desk, "149").hits) == 1
    assert changes.unmerged(desk.vault) == []
