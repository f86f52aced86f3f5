import threading
import time
from pathlib import Path

import pytest

from silent_courier.cli import desk_session
from silent_courier.cli.desk_session import opened, tell_report
from silent_courier.desk import SyncReport
from silent_courier.protocol.errors import VaultInUseError
from silent_courier.storage.vault import drafts, open_vault
from silent_courier.storage.vault.lock import VaultLock
from tests.unit.cli.conftest import PASSPHRASE, Courier


def report(
    *, letters: int = 0, not_opened: int = 0, expires_in_days: int = 300, troubles: str = ""
) -> SyncReport:
    return SyncReport(
        letters=letters,
        covers=9,
        colleague_letters=0,
        resealed=0,
        quarantined=0,
        not_opened=not_opened,
        cells_posted=0,
        letters_posted=0,
        waiting=0,
        chunks=0,
        attachments=0,
        expires_in_days=expires_in_days,
        troubles=(troubles,) if troubles else (),
    )


@pytest.fixture
def desk(courier: Courier, tmp_path: Path) -> Path:
    (tmp_path / "p").write_text(PASSPHRASE, encoding="utf-8")
    courier("desk", "init", tmp_path / "d", "--label", "A", "--passphrase-file", tmp_path / "p")
    return tmp_path / "d"


def test_a_vault_that_is_in_use_for_a_moment_is_waited_for(desk: Path, tmp_path: Path) -> None:
    timer = threading.Timer(0.5, VaultLock(desk).release)
    timer.start()
    start = time.monotonic()
    with opened(desk, tmp_path / "p"):
        assert time.monotonic() - start > 0.4
    timer.join()


def test_a_vault_that_stays_in_use_is_an_error(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_session, "_PATIENCE_S", 0.3)
    with (
        open_vault(desk, PASSPHRASE),
        pytest.raises(VaultInUseError),
        opened(desk, tmp_path / "p"),
    ):
        pass


def damage_a_draft(directory: Path, secret: Path) -> None:
    """Keep a long one, and flip a bit of its last page."""
    with opened(directory, secret) as desk:
        drafts.keep(desk.vault, bytes(32), "note", "x" * 100_000)
        path = desk.vault.path
    content = bytearray(path.read_bytes())
    content[-2048] ^= 1
    path.write_bytes(content)


def test_a_damaged_vault_is_told_before_anything_is_shown_of_it(
    desk: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with opened(desk, tmp_path / "p"):
        assert capfd.readouterr().err == ""
    damage_a_draft(desk, tmp_path / "p")
    with opened(desk, tmp_path / "p"):
        assert capfd.readouterr().err == f"{desk_session.DAMAGED}\n"


def test_covers_and_zeros_are_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    tell_report(report())
    assert capsys.readouterr().err == "Synced: nothing new.\n"


def test_letters_that_were_not_opened_are_told_with_why(capsys: pytest.CaptureFixture[str]) -> None:
    tell_report(report(not_opened=61))
    said = "Synced: 61 letters not opened.\n"
    assert capsys.readouterr().err == f"{said}{desk_session.NOT_OPENED}\n"


def test_troubles_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    tell_report(report(letters=2, troubles="A trouble."))
    assert capsys.readouterr().err == "Synced: 2 new letters.\n  A trouble.\n"


@pytest.mark.parametrize(
    ("days", "said"), [(61, None), (60, "Have it renewed"), (15, "Have it"), (14, "NOW")]
)
def test_the_end_of_a_charter_is_told_twice_in_time(
    days: int, said: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_report(report(expires_in_days=days))
    err = capsys.readouterr().err
    assert (said in err) if said else ("ends in" not in err)
