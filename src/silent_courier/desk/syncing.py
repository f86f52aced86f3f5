"""One sync: everything that a desk and its server have to say to each other. Spec §12, §14.

Day keys past their life are destroyed as soon as the keyring has confirmed the day. Each step
leaves the vault whole, so a sync may be stopped or die anywhere, and the next one goes on. Only
what leaves nothing to rely on ends it: the network, a keyring that does not verify, a desk that
is revoked.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

from silent_courier.desk.acknowledging import acknowledge
from silent_courier.desk.adoption import adopt, check_device
from silent_courier.desk.alarms import AlarmKind, raise_alarm
from silent_courier.desk.board_watch import watch_board
from silent_courier.desk.chunks import fetch_chunks
from silent_courier.desk.closing import state_closure
from silent_courier.desk.comparing import compare, queue_digests
from silent_courier.desk.copies import notice_copy
from silent_courier.desk.desk import Desk
from silent_courier.desk.examining import examine_new
from silent_courier.desk.fetching import count, fetch_letters, fetch_passed, list_letters
from silent_courier.desk.filing import (
    read_early_again,
    read_quarantine_again,
    read_rest_again,
)
from silent_courier.desk.flood import watch_flood
from silent_courier.desk.judging import Reading
from silent_courier.desk.merging import rebuild, rebuild_slowly
from silent_courier.desk.passing_on import plan
from silent_courier.desk.portal_watch import Look, look_at_pages, watch_portal
from silent_courier.desk.posting import post_outbox
from silent_courier.desk.remote import DeskServer
from silent_courier.desk.report import NOT_EMPTIED, SyncReport, Tally, Trouble
from silent_courier.desk.retention import delete_expired
from silent_courier.desk.roster import Roster, make_roster
from silent_courier.desk.session import Progress, Session
from silent_courier.desk.statements import sign_life, state_day_keys
from silent_courier.desk.trail import tell_trail
from silent_courier.desk.vouching import sign_again
from silent_courier.desk.watching import (
    watch_clock,
    watch_day_keys,
    watch_keyring,
    watch_own_place,
    watch_unopened,
)
from silent_courier.protocol.calendar import week_of
from silent_courier.protocol.errors import (
    CharterConflictError,
    ClockError,
    ProtocolError,
    TorError,
    VaultDamagedError,
    VaultError,
)
from silent_courier.protocol.keyring import parse_keyring, verify_keyring_statements
from silent_courier.protocol.thread import ThreadKey
from silent_courier.storage.vault import (
    alarms,
    charters,
    day_keys,
    identity,
    letters,
    outbox,
    threads,
)
from silent_courier.storage.vault.identity import Membership
from silent_courier.storage.vault.letters import Outcome
from silent_courier.tor.transport import Transport


def ignore(step: str, done: int, total: int) -> None:
    """Nobody watches."""


async def sync(
    desk: Desk,
    transport: Transport,
    progress: Progress = ignore,
    public: Transport | None = None,
) -> SyncReport:
    """Fetch, file and post all there is.

    Args:
        desk: joined.
        transport: to the desk onion of `info(desk).desk`.
        progress: told of each step's beginning and advance.
        public: to the portal of `info(desk).portal`, on circuits of its own: now and then the
            board and the pages are looked at as a stranger sees them.

    Raises:
        NotJoinedError, DeviceRevokedError, NotEnrolledError, VaultError
        VaultDamagedError: of a vault that lost a part nothing is said to the server.
        TorError: the network; what was done is done, and another sync goes on.
        DeskRefusedError: the server does not let this desk in.
        ProtocolError: the keyring does not verify, or the server answers nonsense.
    """
    if desk.vault.damaged:
        # It would say that the letterbox is empty, and lose what it takes out of it.
        raise VaultDamagedError
    try:
        return await _sync(desk, transport, progress, public)
    except ClockError:
        watch_clock(desk, agrees=False)
        raise
    finally:
        # A full disk has a sentence of its own.
        with suppress(VaultError):
            watch_day_keys(desk)


async def _sync(
    desk: Desk, transport: Transport, progress: Progress, public: Transport | None
) -> SyncReport:
    day_keys.destroy_old(desk.vault, desk.sure_day)
    identity.begin_sync(desk.vault)
    member = identity.membership(desk.vault)
    server = DeskServer(transport, identity.secrets(desk.vault).token)
    tally = Tally()
    # Before anything is said to the server, which then cannot tell a desk's look by its time.
    look = await _look_at_pages(desk, public, tally)
    progress("keyring", 0, 1)
    roster = await _take_keyring(desk, server, member)
    day_keys.destroy_old(desk.vault, desk.today)
    watch_clock(desk, agrees=True)
    await _watch_portal(desk, server, roster, look, tally)
    notice_copy(desk.vault, roster, member.key.device)
    progress("statements", 0, 1)
    await state_day_keys(desk, server, roster, member.key, tally)
    await state_closure(desk, server, roster, member.key, tally)
    await sign_again(desk, server, roster, member.key, tally)
    if member.key.device not in roster.present:
        roster = await _take_keyring(desk, server, member)
        watch_own_place(desk, roster, member.key.device)
    session = Session(
        desk, server, member.key, roster, _make_reading(desk, roster), tally, progress
    )
    await _empty_letterbox(session)
    progress("post", 0, 0)
    plan(desk, roster, member.key.device)
    acknowledge(desk, roster, member.key)
    tell_trail(desk)
    await post_outbox(session)
    progress("attachments", 0, 0)
    await fetch_chunks(session)
    await examine_new(desk)
    await _look_at_board(session, public)
    letters.drop_old(desk.vault, desk.today)
    delete_expired(desk)
    return tally.report(
        waiting=len(outbox.cells(desk.vault)),
        letters_waiting=len(outbox.waiting_letters(desk.vault)),
        expires_in_days=roster.charter.body.expires - desk.today,
        alarms=alarms.standing(desk.vault),
    )


async def _take_keyring(desk: Desk, server: DeskServer, member: Membership) -> Roster:
    """Fetch the keyring, verify it as a desk must, and adopt a newer charter."""
    data = await server.keyring()
    keyring = verify_keyring_statements(data, member.org_id, desk.today)
    try:
        adopt(desk.vault, keyring.charter, parse_keyring(data).charters)
    except CharterConflictError:
        serial = str(keyring.charter.body.serial)
        raise_alarm(desk, AlarmKind.CHARTER_CONFLICT, keyring.day, "", serial)
        raise
    check_device(keyring.charter, member.key)
    roster = make_roster(keyring, data, member.key.device)
    watch_keyring(desk, roster, member.key.device)
    return roster


async def _look_at_board(session: Session, public: Transport | None) -> None:
    if public is None:
        return
    try:
        await watch_board(session.desk, public, session.roster.charter.body.parameters)
    except (TorError, ProtocolError):
        session.tally.trouble(Trouble.BOARD_NOT_SEEN)


async def _look_at_pages(desk: Desk, public: Transport | None, tally: Tally) -> Look | None:
    if public is None:
        return None
    try:
        return await look_at_pages(desk, public)
    except (TorError, ProtocolError):
        tally.trouble(Trouble.PORTAL_NOT_SEEN)
        return None


async def _watch_portal(
    desk: Desk,
    server: DeskServer,
    roster: Roster,
    look: Look | None,
    tally: Tally,
) -> None:
    try:
        await watch_portal(desk, server, roster.keyring, look)
    except (TorError, ProtocolError):
        tally.trouble(Trouble.PORTAL_NOT_SEEN)


def _make_reading(desk: Desk, roster: Roster) -> Reading:
    return Reading(
        vault=desk.vault,
        charter=roster.charter,
        known_charters=charters.known_hashes(desk.vault),
        today=desk.today,
        week=week_of(desk.today, roster.charter.body.anchor_day),
    )


async def _empty_letterbox(session: Session) -> None:
    """Take in every letter, and only then say so."""
    vault, charter_hash = session.desk.vault, session.roster.charter.hash
    threads.step_pins(vault, session.reading.week, ThreadKey.step_to)
    if identity.reviewed_under(vault) != charter_hash:
        await _count_all(session, read_quarantine_again(session.reading))
        identity.set_reviewed_under(vault, charter_hash)
    await _count_all(session, read_early_again(session.reading))
    await _count_all(session, read_rest_again(session.reading))
    session.progress("letters", 0, 0)
    try:
        complete = await list_letters(session)
        await fetch_letters(session)
        await fetch_passed(session)
    except BaseException:
        rebuild(vault)
        raise
    for _ in rebuild_slowly(vault):
        await asyncio.sleep(0)
    if complete:
        queue_digests(session.desk, session.roster)
        compare(session.desk, session.roster, session.key.device)
        watch_unopened(session.desk, session.roster, session.key.device)
    watch_flood(session.desk, session.roster.keyring.day)
    if not session.tally.had(NOT_EMPTIED):
        await sign_life(session.desk, session.server, session.roster, session.key, session.tally)


async def _count_all(session: Session, outcomes: Iterator[Outcome]) -> None:
    """One by one, so that whoever is at the desk is answered meanwhile."""
    for outcome in outcomes:
        count(session, outcome)
        await asyncio.sleep(0)
