"""The trail of acts as it is shown, and what colleagues are told of it. Spec §14.19.

Who can write a vault can make its whole trail anew. So once a day a desk tells colleagues where its
trail stood when the last day ended: what they were told cannot be taken back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from silent_courier.desk.alias import alias_of
from silent_courier.desk.desk import Desk
from silent_courier.desk.merging import AUDIT, Change, read_changes
from silent_courier.desk.reading import label_of
from silent_courier.desk.team import set_field
from silent_courier.protocol.calendar import day_of
from silent_courier.storage.vault import audit, changes, charters, identity, threads
from silent_courier.storage.vault.audit import AuditRow


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An act as it is shown. thread, alias: of one that is still here, else empty."""

    number: int
    time: str
    act: str
    thread: str
    alias: str
    about: str
    detail: str
    broken: bool


@dataclass(frozen=True, slots=True)
class ToldTrail:
    """Where a device's trail stood: so many acts, and the hash of the last."""

    label: str
    device: int
    acts: int
    hash: str


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """The whole trail, oldest first, and where colleagues said that theirs stood.

    broken: numbers of acts that do not follow from the one before, or that colleagues were told of
    and that are not here as they were told.
    """

    acts: tuple[AuditEntry, ...]
    broken: tuple[int, ...]
    told: tuple[ToldTrail, ...]


def read_trail(desk: Desk) -> AuditTrail:
    """The trail with what does not fit together; NotJoinedError."""
    member = identity.membership(desk.vault)
    rows, told = audit.every(desk.vault), _told(desk, member.org_id)
    ours = [each for each in told if each.device == member.key.device]
    broken = {*audit.broken(rows), *_contradicted(rows, ours)}
    known = {audit.name_of(source): source for source in threads.sources(desk.vault)}
    newest = {each.device: each for each in sorted(told, key=lambda each: each.acts)}
    return AuditTrail(
        acts=tuple(
            _entry(row, member.org_id, known.get(row.about), broken=row.seq in broken)
            for row in rows
        ),
        broken=tuple(sorted(broken)),
        told=tuple(each for device, each in sorted(newest.items())),
    )


def tell_trail(desk: Desk) -> None:
    """Tell colleagues where the trail stood when the last day ended, once; NotJoinedError."""
    member = identity.membership(desk.vault)
    ended = [row for row in audit.every(desk.vault) if day_of(row.at) < desk.today]
    told = [e.acts for e in _told(desk, member.org_id) if e.device == member.key.device]
    if ended and ended[-1].seq > max(told, default=0):
        value = f"{ended[-1].seq} {ended[-1].hash.hex()}"
        device = str(member.key.device)
        set_field(desk, member.org_id, AUDIT, value, item=device, act=None)


def _told(desk: Desk, org_id: bytes) -> list[ToldTrail]:
    """All that was ever told, by whom it is about; nobody can speak for another device."""
    charter = charters.current(desk.vault, org_id)
    known = read_changes(changes.of_thread(desk.vault, org_id))
    return [
        ToldTrail(label_of(charter, change.device) or "", change.device, *place)
        for change in known
        if change.field == AUDIT and change.item == str(change.device)
        for place in _place(change)
    ]


def _place(change: Change) -> Iterator[tuple[int, str]]:
    number, _, digest = change.value.partition(" ")
    if number.isascii() and number.isdecimal() and len(number) < 16:
        yield int(number), digest


def _contradicted(rows: Sequence[AuditRow], told: Sequence[ToldTrail]) -> Iterator[int]:
    here = {row.seq: row.hash.hex() for row in rows}
    return (each.acts for each in told if here.get(each.acts) != each.hash)


def _entry(row: AuditRow, org_id: bytes, source: bytes | None, *, broken: bool) -> AuditEntry:
    return AuditEntry(
        number=row.seq,
        time=datetime.fromtimestamp(row.at, UTC).strftime("%Y-%m-%d %H:%M"),
        act=row.act,
        thread="" if source is None else source.hex(),
        alias="" if source is None else alias_of(org_id, source),
        about=row.about,
        detail=row.detail,
        broken=broken,
    )
