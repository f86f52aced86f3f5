"""Deleting a thread: every row that holds a word of it. Spec §14.18.

What stays: of each letter its hash, its day and the digest of its header, so that it is not
fetched again and a forgery of it is known; a hash of the source's id with the day; how many cells
were sealed under which key; numbers for the statistics.
"""

from typing import Final

from silent_courier.protocol.primitives import sha256
from silent_courier.storage.vault.database import Vault

_LABEL: Final = b"courier/deleted-thread"


def was_deleted(vault: Vault, source: bytes, day: int) -> bool:
    """Whether what a colleague said of this thread on this day belongs to what was deleted."""
    row = vault.row("SELECT day FROM deleted_thread WHERE name = ?", _name(source))
    return row is not None and day <= int(row[0])


def ever_deleted(vault: Vault, source: bytes) -> bool:
    """Whether a thread of this source was ever deleted here."""
    return vault.row("SELECT 1 FROM deleted_thread WHERE name = ?", _name(source)) is not None


def waits(vault: Vault, source: bytes) -> bool:
    """Whether an answer, a note or a change of this thread is still to be posted."""
    row = vault.row(
        "SELECT 1 WHERE EXISTS"  # noqa: S608 - constants
        f" (SELECT 1 FROM outbox_cell WHERE NOT refused AND entry IN {_ENTRIES})"
        f" OR EXISTS (SELECT 1 FROM outbox_letter WHERE id IN {_ENTRIES} OR id IN {_CHANGES})",
        source,
        source,
        source,
    )
    return row is not None


def letters_of(vault: Vault, source: bytes) -> list[bytes]:
    """The hashes of the letters that brought what is in the thread."""
    rows = vault.rows(
        f"SELECT hash FROM letter WHERE entry IN {_ENTRIES} OR entry IN {_CHANGES}"  # noqa: S608
        " OR disputes = ?",
        source,
        source,
        source,
    )
    return [row[0] for row in rows]


def forget_letters(vault: Vault, hashes: list[bytes]) -> None:
    """Nothing but hash, day and header's digest stays of these letters."""
    rows = [(name,) for name in hashes]
    vault.run_many(
        "UPDATE letter SET state = 'deleted', reason = NULL, kind = NULL, entry = NULL,"
        " signer = NULL, passed_by = NULL, key_day = NULL, file_key = NULL, payload = NULL,"
        " trailer = NULL, sealed = NULL, disputes = NULL WHERE hash = ?",
        rows,
    )
    for table in ("file_key", "history", "promised", "passed"):
        vault.run_many(f"DELETE FROM {table} WHERE hash = ?", rows)  # noqa: S608 - constants


def forget_thread(vault: Vault, source: bytes, today: int) -> None:
    """Delete the thread itself, whose letters were forgotten.

    What was set on it with a colleague's clock ahead of ours is of a later day than today.
    """
    with vault.transaction():
        row = vault.row("SELECT max(day) FROM change WHERE source = ?", source)
        last = max(today, row[0] or 0) if row else today
        for table in ("opening", "reader", "outbox_cell", "shown"):
            vault.run(f"DELETE FROM {table} WHERE entry IN {_ENTRIES}", source)  # noqa: S608 - constants
        vault.run(
            f"UPDATE posted_cell SET entry = x'' WHERE entry IN {_ENTRIES}",  # noqa: S608 - constants
            source,
        )
        vault.run(
            "DELETE FROM chunk WHERE attachment IN"  # noqa: S608 - constant
            f" (SELECT seq FROM attachment WHERE entry IN {_ENTRIES})",
            source,
        )
        vault.run(f"DELETE FROM attachment WHERE entry IN {_ENTRIES}", source)  # noqa: S608
        # `opening` also holds letters that never came here.
        for table in ("entry", "change", "standing", "unmerged", "draft", "pin", "tag", "opening"):
            vault.run(f"DELETE FROM {table} WHERE source = ?", source)  # noqa: S608 - constants
        vault.run("DELETE FROM matter WHERE low = ?", source)
        vault.run(
            "INSERT INTO deleted_thread (name, day) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET day = max(day, excluded.day)",
            _name(source),
            last,
        )


def _name(source: bytes) -> bytes:
    return sha256(_LABEL + source)


_ENTRIES = "(SELECT id FROM entry WHERE source = ?)"
_CHANGES = "(SELECT id FROM change WHERE source = ?)"
