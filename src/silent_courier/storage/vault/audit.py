"""What handlers did at this desk, each act chained to the one before by a hash. Spec §14.19.

Holds no word of a letter, a label or a file's name, so that nothing of a deleted thread stays.
Whoever can write the vault can make the whole chain anew; what colleagues were told of it, not.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from silent_courier.protocol.primitives import sha256
from silent_courier.storage.vault.database import Vault

_LABEL: Final = b"courier/audit"
_START: Final = bytes(32)


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act. `at`: seconds since 1970; `about`: a short name of the thread; see `name_of`."""

    seq: int
    at: int
    act: str
    about: str
    detail: str
    hash: bytes


def name_of(source: bytes) -> str:
    """What the trail calls a thread: found again while the thread is there, nothing without it."""
    return sha256(_LABEL + b"/thread" + source).hex()[:16]


def append(vault: Vault, at: int, act: str, about: str, detail: str) -> None:
    """Add an act to the end of the chain."""
    with vault.transaction():
        last = _last(vault)
        seq = last.seq + 1 if last else 1
        row = (seq, at, act, about, detail)
        vault.run(
            "INSERT INTO audit (seq, at, act, about, detail, hash) VALUES (?, ?, ?, ?, ?, ?)",
            *row,
            _hash(last.hash if last else _START, row),
        )


def every(vault: Vault) -> list[AuditRow]:
    """All acts, oldest first."""
    return [AuditRow(*row) for row in vault.rows(f"SELECT {_COLUMNS} FROM audit ORDER BY seq")]  # noqa: S608


def broken(rows: list[AuditRow]) -> Iterator[int]:
    """The numbers of the acts that do not follow from the one before."""
    previous, number = _START, 0
    for row in rows:
        content = (row.seq, row.at, row.act, row.about, row.detail)
        if row.seq != number + 1 or row.hash != _hash(previous, content):
            yield row.seq
        previous, number = row.hash, row.seq


def has(vault: Vault, act: str, about: str, since: int) -> bool:
    """Whether this was written down at or after this second."""
    row = vault.row(
        "SELECT 1 FROM audit WHERE act = ? AND about = ? AND at >= ? LIMIT 1", act, about, since
    )
    return row is not None


def _last(vault: Vault) -> AuditRow | None:
    row = vault.row(f"SELECT {_COLUMNS} FROM audit ORDER BY seq DESC LIMIT 1")  # noqa: S608
    return AuditRow(*row) if row else None


def _hash(previous: bytes, content: tuple[object, ...]) -> bytes:
    return sha256(_LABEL + previous + json.dumps(content, ensure_ascii=True).encode())


_COLUMNS = "seq, at, act, about, detail, hash"
