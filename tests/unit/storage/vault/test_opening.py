import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from silent_courier.protocol.errors import (
    VaultDamagedError,
    VaultError,
    VaultExistsError,
    VaultInUseError,
    VaultMissingError,
    WrongPassphraseError,
)
from silent_courier.storage.vault import Vault, create_vault, identity, open_vault
from silent_courier.storage.vault.backup import take_copy
from silent_courier.storage.vault.database import DATABASE_NAME
from silent_courier.storage.vault.opening import (
    HEADER_NAME,
    derive,
    draw,
    lost_its_header,
    open_derived,
)
from silent_courier.storage.vault.rekeying import change_passphrase
from tests.unit.storage.vault.kit import PASSPHRASE, QUICK, SECRETS, new_vault, reopened


def test_a_vault_holds_its_secrets_across_programs(vault: Vault) -> None:
    again = reopened(vault)

    assert identity.secrets(again) == SECRETS
    again.close()


def test_a_wrong_passphrase_is_told_apart_from_damage(vault: Vault) -> None:
    vault.close()

    with pytest.raises(WrongPassphraseError):
        open_vault(vault.directory, "ten dull green word")
    open_vault(vault.directory, PASSPHRASE).close()


def test_no_vault_is_said(tmp_path: Path) -> None:
    with pytest.raises(VaultMissingError):
        open_vault(tmp_path, PASSPHRASE)
    with pytest.raises(VaultMissingError):
        open_vault(tmp_path / "none", PASSPHRASE)


def test_a_vault_is_never_overwritten(vault: Vault) -> None:
    vault.close()

    with pytest.raises(VaultExistsError):
        new_vault(vault.directory)
    open_vault(vault.directory, PASSPHRASE).close()


def test_two_programs_on_one_vault_are_refused(vault: Vault) -> None:
    with pytest.raises(VaultInUseError):
        open_vault(vault.directory, PASSPHRASE)
    with pytest.raises(VaultInUseError):
        new_vault(vault.directory)


def test_a_refused_opening_does_not_keep_the_lock(vault: Vault) -> None:
    vault.close()
    for _ in range(2):
        with pytest.raises(WrongPassphraseError):
            open_vault(vault.directory, "no")

    open_vault(vault.directory, PASSPHRASE).close()


def test_a_database_cut_short_anywhere_is_damage(vault: Vault) -> None:
    vault.run("UPDATE self SET label = ?", "x" * 20_000)
    vault.close()
    path = vault.directory / DATABASE_NAME
    sound = path.read_bytes()

    for length in (0, 1, 16, 100, 4096, 5000, len(sound) // 2, len(sound) - 4096, len(sound) - 1):
        path.write_bytes(sound[:length])
        with (
            pytest.raises(VaultDamagedError),
            open_vault(vault.directory, PASSPHRASE) as damaged,
        ):
            damaged.check()
    path.write_bytes(sound)
    open_vault(vault.directory, PASSPHRASE).close()


def test_a_missing_database_is_damage_and_not_a_new_vault(vault: Vault) -> None:
    vault.close()
    (vault.directory / DATABASE_NAME).unlink()

    with pytest.raises(VaultDamagedError):
        open_vault(vault.directory, PASSPHRASE)


def test_a_damaged_header_is_damage_and_not_a_wrong_passphrase(vault: Vault) -> None:
    vault.close()
    path = vault.directory / HEADER_NAME
    path.write_bytes(path.read_bytes().replace(b'"passes":1', b'"passes":2'))

    with pytest.raises(VaultDamagedError):
        open_vault(vault.directory, PASSPHRASE)


def test_a_vault_whose_making_broke_off_can_be_made_again(tmp_path: Path) -> None:
    vault = new_vault(tmp_path)
    vault.close()
    (tmp_path / HEADER_NAME).unlink()

    again = new_vault(tmp_path)
    assert identity.secrets(again) == SECRETS
    again.close()


def test_a_vault_that_lost_its_header_is_set_aside_and_can_come_back(vault: Vault) -> None:
    vault.close()
    header = (vault.directory / HEADER_NAME).read_bytes()
    sound = vault.path.read_bytes()
    assert not lost_its_header(vault.directory)
    (vault.directory / HEADER_NAME).unlink()
    assert lost_its_header(vault.directory)
    new_vault(vault.directory).close()
    open_vault(vault.directory, PASSPHRASE).close()

    (aside,) = vault.directory.glob("aside-*")
    assert aside.read_bytes() == sound
    (vault.directory / HEADER_NAME).write_bytes(header)
    aside.rename(vault.path)
    open_vault(vault.directory, PASSPHRASE).close()


def test_a_directory_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    directory = tmp_path / "open"
    directory.mkdir(mode=0o755)
    old = os.umask(0)
    try:
        vault = new_vault(directory)
    finally:
        os.umask(old)

    modes = {path.stat().st_mode & 0o777 for path in directory.iterdir()}
    assert directory.stat().st_mode & 0o777 == 0o700
    assert modes == {0o600}
    vault.close()


def test_a_directory_that_cannot_be_made_is_a_vault_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(VaultError):
        create_vault(tmp_path / "file" / "vault", PASSPHRASE, SECRETS, os.urandom, kdf=QUICK)


def test_what_a_crash_left_in_the_journal_is_gone_once_the_vault_is_opened(vault: Vault) -> None:
    """Killed between deleting a day key and emptying the journal, which still holds it."""
    vault.run("INSERT INTO day_key (day, seed) VALUES (1, ?)", b"D" * 32)
    vault.close()
    dying = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from silent_courier.storage.vault import Vault, day_keys, open_vault\n"
        "vault = open_vault(Path(sys.argv[1]), sys.argv[2])\n"
        "Vault.forget = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "day_keys.destroy_old(vault, 100)\n"
    )
    arguments = (sys.executable, "-c", dying, str(vault.directory), PASSPHRASE)
    assert subprocess.run(arguments, check=False).returncode == -signal.SIGKILL
    journal = vault.directory / f"{DATABASE_NAME}-wal"
    assert journal.stat().st_size > 0

    with open_vault(vault.directory, PASSPHRASE) as again:
        assert again.row("SELECT 1 FROM day_key") is None
        assert journal.stat().st_size == 0


def test_a_copy_that_a_killed_backup_left_behind_goes_at_the_next_opening(vault: Vault) -> None:
    take_copy(vault)
    (place,) = (path for path in vault.directory.iterdir() if path.is_dir())
    assert list(place.iterdir()) != []
    reopened(vault).close()

    assert not place.exists()


def test_a_key_that_was_derived_before_opens_the_vault(vault: Vault) -> None:
    derived = derive(vault.directory, PASSPHRASE)
    with pytest.raises(VaultInUseError):
        open_derived(vault.directory, derived)
    vault.close()

    with open_derived(vault.directory, derived) as again:
        assert identity.secrets(again) == SECRETS
    with pytest.raises(WrongPassphraseError):
        derive(vault.directory, "wrong")
    with pytest.raises(VaultMissingError):
        derive(vault.directory / "none", PASSPHRASE)


def test_a_key_from_before_a_change_of_passphrase_opens_nothing_and_lets_others_in(
    vault: Vault,
) -> None:
    derived = derive(vault.directory, PASSPHRASE)
    vault.close()
    change_passphrase(vault.directory, PASSPHRASE, "another passphrase", os.urandom)
    with pytest.raises(VaultInUseError):
        open_derived(vault.directory, derived)

    open_vault(vault.directory, "another passphrase").close()


def test_a_vault_is_made_with_a_key_that_was_drawn_before(tmp_path: Path) -> None:
    made = draw(PASSPHRASE, QUICK, os.urandom)
    create_vault(tmp_path / "v", "not looked at", SECRETS, os.urandom, derived=made).close()

    open_vault(tmp_path / "v", PASSPHRASE).close()
