"""What the changes of a thread come to: the same on every desk, in whatever order they came.

A field that can have one value takes the newest change's; what can be several is there while one
of its additions is not taken back. Fields and values that are not known here are kept and passed
over. Spec §14.16.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec

from silent_courier.protocol.charter import is_visible
from silent_courier.protocol.errors import MalformedPayloadError
from silent_courier.storage.vault import Vault, changes, search
from silent_courier.storage.vault.changes import KeptChange

ASSIGNED: Final = "assigned"
CLOSED: Final = "closed"
MUTED: Final = "muted"
HELD: Final = "held"
COME_BACK: Final = "come-back"
FOLLOW_UP: Final = "follow-up"
LABEL: Final = "label"
SAME_MATTER: Final = "same-matter"
TRANSLATION: Final = "translation"
POSTED_AGAIN: Final = "posted-again"
TEMPLATE: Final = "template"
AUDIT: Final = "audit"

SHOWN: Final = frozenset(
    {ASSIGNED, CLOSED, MUTED, HELD, COME_BACK, FOLLOW_UP, LABEL, SAME_MATTER, TRANSLATION}
)
"""What is shown of who set what; the rest is seen where it stands, or is not known here."""

ON: Final = "on"
OFF: Final = ""
LABEL_LEN_MAX: Final = 40

_EPOCH: Final = date(1970, 1, 1)
_NUMBER: Final = re.compile(r"0|[1-9][0-9]?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SOURCE: Final = re.compile(r"[0-9a-f]{64}")
_ENTRY: Final = re.compile(r"[0-9a-f]{32}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?")


@dataclass(frozen=True, slots=True)
class Change:
    """A change as it is merged; `day` is its payload's.

    filed: our own day when it came here. It plays no part in how a thread stands, which is the
    same on every desk; only in when this desk deletes.
    """

    id: str
    field: str
    item: str
    value: str
    clock: int
    device: int
    day: int
    removes: tuple[str, ...] = ()
    filed: int = 0


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a thread stands. Days count from 1970-01-01; `closed`: the day on which it was.

    assigned: a handler's number. same: the other threads of the matter whose id is higher.
    """

    assigned: int | None = None
    closed: int | None = None
    muted: bool = False
    held: bool = False
    come_back: int | None = None
    follow_up_day: int | None = None
    follow_up: str = ""
    labels: tuple[str, ...] = ()
    same: tuple[str, ...] = ()


class _Said(msgspec.Struct, frozen=True):
    """What is merged of a change. Its payload was parsed by every rule when it was filed."""

    id: str
    field: str
    item: str
    value: str
    clock: int
    removes: tuple[str, ...] = ()


_DECODER: Final = msgspec.json.Decoder(_Said)


def read_changes(kept: Iterable[KeptChange]) -> list[Change]:
    """The changes in what the vault keeps of them."""
    found = []
    for change in kept:
        try:
            said = _DECODER.decode(change.payload)
        except msgspec.MsgspecError:
            raise MalformedPayloadError from None
        found.append(
            Change(
                said.id,
                said.field,
                said.item,
                said.value,
                said.clock,
                change.device,
                change.day,
                said.removes,
                change.filed,
            )
        )
    return found


def rebuild(vault: Vault) -> None:
    """Make every thread stand as all of its changes say, however many of them are new.

    When a vault is opened (a program may have died; a restored vault has no standings), and before
    anything is deleted. What takes long, words to be searched, is left to `rebuild_slowly`.
    """
    room = search.ROOM
    with vault.transaction():
        for source in changes.unmerged(vault):
            room = max(0, stand(vault, source, room))


def rebuild_slowly(vault: Vault) -> Iterator[None]:
    """The same, words and all, in steps of some hundredths of a second: after every sync."""
    for source in changes.unmerged(vault):
        while stand(vault, source) < 0:
            yield
        yield


def stand(vault: Vault, source: bytes, room: int = search.ROOM) -> int:
    """Make this thread stand as all of its changes say.

    room: characters that may be taken into the index or out of it now.

    Returns:
        How much of that is left; below 0 when the index is not done with this thread.
    """
    with vault.transaction():
        known = read_changes(changes.of_thread(vault, source))
        standing = merge(source, known)
        others = [bytes.fromhex(other) for other in standing.same]
        changes.set_standing(vault, source, msgspec.json.encode(standing), others)
        left = search.put_about(vault, source, _searched(standing, known), room)
        if left >= 0:
            changes.set_merged(vault, source)
    return left


def standing_of(state: bytes | None) -> Standing:
    """What the vault keeps of how a thread stands."""
    return Standing() if state is None else msgspec.json.decode(state, type=Standing)


def merge(source: bytes, known: Sequence[Change]) -> Standing:
    """How a thread stands after these changes."""
    own = source.hex()
    assigned = _newest(known, ASSIGNED, _is_handler)
    closed = _newest(known, CLOSED, _is_switch)
    follow_up = _newest(known, FOLLOW_UP, _is_follow_up)
    day, _, text = follow_up.value.partition(" ") if follow_up else ("", "", "")
    return Standing(
        assigned=int(assigned.value) if assigned and assigned.value else None,
        closed=closed.day if closed and closed.value == ON else None,
        muted=_is_on(known, MUTED),
        held=_is_on(known, HELD),
        come_back=day_of_date(_value(_newest(known, COME_BACK, _is_date))),
        follow_up_day=day_of_date(day),
        follow_up=text,
        labels=tuple(sorted(i for i in present(known, LABEL) if _is_label(i))),
        same=tuple(
            sorted(i for i in present(known, SAME_MATTER) if _SOURCE.fullmatch(i) and i > own)
        ),
    )


def closed_since(known: Sequence[Change]) -> int | None:
    """From which day on a closed thread is kept for so long and no longer; None: it is open.

    By our own days: a colleague can date a change as they like. Spec §14.18.
    """
    closed, held = (_newest(known, field, _is_switch) for field in (CLOSED, HELD))
    if closed is None or closed.value != ON:
        return None
    lifted = held.filed if held and held.value == OFF else 0
    return max(closed.day, closed.filed, lifted)


def present(known: Iterable[Change], field: str) -> dict[str, tuple[str, ...]]:
    """The items of a field that can be several: by item, the ids of the additions that stand."""
    relevant = [change for change in known if change.field == field]
    taken_back = {name for change in relevant if change.value == OFF for name in change.removes}
    found: dict[str, list[str]] = {}
    for change in relevant:
        if change.value == ON and change.id not in taken_back:
            found.setdefault(change.item, []).append(change.id)
    return {item: tuple(sorted(ids)) for item, ids in found.items()}


def by_item(known: Iterable[Change], field: str) -> dict[str, Change]:
    """The newest change of each item of a field that has one value for each; that of an item that
    was put off is left out.
    """
    newest: dict[str, Change] = {}
    for change in known:
        if change.field == field:
            before = newest.get(change.item, change)
            newest[change.item] = max(before, change, key=_age)
    return {item: change for item, change in newest.items() if change.value != OFF}


def translations(known: Iterable[Change]) -> dict[tuple[str, str], Change]:
    """By entry and language: the newest translation. Spec §14.16."""
    found = {}
    for item, change in by_item(known, TRANSLATION).items():
        entry, _, language = item.partition(" ")
        if _ENTRY.fullmatch(entry) and _LANGUAGE.fullmatch(language):
            found[entry, language] = change
    return found


def day_of_date(text: str) -> int | None:
    """The day of a date as changes write it; None for anything else."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return (date.fromisoformat(text) - _EPOCH).days
    except ValueError:
        return None


def _searched(standing: Standing, known: Sequence[Change]) -> Iterator[str]:
    """What can be looked for of it: labels and what is to be done; and each translation."""
    yield "\n".join(filter(None, (*standing.labels, standing.follow_up)))
    for change in translations(known).values():
        yield change.value


def _newest(known: Iterable[Change], field: str, holds: Callable[[str], bool]) -> Change | None:
    """The newest change of this field whose value it can have."""
    fitting = (c for c in known if c.field == field and c.item == "" and holds(c.value))
    return max(fitting, key=_age, default=None)


def _age(change: Change) -> tuple[int, int, str]:
    return (change.clock, change.device, change.id)


def _is_on(known: Iterable[Change], field: str) -> bool:
    return _value(_newest(known, field, _is_switch)) == ON


def _value(change: Change | None) -> str:
    return change.value if change else OFF


def _is_switch(value: str) -> bool:
    return value in (ON, OFF)


def _is_handler(value: str) -> bool:
    return value == "" or _NUMBER.fullmatch(value) is not None


def _is_date(value: str) -> bool:
    return value == "" or day_of_date(value) is not None


def _is_follow_up(value: str) -> bool:
    return _is_date(value.partition(" ")[0])


def _is_label(item: str) -> bool:
    return 0 < len(item) <= LABEL_LEN_MAX and is_visible(item)
