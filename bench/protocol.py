"""Seal, open, find: the protocol alone, in one thread.

Nothing here waits, so what is taken is CPU time, which a busy machine disturbs less than a clock.
"""

import secrets
from collections.abc import Iterator, Sequence
from functools import partial

from bench.bare_hpke import BareHpke
from bench.challenge import client_check, make_points
from bench.figures import Figure, median_cpu_ms
from bench.sample import DAY, make_letter, make_sample
from silent_courier.protocol.board import find_fragments
from silent_courier.protocol.board_format import encode_board, parse_board
from silent_courier.protocol.letter import open_letter, seal_source_letter
from silent_courier.protocol.payload import ReplyPayload
from silent_courier.protocol.reply import cells_needed, seal_reply
from silent_courier.protocol.sizes import CELL_LEN, SLOTS_PER_HANDLER, WEEKS_AHEAD, WEEKS_BACK
from silent_courier.protocol.thread import derive_source_id, derive_thread_key

HANDLERS = 5
BOARD_CELLS = 3500
MESSAGES = (1000, 3000, 10_000)


def figures(*, quick: bool) -> Iterator[Figure]:
    """Measure; `quick` leaves the largest baseline out."""
    sample = make_sample(HANDLERS)
    entropy = secrets.token_bytes(16)
    letter, thread_key = make_letter(sample, entropy, "x" * 12_000)
    slots, recipients = sample.charter.body.parameters.letter_slots, sample.recipients

    def seal() -> bytes:
        return seal_source_letter(letter, recipients, slots, secrets.token_bytes)

    sealed = seal()
    last = [sample.identities[-1]]
    bare = BareHpke(slots)
    yield Figure(
        f"source: seal a letter to {HANDLERS} handlers",
        median_cpu_ms(seal, 50),
        "ms",
        5,
        baseline=f"bare HPKE of a file key to {slots} keys, as many as a letter names",
        baseline_value=median_cpu_ms(bare.seal, 50),
    )
    yield Figure(
        "desk: open a letter",
        median_cpu_ms(lambda: open_letter(sealed, last), 50),
        "ms",
        2,
        baseline="bare HPKE of a file key, one opening",
        baseline_value=median_cpu_ms(bare.open, 50),
    )

    reply = ReplyPayload(
        id=secrets.token_hex(16),
        org_id=sample.charter.org_id.hex(),
        charter=sample.charter.hash.hex(),
        day=DAY,
        generation=1,
        to=derive_source_id(bytes.fromhex(letter.auth), 1).hex(),
        language="en",
        text="x" * 3000,
    )
    numbers = list(range(cells_needed(reply)))
    cells = seal_reply(reply, sample.devices[0], thread_key, numbers, secrets.token_bytes)
    board = encode_board(
        1, cells + [secrets.token_bytes(CELL_LEN) for _ in range(BOARD_CELLS - len(cells))]
    )
    devices = range(HANDLERS * SLOTS_PER_HANDLER)

    def find() -> int:
        org_id = sample.charter.org_id
        keys = [
            derive_thread_key(entropy, org_id, 1, week)
            for week in range(WEEKS_BACK + WEEKS_AHEAD + 1)
        ]
        found, _ = find_fragments(parse_board(board), keys, devices)
        assert len(found) == len(cells)
        return len(found)

    yield from _beside_challenges(median_cpu_ms(find, 20), MESSAGES[: 1 if quick else None])


def _beside_challenges(ours: float, messages: Sequence[int]) -> Iterator[Figure]:
    points, scalar = make_points()
    for count in messages:
        repeats = max(1, 3000 // count)
        yield Figure(
            f"source: find one's replies on a board of {BOARD_CELLS:,} cells",
            ours,
            "ms",
            50,
            baseline=f"challenge scheme, client, {count:,} messages",
            baseline_value=median_cpu_ms(partial(client_check, count, points, scalar), repeats),
        )
