"""Cases of what the owner of twelve words finds on a board. Spec §6.3.

A charter, a day and a board go in; who answered, and how much was damaged, comes out.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from silent_courier.protocol.board_format import encode_board
from silent_courier.protocol.calendar import week_of
from silent_courier.protocol.payload import parse_reply_payload
from silent_courier.protocol.reply import cells_needed, seal_reply
from silent_courier.protocol.thread import derive_thread_key
from vectors.generate import samples
from vectors.generate.board import EPOCH, FOREIGN
from vectors.generate.case import Case, fields
from vectors.generate.draw import draw, drawing
from vectors.generate.organisation import (
    ANCHOR_DAY,
    ENTROPY,
    ORG_ID,
    OTHER_ORG_ID,
    STRANGER,
    TODAY,
    WEEK,
    Json,
    device_key,
    to_json,
)
from vectors.generate.sealing import flip

ANNA: Final = 0
BORIS: Final = 4
BORIS_TOO: Final = 5
NUR: Final = 8
LABELS: Final = {ANNA: "Anna", BORIS: "Борис", BORIS_TOO: "Борис", NUR: "نور"}
FIRST: Final = "charter/first"
REVOKED: Final = "charter/revoked"
ON_MONDAY: Final = "charter/revoked-on-a-monday"
LATER: Final = "charter/revoked-later"
DAYS_A_WEEK: Final = 7
Found = tuple[Json, int, bool]
"""A payload, the slot that signed it, and whether its handler has left."""


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    yield from _weeks()
    yield from _dates()
    yield from _leaving()
    yield from _leaving_after_several()
    yield from _addressees()
    yield from _ids()
    yield from _parts()
    yield from _order()
    yield from _records()
    yield from _sealed_again()


def _sealed(
    body: Json,
    slot: int,
    generation: int = 1,
    week: int = WEEK,
    entropy: bytes = ENTROPY,
    *,
    first: int | None = None,
) -> list[bytes]:
    """The cells of this reply, under tags that no other reply of a case has."""
    payload = parse_reply_payload(to_json(body))
    key = derive_thread_key(entropy, ORG_ID, generation, week)
    label = f"mailbox/{body['kind']}/{slot}/{generation}/{week}"
    label += "" if first is None else f"/{first}"
    first = draw(label, 1)[0] % 200 if first is None else first
    numbers = range(first, first + cells_needed(payload))
    return seal_reply(payload, device_key(slot), key, numbers, drawing(label))


def _sealed_backwards(body: Json, slot: int) -> list[bytes]:
    """The same of several cells, the last one under number 40, each before it two further on."""
    payload = parse_reply_payload(to_json(body))
    numbers = [40 + 2 * i for i in reversed(range(cells_needed(payload)))]
    key = derive_thread_key(ENTROPY, ORG_ID, 1, WEEK)
    return seal_reply(payload, device_key(slot), key, numbers, drawing("mailbox/backwards"))


def _case(
    name: str,
    cells: Sequence[bytes],
    found: Sequence[Found] = (),
    damaged: int = 0,
    *,
    partial: int = 0,
    charter: str = FIRST,
    today: int = TODAY,
    entropy: bytes = ENTROPY,
    why: str = "",
) -> Case:
    given = fields(("charter", charter), ("org-id", ORG_ID), ("entropy", entropy), ("today", today))
    shown = sorted(map(_shown, found))
    out = fields(("found", shown), ("partial", partial), ("damaged", damaged))
    board = encode_board(EPOCH, [*FOREIGN, *cells])
    return Case(f"mailbox/{name}", "mailbox.read", given + out, board, comment=why)


def _shown(found: Found) -> str:
    body, slot, left = found
    shown = {
        "day": body["day" if body["kind"] == "reply" else "opened"],
        "kind": "answer" if body["kind"] == "reply" else "opened",
        "label": LABELS[slot],
        "left": left,
        "text": body.get("text", ""),
    }
    return json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _weeks() -> Iterator[Case]:
    answer = samples.reply()
    for name, week in (("seven-weeks-ago", -7), ("this-week", 0), ("next-week", 1)):
        cells = _sealed(answer, ANNA, week=WEEK + week)
        yield _case(f"finds-an-answer-of-{name}", cells, [(answer, ANNA, False)])
    for name, week in (("eight-weeks-ago", -8), ("the-week-after-next", 2)):
        cells = _sealed(answer, ANNA, week=WEEK + week)
        yield _case(f"does-not-look-for-answers-of-{name}", cells)
    answer = samples.reply(day=ANCHOR_DAY)
    opened = samples.opened(day=ANCHOR_DAY, opened=ANCHOR_DAY)
    early = [*_sealed(answer, ANNA, week=0), *_sealed(opened, BORIS, week=1)]
    both = [(answer, ANNA, False), (opened, BORIS, False)]
    yield _case("looks-no-further-back-than-week-0", early, both, today=ANCHOR_DAY)


def _dates() -> Iterator[Case]:
    """Boris signs whatever date he likes; Anna's answer is found all the same."""
    good = samples.reply()
    beside = (good, ANNA, False)
    for name, shift in (("of-tomorrow", 1), ("of-70-days-ago", -70)):
        day = TODAY + shift
        answer, opened = samples.reply(day=day), samples.opened(day=day, opened=day)
        cells = [*_sealed(answer, BORIS), *_sealed(opened, BORIS_TOO)]
        found = [(answer, BORIS, False), (opened, BORIS_TOO, False)]
        yield _case(f"shows-what-is-{name}", cells, found)
    for name, day in (
        ("of-the-day-after-tomorrow", TODAY + 2),
        ("of-71-days-ago", TODAY - 71),
        ("of-1970", 0),
        ("beyond-every-calendar", 2**31),
    ):
        for bad in (
            samples.reply(day=day),
            samples.opened(day=day),
            samples.opened(opened=day),
        ):
            cells = [*_sealed(bad, BORIS), *_sealed(good, ANNA)]
            field = "day" if bad["day"] == day else "opened"
            yield _case(f"counts-{bad['kind']}-whose-{field}-is-{name}", cells, [beside], 1)


def _leaving() -> Iterator[Case]:
    """The third handler left as the second generation began, in week 8."""
    answer, opened = samples.reply(), samples.opened()
    ours = (answer, BORIS, False)
    yield _case("hears-a-handler-before-leaving", _sealed(answer, NUR), [(answer, NUR, False)])
    both = [*_sealed(answer, NUR), *_sealed(answer, BORIS), *_sealed(opened, BORIS_TOO, 2)]
    found = [(answer, NUR, True), ours, (opened, BORIS_TOO, False)]
    yield _case("marks-what-one-who-left-answered", both, found, charter=REVOKED)
    after = _sealed(answer, NUR, 2)
    why = "a generation that they were never part of"
    yield _case("does-not-hear-one-who-left-after", after, (), 1, charter=REVOKED, why=why)
    for weeks, damaged in ((6, 0), (7, 1)):
        week, today = WEEK + weeks, TODAY + weeks * DAYS_A_WEEK
        late = [*_sealed(answer, NUR, 1, week), *_sealed(answer, BORIS, 1, week)]
        found = [ours] if damaged else [(answer, NUR, True), ours]
        why = "the first generation was current in none of the weeks" if damaged else ""
        name = f"looks-in-the-first-generation-{weeks}-weeks-later"
        yield _case(name, late, found, damaged, charter=REVOKED, today=today, why=why)
        name = f"{name}-if-it-ended-on-a-sunday"
        yield _case(name, late, found, damaged, charter=ON_MONDAY, today=today)


def _leaving_after_several() -> Iterator[Case]:
    """The third handler was there in two generations; the first of them lapsed long ago."""
    answer = samples.reply()
    for generation, nur in ((1, False), (2, True), (3, False)):
        cells = [*_sealed(answer, NUR, generation), *_sealed(answer, ANNA, generation)]
        found = [(answer, ANNA, False), *([(answer, NUR, True)] if nur else [])]
        name = f"looks-in-generation-{generation}-of-three"
        yield _case(name, cells, found, 0 if nur else 1, charter=LATER)
    unknown = _sealed(answer, ANNA, 4)
    yield _case("does-not-look-in-a-generation-to-come", unknown, charter=LATER)


def _addressees() -> Iterator[Case]:
    answer, opened = samples.reply(), samples.opened()
    cells = _sealed(answer, BORIS)
    yield _case("gives-nothing-to-other-words", cells, entropy=STRANGER)
    yield _case("is-empty", ())
    elsewhere = samples.reply(to=draw("mailbox/elsewhere", 32).hex())
    yield _case("counts-an-answer-to-another-source", _sealed(elsewhere, BORIS), (), 1)
    foreign = samples.reply(org_id=OTHER_ORG_ID.hex())
    beside = [*_sealed(foreign, BORIS), *_sealed(opened, BORIS)]
    yield _case("counts-an-answer-of-another-organisation", beside, [(opened, BORIS, False)], 1)
    altered = [flip(cells[0], 700), *_sealed(opened, BORIS)]
    yield _case("counts-an-altered-answer", altered, [(opened, BORIS, False)], 1)
    stranger = _sealed(answer, 12)
    why = "no such slot in the charter, so nobody looks there"
    yield _case("does-not-look-in-slots-of-nobody", stranger, why=why)


def _ids() -> Iterator[Case]:
    answer = samples.reply()
    twice = [*_sealed(answer, BORIS), *_sealed(answer, BORIS, week=WEEK - 1)]
    yield _case("shows-what-was-sent-twice-once", twice, [(answer, BORIS, False)])
    copied = [*_sealed(answer, BORIS), *_sealed({**answer, "text": "Нет."}, ANNA)]
    found = [(answer, BORIS, False), ({**answer, "text": "Нет."}, ANNA, False)]
    yield _case("hides-no-answer-behind-anothers-id", copied, found)
    devices = [*_sealed(answer, BORIS), *_sealed(answer, BORIS_TOO)]
    yield _case("tells-devices-of-one-handler-apart", devices, [(answer, BORIS, False)] * 2)
    yield from _same_ids()
    long = samples.reply(text="Ответ. " * 200)
    yield _case("joins-several-cells", _sealed(long, ANNA)[::-1], [(long, ANNA, False)])


def _parts() -> Iterator[Case]:
    """Parts come one by one, and each leaves in its own time."""
    long = samples.reply(text="Ответ. " * 200)
    yield _case("tells-of-a-part-of-an-answer", _sealed(long, ANNA)[1:], partial=1)
    why = "nobody can finish what one who left has begun"
    begun = _sealed(long, NUR, 2)[:1]
    yield _case("counts-a-part-by-one-who-left", begun, (), 1, charter=REVOKED, why=why)


def _order() -> Iterator[Case]:
    """Newest first; of one day, by week and tag number, the last posted first."""
    posted = (("first", -1, 0), ("second", 0, 0), ("old", -2, -9), ("new", 1, 1))
    cells = [
        part
        for text, week, day in posted
        for part in _sealed(
            samples.reply(id=draw(text, 16).hex(), text=text, day=TODAY + day),
            ANNA,
            week=WEEK + week,
        )
    ]
    given = fields(("charter", FIRST), ("org-id", ORG_ID), ("entropy", ENTROPY), ("today", TODAY))
    out = fields(("text", ["new", "second", "first", "old"]))
    board = encode_board(EPOCH, [*FOREIGN, *cells])
    yield Case("mailbox/shows-the-newest-first", "mailbox.order", given + out, board)


def _same_ids() -> Iterator[Case]:
    """One device signs two answers with one id; every reader shows the same one."""
    one, other = samples.reply(), samples.reply(text="Нет.")
    shown = [(one, BORIS, False)]
    for lower_in, ours, theirs in (
        ("number", _sealed(one, BORIS, first=3), _sealed(other, BORIS, first=90)),
        ("week", _sealed(one, BORIS, week=WEEK - 1, first=90), _sealed(other, BORIS, first=3)),
    ):
        name = f"shows-of-one-id-the-answer-of-the-lower-{lower_in}"
        yield _case(name, [*theirs, *ours], shown)
    lower, higher = _sealed(one, BORIS, 1, first=90), _sealed(other, BORIS, 2, first=3)
    name = "shows-of-one-id-the-answer-of-the-lower-generation"
    yield _case(name, [*higher, *lower], shown, charter=REVOKED)
    long = samples.reply(text="Ответ. " * 200)
    turned = _sealed_backwards(long, BORIS)
    between = _sealed(other, BORIS, first=41)
    why = "its last part stands under number 40, its first behind the other's 41"
    name = "shows-of-one-id-the-answer-that-has-the-lowest-number"
    yield _case(name, [*between, *turned], [(long, BORIS, False)], why=why)
    odd = samples.reply(text="Нет.", day=TODAY + 2)
    beside = [*_sealed(odd, BORIS, first=3), *_sealed(one, BORIS, first=90)]
    yield _case("lets-nothing-damaged-hide-an-answer-of-its-id", beside, shown, 1)


def _records() -> Iterator[Case]:
    """What a reply says of the charter and generation is held against nothing."""
    for name, answer in (
        ("that-names-another-generation", samples.reply(generation=7)),
        ("that-names-a-charter-of-nobody", samples.reply(charter="00" * 32)),
    ):
        yield _case(f"shows-an-answer-{name}", _sealed(answer, BORIS), [(answer, BORIS, False)])


def _sealed_again() -> Iterator[Case]:
    """A colleague seals Anna's signed bytes anew, under her tags of a later week."""
    answer = samples.reply()
    again = _sealed(answer, ANNA, week=WEEK + 1)
    both = [*_sealed(answer, ANNA), *again]
    why = "the very bytes that Anna signed"
    shown = [(answer, ANNA, False)]
    yield _case("shows-an-answer-that-was-sealed-again-once", both, shown, why=why)
    for days, found, damaged in ((70, shown, 0), (71, [], 1)):
        later = TODAY + days
        week = week_of(later, ANCHOR_DAY)
        name = f"an-answer-that-was-sealed-again-{days}-days-later"
        name = f"{'shows' if found else 'counts'}-{name}"
        sealed = _sealed(answer, ANNA, week=week)
        yield _case(name, sealed, found, damaged, today=later, why=why)
