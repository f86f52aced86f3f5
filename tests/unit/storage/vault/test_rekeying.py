"""A change of passphrase: whole, and whole when it is broken off anywhere."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from silent_courier.protocol.errors import (
    VaultDamagedError,
    VaultFullError,
    VaultInUseError,
    VaultMissingError,
    WrongPassphraseError,
)
from silent_courier.storage.vault import Vault, drafts, identity, open_vault
from silent_courier.storage.vault.opening import HEADER_NAME
from silent_courier.storage.vault.rekeying import change_passphrase
from tests.unit.storage.vault.kit import PASSPHRASE, SECRETS, SOURCE, file_letter

NEW = "six other quite dull words"


def databases(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.glob("vault*.sqlite*"))


def test_the_new_passphrase_opens_all_of_it_and_the_old_nothing(vault: Vault) -> None:
    file_letter(vault, 1)
    drafts.keep(vault, SOURCE, "reply", "Спасибо")
    vault.close()
    old_header = (vault.directory / HEADER_NAME).read_bytes()
    change_passphrase(vault.directory, PASSPHRASE, NEW, os.urandom)

    with pytest.raises(WrongPassphraseError):
        open_vault(vault.directory, PASSPHRASE)
    with open_vault(vault.directory, NEW) as again:
        assert identity.secrets(again) == SECRETS
        assert drafts.of_thread(again, SOURCE) == {"reply": "Спасибо"}
        again.check()
        assert len([name for name in databases(vault.directory) if name.endswith("sqlite")]) == 1
    change_passphrase(vault.directory, NEW, PASSPHRASE, os.urandom)
    open_vault(vault.directory, PASSPHRASE).close()

    # Whoever kept the first header and learns its passphrase opens nothing with it any more.
    (vault.directory / HEADER_NAME).write_bytes(old_header)
    with pytest.raises(VaultDamagedError):
        open_vault(vault.directory, PASSPHRASE)


def test_a_wrong_passphrase_or_an_open_vault_changes_nothing(vault: Vault, tmp_path: Path) -> None:
    before = (vault.directory / HEADER_NAME).read_bytes()
    with pytest.raises(VaultInUseError):
        change_passphrase(vault.directory, PASSPHRASE, NEW, os.urandom)
    vault.close()
    with pytest.raises(WrongPassphraseError):
        change_passphrase(vault.directory, NEW, "something else", os.urandom)
    with pytest.raises(VaultMissingError):
        change_passphrase(tmp_path, PASSPHRASE, NEW, os.urandom)
    assert (vault.directory / HEADER_NAME).read_bytes() == before
    open_vault(vault.directory, PASSPHRASE).close()


def test_a_full_disk_changes_nothing(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.close()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(VaultFullError):
        change_passphrase(vault.directory, PASSPHRASE, NEW, os.urandom)
    monkeypatch.undo()
    assert databases(vault.directory) == ["vault.sqlite"]
    open_vault(vault.directory, PASSPHRASE).close()


KILLED = """
import os, sys
from pathlib import Path
from silent_courier.storage.vault.rekeying import change_passphrase
at, seen = int(sys.argv[4]), 0
def trace(frame, event, _):
    global seen
    if "silent_courier/storage" not in frame.f_code.co_filename:
        return None
    seen += event == "line"
    if seen == at:
        os.kill(os.getpid(), 9)
    return trace
sys.settrace(trace)
change_passphrase(Path(sys.argv[1]), sys.argv[2], sys.argv[3], os.urandom)
"""


def test_killed_at_any_line_the_old_or_the_new_passphrase_opens(vault: Vault) -> None:
    file_letter(vault, 1)
    vault.close()
    current, other, deaths, at = PASSPHRASE, NEW, 0, 1
    while True:
        arguments = [str(vault.directory), current, other, str(at)]
        ended = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)
        opened = []
        for passphrase in (PASSPHRASE, NEW):
            try:
                with open_vault(vault.directory, passphrase) as again:
                    assert again.row("SELECT count(*) FROM entry") == (1,)
                    opened.append(passphrase)
            except WrongPassphraseError:
                continue
        assert len(opened) == 1
        current = opened[0]
        other = NEW if current == PASSPHRASE else PASSPHRASE
        assert len([n for n in databases(vault.directory) if n.endswith("sqlite")]) == 1
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL
        deaths += 1
        # Every line would be many processes; every seventh is enough to meet each step.
        at += 7
    assert deaths > 10
