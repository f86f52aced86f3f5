from typing import Any

import pytest

from silent_courier.desk.selecting import SHOWS, fits, is_open, is_pressing
from silent_courier.desk.views import Due, ThreadRow, ThreadTeam


def row(*, unread: int = 0, replies: int = 0, disputed: bool = False, **team: Any) -> ThreadRow:
    return ThreadRow(
        thread="ab" * 32,
        alias="tawny heron",
        letters=1,
        replies=replies,
        notes=0,
        attachments=0,
        unread=unread,
        language="ru",
        first_date="2026-11-23",
        last_date="2026-11-23",
        answered_by=(),
        preview="",
        disputed=disputed,
        team=ThreadTeam(**team),
    )


OVERDUE = Due("feedback", "2026-11-23", "overdue")
LATER = Due("feedback", "2026-11-23", "later")
CLOSED = "2026-11-23"


@pytest.mark.parametrize(
    ("found", "shows"),
    [
        (row(replies=1), {"open", "all"}),
        (row(unread=1), {"open", "all", "unread"}),
        (row(due=OVERDUE), {"open", "all", "unanswered", "due", "overdue"}),
        (row(due=LATER, mine=True), {"open", "all", "unanswered", "mine"}),
        (row(replies=1, follow_up_due=True), {"open", "all", "due"}),
        (row(closed=CLOSED, mine=True), {"all", "closed"}),
        (row(closed=CLOSED, unread=1), {"open", "all", "closed", "unread"}),
        (row(muted=True, unread=9, due=OVERDUE, mine=True), {"all", "muted"}),
        (row(held=True, disputed=True, replies=1), {"open", "all", "held", "disputed"}),
    ],
)
def test_each_thread_is_where_a_handler_looks_for_it(found: ThreadRow, shows: set[str]) -> None:
    assert {show for show in SHOWS if fits(found, show)} == shows


def test_what_presses_is_what_is_due_or_to_be_followed_up() -> None:
    assert is_pressing(row(due=OVERDUE))
    assert is_pressing(row(follow_up_due=True))
    assert not is_pressing(row(due=LATER))
    assert is_open(row())
