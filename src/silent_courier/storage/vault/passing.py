"""What colleagues sent us to open letters with, and what was passed on to whom. Spec §14.5."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from silent_courier.storage.vault.database import Vault


@dataclass(frozen=True, slots=True)
class FileKey:
    """A colleague's word that this file key opens that letter."""

    hash: bytes
    device: int
    file_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Passable:
    """A filed letter as a colleague would need it; `payload` and `trailer` are its plaintext."""

    hash: bytes
    seq: int
    on_server: bool
    file_key: bytes | None = field(repr=False)
    payload: bytes = field(repr=False)
    trailer: bytes = field(repr=False)


def keep_file_key(vault: Vault, key: FileKey) -> None:
    """Remember a file key until its letter is filed."""
    vault.run("INSERT OR IGNORE INTO file_key VALUES (?, ?, ?)", key.hash, key.device, key.file_key)


def file_keys(vault: Vault) -> list[FileKey]:
    """Every file key whose letter is not filed yet."""
    drop_used_file_keys(vault)
    rows = vault.rows("SELECT hash, device, file_key FROM file_key ORDER BY hash, device")
    return [FileKey(*row) for row in rows]


def drop_used_file_keys(vault: Vault) -> None:
    """Forget the keys of letters that are filed or were found to be none."""
    for table in ("file_key", "promised"):
        vault.run(
            f"DELETE FROM {table} WHERE hash IN"  # noqa: S608 - constants
            " (SELECT hash FROM letter WHERE state NOT IN ('listed', 'unopened'))"
        )


def drop_file_key(vault: Vault, key: FileKey) -> None:
    """Forget a key that did not open its letter, or whose letter is gone."""
    vault.run("DELETE FROM file_key WHERE hash = ? AND device = ?", key.hash, key.device)
    vault.run("DELETE FROM promised WHERE hash = ? AND signer = ?", key.hash, key.device)


def promise(vault: Vault, key: FileKey, devices: Iterable[int], day: int) -> None:
    """These devices were sent this key too; it counts once the key has opened its letter."""
    vault.run_many(
        "INSERT OR IGNORE INTO promised VALUES (?, ?, ?, ?)",
        [(key.hash, key.device, device, day) for device in devices],
    )


def keep_promise(vault: Vault, key: FileKey) -> None:
    """The key opened its letter, so all who were sent it have been given the letter."""
    vault.run(
        "INSERT OR IGNORE INTO passed SELECT hash, device, day FROM promised"
        " WHERE hash = ? AND signer = ?",
        key.hash,
        key.device,
    )


def keep_part(
    vault: Vault, letter: bytes, device: int, place: tuple[int, int], data: bytes
) -> None:
    """Remember one part of a letter's history; `place` is its number and how many there are."""
    part, parts = place
    vault.run(
        "INSERT OR IGNORE INTO history VALUES (?, ?, ?, ?, ?)", letter, device, part, parts, data
    )


def take_history(vault: Vault, letter: bytes, device: int) -> bytes | None:
    """All parts of this letter from this colleague in one, once they are there; then forgotten."""
    rows = vault.rows(
        "SELECT part, parts, data FROM history WHERE hash = ? AND device = ? ORDER BY part",
        letter,
        device,
    )
    whole = [(part, len(rows)) for part in range(len(rows))]
    if not rows or [(row[0], row[1]) for row in rows] != whole:
        return None
    vault.run("DELETE FROM history WHERE hash = ? AND device = ?", letter, device)
    return b"".join(row[2] for row in rows)


def drop_history(vault: Vault, letter: bytes) -> None:
    """Forget what came of a letter that is filed."""
    vault.run("DELETE FROM history WHERE hash = ?", letter)


def note_passed(vault: Vault, letters: Iterable[bytes], devices: Iterable[int], day: int) -> None:
    """These devices have been given these letters, sealed to their keys of this day."""
    everyone = tuple(devices)
    vault.run_many(
        "INSERT OR IGNORE INTO passed VALUES (?, ?, ?)",
        [(letter, device, day) for letter in letters for device in everyone],
    )


def forget_passed(vault: Vault, device: int) -> None:
    """As if this device had been given nothing."""
    vault.run("DELETE FROM passed WHERE device = ?", device)


def holders(vault: Vault, letter: bytes) -> frozenset[int]:
    """Who has been given this letter."""
    rows = vault.rows(
        f"SELECT device FROM passed WHERE hash = ? AND {_RECEIVED}",  # noqa: S608 - constant
        letter,
    )
    return frozenset(row[0] for row in rows)


def days_with_letters(vault: Vault) -> list[int]:
    """The days for whose keys filed letters were sealed."""
    rows = vault.rows(f"SELECT DISTINCT {_SEALED_FOR} {_PASSABLE} ORDER BY 1 DESC")
    return [row[0] for row in rows]


def passable(vault: Vault, day: int, device: int, up_to: int) -> list[Passable]:
    """Filed letters sealed for this day, numbered up to `up_to`, that this device was not given."""
    rows = vault.rows(
        f"SELECT letter.hash, letter.seq, on_server, file_key,"  # noqa: S608
        f" coalesce({_CONTENT}, x''),"
        f" trailer {_PASSABLE} AND {_SEALED_FOR} = ? AND letter.seq <= ?"
        " AND NOT EXISTS (SELECT 1 FROM passed"
        f" WHERE passed.hash = letter.hash AND device = ? AND {_RECEIVED})"
        " ORDER BY letter.seq DESC",
        day,
        up_to,
        device,
    )
    return [Passable(row[0], row[1], bool(row[2]), *row[3:]) for row in rows]


def file_key_of(vault: Vault, letter: bytes) -> bytes | None:
    """The key that opened this letter here, if it is filed and the key is known."""
    row = vault.row("SELECT file_key FROM letter WHERE hash = ? AND state = 'filed'", letter)
    return row[0] if row else None


def content_of(vault: Vault, letter: bytes) -> bytes | None:
    """A filed letter's payload and trailer, as a colleague would pass it on in parts."""
    row = vault.row(
        f"SELECT {_CONTENT}, trailer {_PASSABLE} AND letter.hash = ?",
        letter,
    )
    return row[0] + row[1] if row and row[0] else None


def want(vault: Vault, device: int) -> None:
    """Pass everything to this device, whoever's turn it is."""
    vault.run("INSERT OR IGNORE INTO wanted VALUES (?)", device)


def wanted(vault: Vault) -> frozenset[int]:
    """Whom we were asked to pass everything to."""
    return frozenset(row[0] for row in vault.rows("SELECT device FROM wanted"))


def no_longer_want(vault: Vault, device: int) -> None:
    """Nothing is left to pass to this device."""
    vault.run("DELETE FROM wanted WHERE device = ?", device)


# A passed-on letter has no day key of ours; the day its payload names is the best there is.
_SEALED_FOR = "coalesce(letter.key_day, entry.day, change.day)"
_CONTENT = "coalesce(entry.payload, change.payload)"
_RECEIVED = (
    "NOT EXISTS (SELECT 1 FROM gap WHERE gap.device = passed.device"
    " AND passed.day BETWEEN gap.first AND gap.last)"
)
# Marks and digests stand in no thread: they are passed on while the server has them.
_PASSABLE = (
    "FROM letter LEFT JOIN entry ON entry.id = letter.entry"
    " LEFT JOIN change ON change.id = letter.entry"
    " WHERE letter.state = 'filed' AND letter.trailer IS NOT NULL"
    f" AND {_SEALED_FOR} IS NOT NULL AND (entry.id IS NOT NULL"
    " OR change.id IS NOT NULL"
    " OR letter.kind IN ('mark', 'digest') AND on_server AND file_key IS NOT NULL)"
)
