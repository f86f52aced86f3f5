"""Vaults for tests: real files, a key derivation that costs nothing."""

import os
from collections.abc import Sequence
from pathlib import Path

from silent_courier.storage.vault import (
    KdfParameters,
    Secrets,
    Vault,
    create_vault,
    letters,
    open_vault,
    threads,
)
from silent_courier.storage.vault.letters import Opened, Outcome, State
from silent_courier.storage.vault.threads import Entry

PASSPHRASE = "ten dull green words"
QUICK = KdfParameters(1, 64, 1)
SECRETS = Secrets("Анна", b"s" * 32, b"c" * 32, b"t" * 32)
SOURCE = b"S" * 32
TODAY = 20_780


def new_vault(directory: Path) -> Vault:
    """A fresh vault; the caller closes it."""
    return create_vault(directory, PASSPHRASE, SECRETS, os.urandom, kdf=QUICK)


def reopened(vault: Vault) -> Vault:
    """The same vault as the next program finds it."""
    vault.close()
    return open_vault(vault.directory, PASSPHRASE)


def letter_name(number: int) -> bytes:
    """A letter's hash."""
    return number.to_bytes(32, "big")


def file_letter(
    vault: Vault, number: int, *, day: int = TODAY, entry: bytes | None = None
) -> bytes:
    """A letter with an entry, listed and filed; its hash."""
    name, entry = letter_name(number), entry or letter_name(number)[16:]
    letters.note_listing(vault, day, [name], 0)
    opened = Opened(name, day, b"", key_day=day, file_key=b"k" * 16, header=name, sealed=b"sealed")
    outcome = Outcome(State.FILED, "letter", None, entry, None, None, bytes(66))
    letters.keep(vault, opened, outcome)
    if threads.find_entry(vault, entry) is None:
        threads.add(vault, make_entry(entry, day=day), unread=True)
    return name


def make_entry(
    entry: bytes, *, kind: str = "letter", day: int = TODAY, device: int | None = None
) -> Entry:
    """An entry of the one source."""
    return Entry(entry, SOURCE, kind, day, device, b'{"payload":1}')


def names(numbers: Sequence[int]) -> list[bytes]:
    """Hashes of letters."""
    return [letter_name(number) for number in numbers]
