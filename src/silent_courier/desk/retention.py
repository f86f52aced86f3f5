"""Deleting threads: when a person says so, and some time after they were closed. Spec §14.18.

Only here: each desk deletes by itself, and colleagues keep theirs. A thread on hold is kept, and so
is one of which something is still to be posted.
"""

import json
from collections.abc import Generator, Iterator, Mapping
from typing import Final

from silent_courier.desk.auditing import Act, record
from silent_courier.desk.deadlines import read_settings
from silent_courier.desk.desk import Desk
from silent_courier.desk.merging import closed_since, read_changes, rebuild, standing_of
from silent_courier.desk.overview import closed_on
from silent_courier.desk.reading import find_thread
from silent_courier.protocol.attachment import derive_chunk_id
from silent_courier.protocol.errors import ProtocolError, ThreadHeldError, ThreadWaitsError
from silent_courier.protocol.payload import LetterPayload, parse_letter_payload
from silent_courier.protocol.thread import derive_source_id
from silent_courier.storage.vault import (
    attachments,
    changes,
    debts,
    deleting,
    facts,
    identity,
    letters,
    months,
    outbox,
    search,
    threads,
)
from silent_courier.storage.vault.attachments import AttachmentState, KeptAttachment
from silent_courier.storage.vault.chunks import remove_chunk

LOOKED_AT_ONCE: Final = 50
"""Letters in quarantine."""


def delete_thread(desk: Desk, thread: str) -> None:
    """Delete a thread from the vault, the index and the disk.

    Raises:
        UnknownThreadError, NotJoinedError
        ThreadHeldError: it is on hold.
        ThreadWaitsError: something of it is still to be posted.
    """
    for _ in deleting_thread(desk, thread):
        pass


def deleting_thread(desk: Desk, thread: str) -> Generator[None, None, None]:
    """The same in steps: strangers may have filled the quarantine, and all of it is looked through.

    What is deleted is deleted in the last one.
    """
    source = bytes.fromhex(find_thread(desk, thread))
    _check(desk, source)
    looked: dict[bytes, bool] = {}
    for number, name in enumerate(letters.set_aside(desk.vault), start=1):
        looked[name] = _is_about(letters.quarantined_payload(desk.vault, name), source)
        if number % LOOKED_AT_ONCE == 0:
            yield
    _check(desk, source)
    _delete(desk, source, Act.DELETED, looked)
    desk.vault.forget()


def _check(desk: Desk, source: bytes) -> None:
    rebuild(desk.vault)
    if standing_of(changes.standing(desk.vault, source)).held:
        raise ThreadHeldError
    if _waits(desk, source):
        raise ThreadWaitsError


def delete_expired(desk: Desk) -> int:
    """Delete what has been closed for longer than this desk keeps it; how many threads."""
    days = read_settings(desk).retention_days
    if not days:
        return 0
    rebuild(desk.vault)
    last, done = threads.last_letters(desk.vault), 0
    for source, state in changes.standings(desk.vault).items():
        standing = standing_of(state)
        closed = closed_on(standing, last.get(source))
        if closed is None or standing.held or desk.today <= closed + days or source not in last:
            continue
        since = closed_since(read_changes(changes.of_thread(desk.vault, source)))
        if since is not None and desk.today > since + days and not _waits(desk, source):
            _delete(desk, source, Act.EXPIRED, {})
            done += 1
    if done:
        desk.vault.forget()
    return done


def _delete(desk: Desk, source: bytes, act: Act, looked: Mapping[bytes, bool]) -> None:
    """The chunks first: what dies after them is begun again, and leaves no file without a key.

    looked: letters in quarantine that were looked at before, and whether they are of the thread.
    """
    org_id = identity.membership(desk.vault).org_id
    files = attachments.of_thread(desk.vault, source)
    missing = []
    for attachment in files:
        names = _names(attachment, org_id)
        for name in names.values():
            remove_chunk(desk.vault.directory, name)
        if attachment.state in (AttachmentState.WAITING, AttachmentState.DAMAGED):
            positions = attachments.missing_positions(desk.vault, attachment)
            missing.append((attachment, {each: names[each] for each in positions}))
    with desk.vault.transaction():
        # Were they not asked for any more, the server would see what was deleted together.
        debts.owe(desk.vault, [each for each in missing if each[1]])
        facts.forget(desk.vault, [each.seq for each in files])
        months.keep_of_thread(desk.vault, source)
        entries = [entry.id for entry in threads.entries(desk.vault, source)]
        search.forget(desk.vault, [source, *entries])
        letters_of_it = {
            *deleting.letters_of(desk.vault, source),
            *_set_aside(desk, source, looked),
        }
        deleting.forget_letters(desk.vault, sorted(letters_of_it))
        deleting.forget_thread(desk.vault, source, desk.today)
        record(desk, act, source)


def _names(attachment: KeptAttachment, org_id: bytes) -> dict[int, bytes]:
    """What the server knows its chunks by, by position."""
    seal = attachment.seal(org_id)
    return {position: derive_chunk_id(seal, position) for position in range(attachment.chunks)}


def _set_aside(desk: Desk, source: bytes, looked: Mapping[bytes, bool]) -> Iterator[bytes]:
    """Letters in quarantine that are of this source, or about it."""
    for name in letters.set_aside(desk.vault):
        known = looked.get(name)
        if known is None:
            known = _is_about(letters.quarantined_payload(desk.vault, name), source)
        if known:
            yield name


def _is_about(payload: bytes, source: bytes) -> bool:
    if source.hex().encode() in payload.lower():
        return True
    try:
        content = parse_letter_payload(payload)
    except ProtocolError:
        return False
    if not isinstance(content, LetterPayload):
        return False
    return derive_source_id(bytes.fromhex(content.auth), content.generation) == source


def _waits(desk: Desk, source: bytes) -> bool:
    """Whether the outbox has something of the thread, or passes a letter of it on."""
    if deleting.waits(desk.vault, source):
        return True
    ours = {name.hex() for name in deleting.letters_of(desk.vault, source)}
    return any(ours & _passed(queued.payload) for queued in outbox.letters(desk.vault))


def _passed(payload: bytes) -> set[str]:
    content = json.loads(payload)
    if content["kind"] == "history":
        return {content["letter"]}
    return {item["letter"] for item in content["letters"]} if content["kind"] == "reseal" else set()
