import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from silent_courier.protocol.errors import VaultError, VaultInUseError
from silent_courier.storage.vault.lock import LOCK_NAME, VaultLock

HOLD = (
    "import sys, time; from pathlib import Path;"
    "from silent_courier.storage.vault.lock import VaultLock;"
    "lock = VaultLock(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
)


def test_two_locks_on_one_vault_are_refused(tmp_path: Path) -> None:
    lock = VaultLock(tmp_path)

    with pytest.raises(VaultInUseError):
        VaultLock(tmp_path)
    lock.release()
    VaultLock(tmp_path).release()


def test_the_lock_file_is_private(tmp_path: Path) -> None:
    lock = VaultLock(tmp_path)

    assert (tmp_path / LOCK_NAME).stat().st_mode & 0o777 == 0o600
    lock.release()


def test_another_program_keeps_the_vault_until_it_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(VaultInUseError):
            VaultLock(tmp_path)
        os.kill(holder.pid, signal.SIGKILL)
    VaultLock(tmp_path).release()


def test_a_missing_directory_is_a_vault_error(tmp_path: Path) -> None:
    with pytest.raises(VaultError):
        VaultLock(tmp_path / "none")
