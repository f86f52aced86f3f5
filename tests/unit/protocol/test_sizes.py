"""Lengths are arithmetic: what one part adds, another counts on."""

from itertools import pairwise

import pytest

from silent_courier.protocol import sizes
from silent_courier.protocol.sizes import (
    ATTACHMENT_LEN_MAX,
    CHUNK_LEN,
    CHUNKS_MAX,
    LETTER_SLOTS_MAX,
    MIB,
    STANZA_LEN,
    chunk_count,
    letter_len,
)

STEPS = [1, 2, 3, *(n for power in range(2, 12) for n in (2**power, 3 * 2 ** (power - 1)))][:-1]


def test_letter_grows_by_one_stanza_a_slot_and_nothing_else() -> None:
    lengths = [letter_len(slots) for slots in range(1, LETTER_SLOTS_MAX + 1)]

    assert {b - a for a, b in pairwise(lengths)} == {STANZA_LEN}
    assert lengths[-1] == sizes.LETTER_LEN_MAX


def test_every_chunk_count_is_one_of_the_steps() -> None:
    counts = {chunk_count(needed * MIB) for needed in range(CHUNKS_MAX + 1)}

    assert sorted(counts) == STEPS


@pytest.mark.parametrize(
    ("size", "count"),
    [
        (0, 1),
        (1, 1),
        (MIB, 1),
        (MIB + 1, 2),
        (2 * MIB + 1, 3),
        (4 * MIB + 1, 6),
        (6 * MIB + 1, 8),
        (1536 * MIB + 1, 2048),
        (ATTACHMENT_LEN_MAX, 2048),
    ],
)
def test_chunk_count_is_the_next_step(size: int, count: int) -> None:
    assert chunk_count(size) == count


def test_chunk_count_is_never_too_small_and_wastes_at_most_half() -> None:
    for needed in range(1, CHUNKS_MAX + 1):
        count = chunk_count(needed * CHUNK_LEN)
        assert needed <= count <= max(2 * needed, needed * 3 // 2 + 1)


@pytest.mark.parametrize("size", [-1, ATTACHMENT_LEN_MAX + 1])
def test_attachment_of_impossible_size_has_no_count(size: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        chunk_count(size)


def test_sixteen_cells_hold_the_longest_reply_exactly() -> None:
    assert sizes.REPLY_PAYLOAD_MAX + sizes.REPLY_FRAME_OVERHEAD == 16 * sizes.FRAGMENT_LEN


def test_a_cells_life_fits_the_weeks_a_source_looks_back() -> None:
    assert sizes.RETENTION_DAYS_MAX <= 7 * sizes.WEEKS_BACK
