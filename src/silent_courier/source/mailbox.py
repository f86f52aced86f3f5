"""What the board holds for the owner of twelve words: answers, and *opened on …*. Spec §6.3.

Pure: everything is looked up in bytes that are already here. Refuses what a handler signed under
a generation that began after they had left, what is addressed to anybody else, and what is dated
out of all reason; each is counted, and shown as damage, rather than dropped without a word.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from silent_courier.protocol.board import FoundFragment, find_fragments
from silent_courier.protocol.board_format import Board
from silent_courier.protocol.calendar import week_of
from silent_courier.protocol.charter import Charter, Handler, handler_of
from silent_courier.protocol.keyring import CLOCK_DAYS_MAX
from silent_courier.protocol.payload import InReply, OpenedPayload, ReplyPayload
from silent_courier.protocol.reply import Joined, Reply, join_all
from silent_courier.protocol.sizes import ANSWER_DAYS_MAX, WEEKS_AHEAD, WEEKS_BACK
from silent_courier.protocol.thread import ThreadKey, derive_auth, derive_thread_key


@dataclass(frozen=True, slots=True)
class Answer:
    """A handler's answer; `day` as they signed it, `left` when they are no longer a handler."""

    day: int
    label: str
    left: bool
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """*A person opened your letter on this day.*"""

    day: int
    label: str
    left: bool


@dataclass(frozen=True, slots=True)
class Mailbox:
    """All that was found, newest first; how much of it is here in part, or was not sound."""

    answers: tuple[Answer, ...]
    opened: tuple[Opened, ...]
    partial: int
    damaged: int


def read_mailbox(board: Board, charter: Charter, entropy: bytes, today: int) -> Mailbox:
    """Find, open and verify everything on the board that is for these words.

    Args:
        board: parsed, otherwise untrusted.
        charter: verified.
        entropy: the 16 bytes behind the twelve words; any are somebody's.
        today: the day by the source's own clock.
    """
    devices = sorted(charter.all_devices)
    fragments, damaged = find_fragments(board, _thread_keys(charter, entropy, today), devices)
    joined = _join(fragments, charter, today)
    source_id = derive_auth(entropy, charter.org_id, 0).hex()
    ours = [r for r in joined.replies if r.payload.to == source_id and _is_dated(r.payload, today)]
    damaged += joined.damaged + len(joined.replies) - len(ours)
    answers, opened = _sort(_unique(ours), charter)
    return Mailbox(answers, opened, joined.partial, damaged)


def _thread_keys(charter: Charter, entropy: bytes, today: int) -> list[ThreadKey]:
    """Of every week looked at and every generation there was: an answer may be given late."""
    this_week = week_of(today, charter.body.anchor_day)
    first = max(0, this_week - WEEKS_BACK)
    keys = []
    for generation in range(1, charter.body.generation + 1):
        key = derive_thread_key(entropy, charter.org_id, generation, first)
        keys += [key.step_to(week) for week in range(first, this_week + WEEKS_AHEAD + 1)]
    return keys


def _join(fragments: Iterable[FoundFragment], charter: Charter, today: int) -> Joined:
    by_generation: dict[int, list[FoundFragment]] = {}
    for found in fragments:
        by_generation.setdefault(found.generation, []).append(found)
    replies: list[Reply] = []
    partial = damaged = 0
    for generation, group in by_generation.items():
        pairs = [(found.device, found.fragment) for found in group]
        joined = join_all(pairs, charter.org_id, _signers(charter, generation, today))
        replies += joined.replies
        partial += joined.partial
        damaged += joined.damaged
    return Joined(replies, partial, damaged)


def _signers(charter: Charter, generation: int, today: int) -> dict[int, bytes]:
    """Whose word counts under this generation's keys: signing key by device slot.

    Who left speaks only under generations they were part of, and only while those were current in
    the weeks looked at; who has not left may answer a letter however old it is.
    """
    lapsed = _is_lapsed(charter, generation, today)
    speakers = {
        handler.handler
        for handler in charter.body.handlers
        if handler.left_generation is None or (generation < handler.left_generation and not lapsed)
    }
    return {d: key for d, key in charter.all_devices.items() if handler_of(d) in speakers}


def _is_lapsed(charter: Charter, generation: int, today: int) -> bool:
    """Whether the next generation began before the first of the weeks looked at."""
    starts, anchor = charter.body.generation_days, charter.body.anchor_day
    if generation >= len(starts):
        return False
    return week_of(starts[generation] - 1, anchor) < week_of(today, anchor) - WEEKS_BACK


def _is_dated(payload: InReply, today: int) -> bool:
    """Whether it is of days from which something can be on the board: dates are read, and sort."""
    days = (payload.day, payload.opened) if isinstance(payload, OpenedPayload) else (payload.day,)
    return all(today - ANSWER_DAYS_MAX <= day <= today + CLOCK_DAYS_MAX for day in days)


def _unique(replies: Iterable[Reply]) -> list[Reply]:
    """The first of each id a device used; another device cannot hide a reply by using its id."""
    first: dict[tuple[int, str], Reply] = {}
    for reply in replies:
        first.setdefault((reply.device, reply.payload.id), reply)
    return list(first.values())


def _sort(
    replies: Iterable[Reply], charter: Charter
) -> tuple[tuple[Answer, ...], tuple[Opened, ...]]:
    """Newest first; of one day, what a device posted later stands before what it posted earlier."""
    answers: list[Answer] = []
    opened: list[Opened] = []
    by_day = sorted(replies, key=lambda reply: reply.payload.day)
    for reply in reversed(by_day):
        handler = _handler(charter, reply.device)
        left = handler.left_generation is not None
        payload = reply.payload
        if isinstance(payload, ReplyPayload):
            answers.append(Answer(payload.day, handler.label, left, payload.language, payload.text))
        else:
            opened.append(Opened(payload.opened, handler.label, left))
    return tuple(answers), tuple(opened)


def _handler(charter: Charter, device: int) -> Handler:
    return next(h for h in charter.body.handlers if h.handler == handler_of(device))
