import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
import sqlcipher3  # type: ignore[import-untyped]

from silent_courier.protocol.errors import VaultDamagedError, VaultError, VaultFullError
from silent_courier.storage.vault import Vault, open_vault
from silent_courier.storage.vault.database import DATABASE_NAME
from silent_courier.storage.vault.lock import VaultLock
from tests.unit.storage.vault.kit import PASSPHRASE, reopened

SECRET = b"a very secret plaintext that must not be found on the disk"


def add_table(vault: Vault) -> None:
    vault.run("CREATE TABLE thing (number INTEGER PRIMARY KEY, content BLOB)")


def all_bytes(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


def test_nothing_in_the_files_is_readable(vault: Vault) -> None:
    add_table(vault)
    vault.run("INSERT INTO thing VALUES (1, ?)", SECRET)
    written = all_bytes(vault.directory)

    assert SECRET not in written
    assert b"CREATE TABLE" not in written
    assert b"SQLite format" not in written


def test_every_file_is_private(vault: Vault) -> None:
    add_table(vault)

    assert vault.directory.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in vault.directory.iterdir()}
    assert set(modes.values()) == {0o600}
    assert f"{DATABASE_NAME}-wal" in modes


def test_every_commit_is_synced_and_deletions_are_overwritten(vault: Vault) -> None:
    assert vault.row("PRAGMA synchronous") == (2,)
    assert vault.row("PRAGMA secure_delete") == (1,)
    assert vault.row("PRAGMA journal_mode") == ("wal",)
    assert vault.row("PRAGMA temp_store") == (2,)


def test_what_was_deleted_is_gone_once_it_is_forgotten(vault: Vault) -> None:
    add_table(vault)
    vault.run("INSERT INTO thing VALUES (1, ?)", SECRET * 400)
    vault.run("DELETE FROM thing")
    vault.forget()
    key = vault.row("SELECT 1")
    wal = vault.directory / f"{DATABASE_NAME}-wal"

    assert key == (1,)
    assert wal.stat().st_size == 0
    assert not any(
        SECRET in bytes(page[0])
        for page in vault.rows("SELECT content FROM thing UNION ALL SELECT x''")
    )


def test_a_transaction_is_all_or_nothing(vault: Vault) -> None:
    add_table(vault)

    def breaking_off() -> None:
        with vault.transaction():
            vault.run("INSERT INTO thing VALUES (1, NULL)")
            with vault.transaction():
                vault.run("INSERT INTO thing VALUES (2, NULL)")
            raise KeyError

    with pytest.raises(KeyError):
        breaking_off()
    assert vault.rows("SELECT * FROM thing") == []


def test_an_inner_transaction_ends_with_the_outer_one(vault: Vault) -> None:
    add_table(vault)

    with vault.transaction():
        with vault.transaction():
            vault.run("INSERT INTO thing VALUES (1, NULL)")
        vault.run("INSERT INTO thing VALUES (2, NULL)")
    again = reopened(vault)
    assert again.rows("SELECT number FROM thing") == [(1,), (2,)]
    again.close()


def test_a_full_disk_is_said_and_what_stood_stands(vault: Vault) -> None:
    add_table(vault)
    vault.run("INSERT INTO thing VALUES (1, NULL)")
    pages = vault.row("PRAGMA page_count")
    assert pages is not None
    vault.rows(f"PRAGMA max_page_count = {pages[0] + 2}")

    with pytest.raises(VaultFullError):
        vault.run("INSERT INTO thing VALUES (2, ?)", bytes(100_000))
    assert vault.rows("SELECT number FROM thing") == [(1,)]


def test_a_flipped_bit_in_any_page_is_found(vault: Vault) -> None:
    add_table(vault)
    vault.run("INSERT INTO thing VALUES (1, ?)", bytes(50_000))
    vault.check()
    vault.close()
    path = vault.directory / DATABASE_NAME
    sound = path.read_bytes()

    for position in range(5_000, len(sound), 17_001):
        path.write_bytes(sound[:position] + bytes([sound[position] ^ 1]) + sound[position + 1 :])
        with pytest.raises(VaultDamagedError), opened_again(vault) as damaged:
            damaged.check()


def opened_again(vault: Vault) -> Vault:
    return reopened(vault)


def test_a_key_that_is_not_the_database_s_is_damage(vault: Vault) -> None:
    vault.close()
    lock = VaultLock(vault.directory)

    with pytest.raises(VaultDamagedError):
        Vault(vault.directory, b"k" * 32, lock)
    lock.release()


def test_our_own_mistakes_are_not_called_damage(vault: Vault) -> None:
    add_table(vault)
    vault.run("INSERT INTO thing VALUES (1, NULL)")

    with pytest.raises(sqlcipher3.IntegrityError):
        vault.run("INSERT INTO thing VALUES (1, NULL)")
    with pytest.raises(VaultError):
        vault.run("SELECT * FROM no_such_table")


def test_closing_twice_does_no_harm(vault: Vault) -> None:
    vault.close()
    vault.close()


def test_the_library_prints_nothing_about_a_damaged_file(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(bytes(range(256)) * 32)
    program = (
        "import sys; from pathlib import Path\n"
        "from silent_courier.storage.vault.database import Vault\n"
        "from silent_courier.storage.vault.lock import VaultLock\n"
        "try: Vault(Path(sys.argv[1]), b'k' * 32, VaultLock(Path(sys.argv[1])))\n"
        "except Exception as error: print(type(error).__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("VaultDamagedError\n", "")


def test_while_it_stands_still_the_file_does_not_change_and_everything_goes_on(
    vault: Vault,
) -> None:
    add_table(vault)
    vault.run("INSERT INTO thing VALUES (1, ?)", SECRET)
    with vault.standing_still():
        before = vault.path.read_bytes()
        began = time.monotonic()
        for number in range(2, 40):
            # More than SQLite leaves in the journal by itself.
            vault.run("INSERT INTO thing VALUES (?, ?)", number, bytes(200_000))
        vault.run("DELETE FROM thing WHERE number = 1")
        vault.forget()
        assert time.monotonic() - began < 4  # nobody waits for anybody
        assert vault.path.read_bytes() == before
        (vault.directory / "copy.sqlite").write_bytes(before)
    assert vault.path.read_bytes() != before
    assert (vault.directory / f"{DATABASE_NAME}-wal").stat().st_size == 0
    copy = Vault(vault.directory, vault._key, vault._lock, "copy.sqlite")

    assert copy.rows("SELECT number FROM thing") == [(1,)]
    copy.check()
    copy.close_keeping_lock()


def test_a_vault_that_is_closed_while_it_stands_still_is_closed(vault: Vault) -> None:
    with vault.standing_still():
        vault.close()

    assert vault._key == b""
    reopened(vault).close()


def damage_the_end_of_a_long_text(vault: Vault) -> Vault:
    """Flip a bit of the last page of one; the vault opened again."""
    vault.forget()
    before = vault.path.stat().st_size
    add_table(vault)
    vault.run("INSERT INTO thing VALUES (1, ?)", b"x" * 40_000)
    vault.run("INSERT INTO thing VALUES (2, ?)", b"short")
    vault.close()
    content = bytearray(vault.path.read_bytes())
    assert len(content) > before
    content[-2048] ^= 1
    vault.path.write_bytes(content)
    return open_vault(vault.directory, PASSPHRASE)


def test_an_altered_page_is_known_before_anything_is_read_of_it(vault: Vault) -> None:
    assert not vault.damaged
    again = damage_the_end_of_a_long_text(vault)

    assert again.damaged
    again.close()


def test_what_is_not_altered_is_read_and_written_on(vault: Vault) -> None:
    again = damage_the_end_of_a_long_text(vault)
    for _ in range(2):
        with suppress(VaultDamagedError):
            # Or as zeros: SQLCipher does not say so of every page.
            assert again.row("SELECT content FROM thing WHERE number = 1") != (b"x" * 40_000,)
        assert again.row("SELECT content FROM thing WHERE number = 2") == (b"short",)
    with suppress(VaultDamagedError):
        again.run("INSERT INTO thing VALUES (3, ?)", b"lost, and the connection made anew")
    with again.transaction():
        again.run("INSERT INTO thing VALUES (4, ?)", b"new")
    assert again.row("SELECT content FROM thing WHERE number = 4") == (b"new",)
    again.close()


def test_where_nothing_can_be_read_any_more_it_is_damage_that_is_told(vault: Vault) -> None:
    again = damage_the_end_of_a_long_text(vault)
    sound = again.path.read_bytes()
    again.path.write_bytes(b"x" * len(sound))
    for number in (1, 2):
        with pytest.raises(VaultDamagedError):
            again.rows("SELECT content FROM thing WHERE number >= ?", number)
    again.close()


ON_A_FULL_DISK = """
import sys
from pathlib import Path
from silent_courier.protocol.errors import VaultFullError
from silent_courier.storage.vault import open_vault
from tests.unit.storage.vault.kit import PASSPHRASE, new_vault
directory = Path(sys.argv[1], "vault")
vault = new_vault(directory)
vault.run("UPDATE self SET label = ?", "x" * 100_000)
vault.close()
with Path(sys.argv[1], "ballast").open("ab", buffering=0) as file:
    for piece in (65536, 4096, 1):
        try:
            while True:
                file.write(bytes(piece))
        except OSError:
            pass
with open_vault(directory, PASSPHRASE) as full:
    assert full.row("SELECT label FROM self") == ("x" * 100_000,)
    try:
        full.run("UPDATE self SET label = ?", "y" * 300_000)
    except VaultFullError:
        print("full")
    assert full.row("SELECT label FROM self") == ("x" * 100_000,)
"""


def test_on_a_full_disk_a_vault_opens_and_is_read(tmp_path: Path) -> None:
    mount = f"mount -t tmpfs -o size=4m,mode=0700 courier '{tmp_path}' && exec \"$@\""
    rights = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    before = ("unshare", "--mount", *rights, "sh", "-c", mount, "sh")
    command = (sys.executable, "-c", ON_A_FULL_DISK, str(tmp_path))
    done = subprocess.run((*before, *command), capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("full\n", "")
