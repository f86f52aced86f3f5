"""Numbers by month, of the threads that are here and of those that were deleted. Spec §14.19."""

from dataclasses import dataclass

from silent_courier.storage.vault.database import Vault


@dataclass(frozen=True, slots=True)
class Month:
    """Letters that came in a month (`2026-11`), and what became of them.

    answered: letters with an answer after them. opened: letters that a person has opened.
    waited: days from their arrival to that, all together.
    """

    month: str
    letters: int
    answered: int
    opened: int
    waited: int


def every(vault: Vault) -> list[Month]:
    """All months with letters, oldest first."""
    rows = vault.rows(
        f"SELECT month, sum(letters), sum(answered), sum(opened), sum(waited) FROM ({_HERE}"  # noqa: S608
        " UNION ALL SELECT month, letters, answered, opened, waited FROM past_month)"
        " GROUP BY month ORDER BY month",
        None,
        None,
    )
    return [Month(*row) for row in rows]


def keep_of_thread(vault: Vault, source: bytes) -> None:
    """Count a thread that is about to be deleted."""
    for row in vault.rows(_HERE, source, source):
        vault.run(
            "INSERT INTO past_month (month, letters, answered, opened, waited)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (month) DO UPDATE SET"
            " letters = letters + excluded.letters, answered = answered + excluded.answered,"
            " opened = opened + excluded.opened, waited = waited + excluded.waited",
            *row,
        )


_HERE = (
    "SELECT strftime('%Y-%m', entry.day * 86400, 'unixepoch') AS month, count(*) AS letters,"
    " sum((entry.day << 32) + entry.seq < coalesce(answer.at, -1)) AS answered,"
    " count(opening.entry) AS opened,"
    " coalesce(sum(max(0, opening.day - entry.day)), 0) AS waited"
    " FROM entry LEFT JOIN opening ON opening.entry = entry.id"
    " LEFT JOIN (SELECT source, max((day << 32) + seq) AS at FROM entry WHERE kind = 'reply'"
    " GROUP BY source) AS answer ON answer.source = entry.source"
    " WHERE entry.kind = 'letter' AND (? IS NULL OR entry.source = ?) GROUP BY month"
)
