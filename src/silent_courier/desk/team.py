"""What handlers set on a thread for everybody: who has it, labels, closed, muted, and the like.

Each act is one change, sealed to colleagues like a note and merged on every desk alike. Nothing is
posted here: that is the next sync's work. Spec §14.16.
"""

from collections.abc import Iterable
from typing import Final, Literal

from silent_courier.desk.auditing import Act, record
from silent_courier.desk.dates import iso_date
from silent_courier.desk.desk import Desk
from silent_courier.desk.merging import (
    ASSIGNED,
    COME_BACK,
    FOLLOW_UP,
    LABEL,
    LABEL_LEN_MAX,
    OFF,
    ON,
    SAME_MATTER,
    TRANSLATION,
    present,
    read_changes,
    stand,
)
from silent_courier.desk.reading import find_thread
from silent_courier.protocol.errors import (
    BadLabelError,
    UnknownHandlerError,
    UnknownThreadError,
)
from silent_courier.protocol.payload import (
    CHANGE_REMOVES_MAX,
    CLOCK_A_DAY,
    CLOCK_A_SECOND,
    ChangePayload,
    encode_payload,
)
from silent_courier.protocol.sizes import ID_LEN, LETTER_PAYLOAD_MAX
from silent_courier.storage.vault import changes, charters, identity, outbox, threads
from silent_courier.storage.vault.changes import KeptChange

Switch = Literal["closed", "muted", "held"]
SWITCHES: Final[tuple[Switch, ...]] = ("closed", "muted", "held")


def assign(desk: Desk, thread: str, handler: str | None) -> str | None:
    """Give a thread to the handler of this label, or to nobody; the label as the charter has it.

    Raises:
        UnknownThreadError, NotJoinedError
        UnknownHandlerError: no current handler is called so.
    """
    source = bytes.fromhex(find_thread(desk, thread))
    charter = charters.current(desk.vault, identity.membership(desk.vault).org_id)
    if handler is None:
        set_field(desk, source, ASSIGNED, OFF)
        return None
    wanted = handler.casefold()
    found = [h for h in charter.current_handlers if h.label.casefold() == wanted]
    if len(found) != 1:
        raise UnknownHandlerError
    set_field(desk, source, ASSIGNED, str(found[0].handler))
    return found[0].label


def switch(desk: Desk, thread: str, what: Switch, *, on: bool) -> None:
    """Close, mute or hold a thread, or take that back; UnknownThreadError, NotJoinedError."""
    source = bytes.fromhex(find_thread(desk, thread))
    set_field(desk, source, what, ON if on else OFF)


def add_label(desk: Desk, thread: str, label: str) -> None:
    """Put a label on a thread, where it is not there yet.

    Raises:
        UnknownThreadError, NotJoinedError
        BadLabelError: empty, too long, or with what cannot be seen.
    """
    source = bytes.fromhex(find_thread(desk, thread))
    label = " ".join(label.split())
    if not 0 < len(label) <= LABEL_LEN_MAX or not label.isprintable():
        raise BadLabelError
    known = present(read_changes(changes.of_thread(desk.vault, source)), LABEL)
    if label.casefold() not in {item.casefold() for item in known}:
        set_field(desk, source, LABEL, ON, item=label)


def remove_label(desk: Desk, thread: str, label: str) -> None:
    """Take a label off; what a colleague puts on at the same time stays. UnknownThreadError."""
    source = bytes.fromhex(find_thread(desk, thread))
    _take_back(desk, source, LABEL, " ".join(label.split()))


def mark_same(desk: Desk, thread: str, other: str, *, same: bool) -> None:
    """Say that two threads are about the same matter, or take that back; UnknownThreadError."""
    pair = {bytes.fromhex(find_thread(desk, each)) for each in (thread, other)}
    if len(pair) != 2:
        raise UnknownThreadError
    low, high = sorted(pair)
    known = present(read_changes(changes.of_thread(desk.vault, low)), SAME_MATTER)
    if not same:
        _take_back(desk, low, SAME_MATTER, high.hex())
    elif high.hex() not in known:
        set_field(desk, low, SAME_MATTER, ON, item=high.hex())


def come_back_by(desk: Desk, thread: str, day: int | None) -> None:
    """The day by which the source was asked to come back; None: not any more."""
    source = bytes.fromhex(find_thread(desk, thread))
    set_field(desk, source, COME_BACK, OFF if day is None else iso_date(day))


def follow_up(desk: Desk, thread: str, day: int | None, text: str = "") -> None:
    """What is to be done about a thread on a day; None: it is done."""
    source = bytes.fromhex(find_thread(desk, thread))
    value = OFF if day is None else f"{iso_date(day)} {' '.join(text.split())}".strip()
    set_field(desk, source, FOLLOW_UP, value)


def translate(desk: Desk, thread: str, entry: str, language: str, text: str) -> None:
    """Keep a handler's translation of a letter or answer for everybody; an empty one: none.

    Raises:
        UnknownThreadError: no such thread, or no such entry in it; NotJoinedError
        MalformedPayloadError: a text that no payload can hold. PayloadTooLongError
    """
    source = bytes.fromhex(find_thread(desk, thread))
    if entry not in {found.id.hex() for found in threads.entries(desk.vault, source)}:
        raise UnknownThreadError
    set_field(desk, source, TRANSLATION, text, item=f"{entry} {language}")


def set_field(
    desk: Desk,
    source: bytes,
    field: str,
    value: str,
    *,
    item: str = "",
    removes: Iterable[str] = (),
    act: Act | None = Act.CHANGED,
) -> str:
    """Keep a change here, queue it for colleagues, and write the act down; the change's id.

    Raises:
        NotJoinedError, PayloadTooLongError, MalformedPayloadError
    """
    member = identity.membership(desk.vault)
    charter = charters.current(desk.vault, member.org_id)
    with desk.vault.transaction():
        clock = max(
            int(desk.clock()) * CLOCK_A_SECOND, changes.newest_clock(desk.vault, source) + 1
        )
        payload = ChangePayload(
            id=desk.random(ID_LEN).hex(),
            org_id=charter.org_id.hex(),
            charter=charter.hash.hex(),
            # A colleague's clock may be ahead of ours; what we set after them is still after them.
            day=max(desk.today, clock // CLOCK_A_DAY - 1),
            generation=charter.body.generation,
            source_id=source.hex(),
            field=field,
            item=item,
            value=value,
            clock=clock,
            removes=tuple(removes),
        )
        content = encode_payload(payload, LETTER_PAYLOAD_MAX)
        kept = KeptChange(
            bytes.fromhex(payload.id),
            source,
            payload.day,
            clock,
            member.key.device,
            desk.today,
            content,
        )
        outbox.add_letter(desk.vault, kept.id, content)
        changes.add(desk.vault, kept)
        stand(desk.vault, source)
        if act is not None:
            record(desk, act, source, field)
    return payload.id


def _take_back(desk: Desk, source: bytes, field: str, item: str) -> None:
    known = present(read_changes(changes.of_thread(desk.vault, source)), field).get(item, ())
    for start in range(0, len(known), CHANGE_REMOVES_MAX):
        some = known[start : start + CHANGE_REMOVES_MAX]
        set_field(desk, source, field, OFF, item=item, removes=some)
