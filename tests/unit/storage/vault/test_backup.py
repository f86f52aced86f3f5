"""A backup holds what a handler would miss, and nothing that makes two devices of one."""

import io
import os
import tarfile
from pathlib import Path

import pytest

from silent_courier.protocol.errors import (
    VaultDamagedError,
    VaultExistsError,
    WrongPassphraseError,
)
from silent_courier.protocol.thread import ThreadKey
from silent_courier.storage.vault import (
    Vault,
    changes,
    day_keys,
    drafts,
    identity,
    open_vault,
    outbox,
    tags,
    threads,
)
from silent_courier.storage.vault.backup import KEPT, LEFT_OUT, restore, write_backup
from silent_courier.storage.vault.changes import KeptChange
from silent_courier.storage.vault.chunks import read_chunk, write_chunk
from silent_courier.storage.vault.threads import Entry
from tests.unit.storage.vault.kit import PASSPHRASE, SECRETS, SOURCE, TODAY, file_letter

SEAL = "bench ladder onion window copper ship"
NEW = "six other quite dull words"
CHUNK = b"c" * 32


@pytest.fixture
def backup(vault: Vault, tmp_path: Path) -> Path:
    file_letter(vault, 1)
    day_keys.make_missing(vault, [TODAY], os.urandom)
    identity.join(vault, b"o" * 32, 4)
    waiting = Entry(b"w" * 16, SOURCE, "reply", TODAY, 4, b'{"text":"Not sent"}')
    threads.add(vault, waiting, unread=False)
    outbox.add_cells(vault, waiting.id, [b"cell"])
    drafts.keep(vault, SOURCE, "reply", "Begun")
    tags.reserve(vault, SOURCE, ThreadKey(b"k" * 32, 1, 5), 3)
    for name in (b"u" * 16, b"v" * 16):
        changes.add(vault, KeptChange(name, SOURCE, TODAY, 1, 4, TODAY, b"{}"))
    outbox.add_letter(vault, b"u" * 16, b"{}")
    changes.set_standing(vault, SOURCE, b"{}", [b"T" * 32])
    write_chunk(vault.directory, CHUNK, b"sealed chunk")
    vault.close()
    out = tmp_path / "anna.backup"
    write_backup(vault.directory, PASSPHRASE, out, SEAL, os.urandom)
    return out


def test_threads_files_and_drafts_come_back_in_a_new_desk(backup: Path, tmp_path: Path) -> None:
    restore(backup, tmp_path / "new", SEAL, NEW, os.urandom)
    with open_vault(tmp_path / "new", NEW) as again:
        (summary,) = threads.summaries(again)
        assert (summary.source, summary.letters) == (SOURCE, 1)
        assert read_chunk(again.directory, CHUNK) == b"sealed chunk"
        again.check()


def test_nothing_of_the_old_device_comes_back(backup: Path, tmp_path: Path) -> None:
    restore(backup, tmp_path / "new", SEAL, NEW, os.urandom)
    with open_vault(tmp_path / "new", NEW) as again:
        fresh = identity.secrets(again)
        assert fresh.label == SECRETS.label
        assert len({fresh.signing_seed, fresh.client_seed, fresh.token, b"\0" * 32}) == 4
        assert SECRETS.signing_seed not in (fresh.signing_seed, fresh.client_seed, fresh.token)
        assert again.row("SELECT org_id, device FROM self") == (None, None)
        for table in LEFT_OUT:
            assert again.row(f"SELECT count(*) FROM {table}") == (0,), table
        assert again.rows("SELECT 1 FROM letter WHERE file_key IS NOT NULL OR sealed NOTNULL") == []


def test_an_answer_that_was_not_posted_comes_back_as_a_draft(backup: Path, tmp_path: Path) -> None:
    restore(backup, tmp_path / "new", SEAL, NEW, os.urandom)
    with open_vault(tmp_path / "new", NEW) as again:
        assert drafts.of_thread(again, SOURCE) == {"reply": "Not sent\n\nBegun"}
        assert threads.find_entry(again, b"w" * 16) is None


def test_a_change_that_no_colleague_was_told_of_does_not_come_back(
    backup: Path, tmp_path: Path
) -> None:
    restore(backup, tmp_path / "new", SEAL, NEW, os.urandom)
    with open_vault(tmp_path / "new", NEW) as again:
        assert [change.id for change in changes.of_thread(again, SOURCE)] == [b"v" * 16]
        # What is left stands anew when the desk is taken up.
        assert changes.unmerged(again) == [SOURCE]
        assert changes.same_matter(again) == {}


def test_every_table_is_either_kept_or_left_out(vault: Vault) -> None:
    rows = vault.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    tables = {row[0] for row in rows if not row[0].startswith(("sqlite_", "search_"))}
    assert tables == {*KEPT, *LEFT_OUT}
    assert not {*KEPT} & {*LEFT_OUT}


def test_the_vault_that_was_backed_up_goes_on_as_it_was(backup: Path, vault: Vault) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    with open_vault(vault.directory, PASSPHRASE) as again:
        assert identity.secrets(again) == SECRETS
        assert again.row("SELECT count(*) FROM day_key") == (1,)
        assert again.row("SELECT count(*) FROM outbox_cell") == (1,)
    assert not (vault.directory / "backup.tmp").exists()


def test_only_its_own_seal_opens_a_backup_and_no_word_of_it_is_readable(
    backup: Path, tmp_path: Path
) -> None:
    for wrong in (PASSPHRASE, NEW, ""):
        with pytest.raises(WrongPassphraseError):
            restore(backup, tmp_path / "new", wrong, NEW, os.urandom)
    assert not (tmp_path / "new" / "vault.json").exists()
    content = backup.read_bytes()
    for word in (b"Not sent", SECRETS.label.encode(), SECRETS.signing_seed, SOURCE):
        assert word not in content


def test_a_desk_is_never_restored_over_another(backup: Path, vault: Vault) -> None:
    with pytest.raises(VaultExistsError):
        restore(backup, vault.directory, SEAL, NEW, os.urandom)


@pytest.mark.parametrize("spoil", ["cut", "flip", "empty", "text", "path", "link", "no database"])
def test_what_is_no_whole_backup_is_refused(backup: Path, tmp_path: Path, spoil: str) -> None:
    content = bytearray(backup.read_bytes())
    if spoil == "cut":
        content = content[: len(content) // 2]
    elif spoil == "flip":
        content[content.index(b"SQLite") if b"SQLite" in content else 6000] ^= 1
    elif spoil == "empty":
        content = bytearray()
    elif spoil == "text":
        content = bytearray(b"Dear Anna" * 1000)
    else:
        content = bytearray(_with(backup, spoil))
    backup.write_bytes(content)
    with pytest.raises(VaultDamagedError):
        restore(backup, tmp_path / "new", SEAL, NEW, os.urandom)
    assert not (tmp_path / "new" / "vault.json").exists()
    assert not (tmp_path / "outside").exists()


def _with(backup: Path, spoil: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(backup) as given, tarfile.open(fileobj=out, mode="w") as made:
        for member in given:
            if spoil != "no database" or member.name != "vault.sqlite":
                made.addfile(member, given.extractfile(member))
        if spoil != "no database":
            evil = tarfile.TarInfo("../outside" if spoil == "path" else "chunks/aa/aabb")
            if spoil == "link":
                evil.type, evil.linkname = tarfile.SYMTYPE, "/etc/passwd"
            made.addfile(evil, io.BytesIO())
    return out.getvalue()
