"""Which threads a handler wants to see: the same words on the page and on the command line."""

from collections.abc import Callable, Mapping
from typing import Final, Literal, get_args

from silent_courier.desk.views import ThreadRow

Show = Literal[
    "open",
    "all",
    "unread",
    "unanswered",
    "due",
    "overdue",
    "mine",
    "disputed",
    "closed",
    "muted",
    "held",
]
SHOWS: Final[tuple[Show, ...]] = get_args(Show)


def fits(row: ThreadRow, show: Show) -> bool:
    """Whether this thread is one of those."""
    return _RULES[show](row)


def is_open(row: ThreadRow) -> bool:
    """Neither closed nor muted; a closed one with something unread wants to be seen."""
    return not row.team.muted and (not row.team.closed or row.unread > 0)


def is_pressing(row: ThreadRow) -> bool:
    """Whether something is due or overdue, or to be followed up today."""
    due = row.team.due
    return row.team.follow_up_due or (due is not None and due.state != "later")


def _is_overdue(row: ThreadRow) -> bool:
    return row.team.due is not None and row.team.due.state == "overdue"


_RULES: Final[Mapping[Show, Callable[[ThreadRow], bool]]] = {
    "open": is_open,
    "all": lambda _: True,
    "unread": lambda row: row.unread > 0 and not row.team.muted,
    "unanswered": lambda row: is_open(row) and row.team.due is not None,
    "due": lambda row: is_open(row) and is_pressing(row),
    "overdue": lambda row: is_open(row) and _is_overdue(row),
    "mine": lambda row: is_open(row) and row.team.mine,
    "disputed": lambda row: row.disputed,
    "closed": lambda row: bool(row.team.closed),
    "muted": lambda row: row.team.muted,
    "held": lambda row: row.team.held,
}
