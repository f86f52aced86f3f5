"""Replies: whole or not at all, from the device in whose slot they stand, to one source."""

import dataclasses
import random as unsafe_random
from typing import Any

import msgspec
import pytest

from silent_courier.protocol.errors import (
    CannotOpenError,
    MalformedCellError,
    MalformedPayloadError,
    PayloadTooLongError,
    ProtocolError,
    StatementSignatureError,
)
from silent_courier.protocol.frame import frame
from silent_courier.protocol.primitives import aes_gcm_seal
from silent_courier.protocol.reply import (
    Fragment,
    cells_needed,
    join_all,
    join_fragments,
    open_cell,
    seal_reply,
)
from silent_courier.protocol.signing import DeviceKey, sign
from silent_courier.protocol.sizes import CELL_LEN, FRAGMENT_LEN, REPLY_PAYLOAD_MAX
from silent_courier.protocol.thread import derive_cell_key, derive_tag
from tests.unit.protocol.makers import (
    WEEK,
    device_key,
    draw,
    drawing,
    flip,
    make_organisation,
    note_payload,
    reply_payload,
    thread_key,
)

ORG = make_organisation(2)
KEYS = ORG.charter.current_devices
KEY = thread_key(org=ORG)
DEVICE = 4
LONG = reply_payload(ORG, text="я" * 1400)
CELLS = seal_reply(LONG, device_key(DEVICE), KEY, range(4), drawing())


def fragments(cells: list[bytes] = CELLS) -> list[Fragment]:
    return [open_cell(cell, KEY) for cell in cells]


def join(parts: list[Fragment], device: int = DEVICE) -> Any:
    return join_fragments(parts, device, ORG.org_id, KEYS)


def test_reply_comes_back_in_any_order() -> None:
    parts = fragments()
    for seed in range(5):
        unsafe_random.Random(seed).shuffle(parts)
        reply = join(parts)
        assert (reply.payload, reply.device) == (LONG, DEVICE)


def test_cells_have_one_length_and_stand_under_their_tags() -> None:
    assert {len(cell) for cell in CELLS} == {CELL_LEN}
    assert [cell[:16] for cell in CELLS] == [derive_tag(KEY, DEVICE, n) for n in range(4)]


def test_cells_needed_grow_with_every_966_bytes() -> None:
    empty = len(msgspec.json.encode(reply_payload(ORG, text="")))
    for count in range(1, 17):
        full = count * FRAGMENT_LEN - 70 - empty
        assert cells_needed(reply_payload(ORG, text="x" * full)) == count
        if count < 16:
            assert cells_needed(reply_payload(ORG, text="x" * (full + 1))) == count + 1


def test_longest_reply_fits_and_one_byte_more_does_not() -> None:
    room = REPLY_PAYLOAD_MAX - len(msgspec.json.encode(reply_payload(ORG, text="")))
    longest = reply_payload(ORG, text="x" * room)
    cells = seal_reply(longest, device_key(DEVICE), KEY, range(16), drawing())

    assert join(fragments(cells)).payload == longest
    with pytest.raises(PayloadTooLongError):
        cells_needed(reply_payload(ORG, text="x" * (room + 1)))


@pytest.mark.parametrize("numbers", [[0, 1, 2], [0, 1, 2, 2], [0, 1, 2, 3, 4], [0, 1, 2, 256]])
def test_tag_numbers_must_be_as_many_fresh_ones_as_cells(numbers: list[int]) -> None:
    with pytest.raises(ValueError, match=r"tag"):
        seal_reply(LONG, device_key(DEVICE), KEY, numbers, drawing())


def test_any_bit_of_a_cell_flipped_never_opens() -> None:
    for bit in range(0, 8 * CELL_LEN, 7):
        with pytest.raises(CannotOpenError):
            open_cell(flip(CELLS[0], bit), KEY)


@pytest.mark.parametrize("length", [0, 31, 32, 48, 1023, 1025])
def test_cell_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(MalformedCellError):
        open_cell(CELLS[0].ljust(1025, b"\0")[:length], KEY)


def test_cell_opens_under_its_own_week_and_generation_alone() -> None:
    for other in (thread_key(WEEK + 1, org=ORG), thread_key(WEEK, 2, org=ORG), thread_key()):
        with pytest.raises(CannotOpenError):
            open_cell(CELLS[0], other)


def test_cell_moved_to_another_tag_never_opens() -> None:
    moved = derive_tag(KEY, DEVICE, 9) + CELLS[0][16:]

    with pytest.raises(CannotOpenError):
        open_cell(moved, KEY)


@pytest.mark.parametrize(("part", "count"), [(0, 0), (1, 1), (2, 1), (0, 17), (16, 17), (255, 255)])
def test_fragment_that_counts_wrong_is_refused(part: int, count: int) -> None:
    tag, salt = derive_tag(KEY, DEVICE, 0), bytes(16)
    inside = bytes(8) + bytes([part, count]) + bytes(966)
    cell = tag + salt + aes_gcm_seal(derive_cell_key(KEY, tag, salt), inside)

    with pytest.raises(MalformedCellError):
        open_cell(cell, KEY)


def test_missing_doubled_or_foreign_part_is_refused() -> None:
    parts = fragments()
    other = Fragment(parts[0].reply, 1, 3, parts[1].data)
    for wrong in ([], parts[:-1], parts[1:], [*parts, parts[0]], [parts[0], other, *parts[2:]]):
        with pytest.raises(MalformedCellError):
            join(wrong)


def test_reply_in_another_devices_slot_is_refused() -> None:
    """A handler knows all thread keys, and could repeat a colleague's reply under another slot."""
    with pytest.raises(StatementSignatureError):
        join(fragments(), device=0)


def test_reply_signed_by_another_device_is_refused() -> None:
    forged = seal_reply(LONG, device_key(0), KEY, range(4), drawing())

    with pytest.raises(StatementSignatureError):
        join(fragments(forged))


def test_reply_that_names_the_slot_and_signs_with_another_key_is_refused() -> None:
    forged = DeviceKey(DEVICE, draw("stranger"))

    with pytest.raises(StatementSignatureError):
        join(fragments(seal_reply(LONG, forged, KEY, range(4), drawing())))


def test_device_unknown_to_the_charter_is_refused() -> None:
    with pytest.raises(StatementSignatureError):
        join_fragments(fragments(), DEVICE, ORG.org_id, {0: KEYS[0]})


def test_reply_of_another_organisation_is_refused() -> None:
    foreign = reply_payload(ORG, org_id=draw("other").hex())
    cells = seal_reply(foreign, device_key(DEVICE), KEY, [0], drawing())

    with pytest.raises(ProtocolError):
        join(fragments(cells))


def test_reply_signed_for_us_that_names_another_organisation_is_refused() -> None:
    """A handler of ours, or of both, mixes the two."""
    data = msgspec.json.encode(reply_payload(ORG, org_id=draw("other").hex()))
    head = b"\0\4" + sign("reply", ORG.org_id, device_key(DEVICE), data)
    mixed = Fragment(bytes(8), 0, 1, head + frame(data, FRAGMENT_LEN - len(head)))

    with pytest.raises(MalformedCellError):
        join([mixed])


def test_bit_flipped_in_what_was_signed_is_refused() -> None:
    cells = seal_reply(reply_payload(ORG), device_key(DEVICE), KEY, [0], drawing())
    (fragment,) = fragments(cells)
    for bit in range(0, 8 * len(fragment.data), 5):
        altered = Fragment(fragment.reply, 0, 1, flip(fragment.data, bit))
        with pytest.raises(ProtocolError):
            join([altered])


def test_letters_payload_on_the_board_is_refused() -> None:
    note: Any = note_payload(ORG)
    cells = seal_reply(note, device_key(DEVICE), KEY, [0], drawing())

    with pytest.raises(MalformedPayloadError):
        join(fragments(cells))


def test_a_group_in_part_stops_no_other_and_is_no_damage() -> None:
    whole = seal_reply(reply_payload(ORG), device_key(0), KEY, [0], drawing("other"))
    pairs = [(DEVICE, part) for part in fragments()[1:]] + [(0, part) for part in fragments(whole)]

    joined = join_all(pairs, ORG.org_id, KEYS)

    assert [reply.device for reply in joined.replies] == [0]
    assert (joined.partial, joined.damaged) == (1, 0)


def test_parts_that_contradict_each_other_or_nobody_can_finish_are_damage() -> None:
    first, second = fragments()[:2]
    twice = [(DEVICE, first), (DEVICE, first)]
    differ = [(DEVICE, first), (DEVICE, dataclasses.replace(second, count=second.count + 1))]
    for pairs in (twice, differ):
        assert join_all(pairs, ORG.org_id, KEYS) == ([], 0, 1)

    assert join_all([(DEVICE, first)], ORG.org_id, {0: KEYS[0]}) == ([], 0, 1)


def test_nothing_joins_to_nothing() -> None:
    assert join_all([], ORG.org_id, KEYS) == ([], 0, 0)
