from collections.abc import Callable
from pathlib import Path

import pytest

from silent_courier.organisation.fingerprint import parse_fingerprint
from silent_courier.protocol.access import RequestBody, encode_request, verify_access
from silent_courier.protocol.chain import parse_chain
from silent_courier.protocol.charter import verify_chain
from silent_courier.protocol.primitives import ed25519_public
from tests.unit.cli.conftest import Courier, Ran

PASSPHRASE = "correct horse battery"


def write_request(path: Path, label: str, number: int) -> Path:
    seed = bytes([number]) * 32
    body = RequestBody(
        label=label,
        signing_key=ed25519_public(seed).hex(),
        tor_client_key=f"{number + 100:064x}",
        token_hash=f"{number + 200:064x}",
    )
    path.write_bytes(encode_request(body, seed))
    return path


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n", encoding="utf-8")
    return path


@pytest.fixture
def org(tmp_path: Path, courier: Courier, secret: Path) -> Path:
    server = tmp_path / "server.json"
    server.write_text('{"portal":"127.0.0.1:1","desk":"127.0.0.1:2"}', encoding="utf-8")
    made = courier(
        *("org", "init", tmp_path / "org", "--name", "Sample Ombudsman"),
        *("--server", server, "--passphrase-file", secret),
    )
    assert made.code == 0, made.err
    for number, label in enumerate(("Anna", "Boris")):
        request = write_request(tmp_path / label, label, number + 1)
        assert courier("org", "enrol", tmp_path / "org", request).code == 0
    return tmp_path / "org"


@pytest.fixture
def issue(org: Path, courier: Courier, secret: Path, tmp_path: Path) -> Callable[..., Ran]:
    def call(*options: object) -> Ran:
        return courier(
            *("org", "charter", org, "--out", tmp_path / "charter"),
            *("--access", tmp_path / "access", "--passphrase-file", secret, *options),
        )

    return call


def test_a_charter_is_signed_and_shown(
    org: Path, courier: Courier, issue: Callable[..., Ran], tmp_path: Path
) -> None:
    ran = issue()
    assert ran.code == 0, ran.err
    shown = courier("org", "show", org, "--json").json
    chain = parse_chain((tmp_path / "charter").read_bytes())
    charter = verify_chain(chain, bytes.fromhex(shown["org_id"]))
    verify_access((tmp_path / "access").read_bytes(), charter)
    assert shown["serial"] == 1
    assert shown["expires_in_days"] == 365
    assert parse_fingerprint(shown["words"]).hex() == shown["org_id"]
    assert [h["label"] for h in shown["handlers"]] == ["Anna", "Boris"]
    assert shown["org_id"] in ran.out


def test_nothing_changed_signs_no_charter_and_asks_for_no_passphrase(
    org: Path, courier: Courier, issue: Callable[..., Ran], tmp_path: Path
) -> None:
    assert issue().code == 0
    before = (tmp_path / "charter").read_bytes()
    files = ("--out", tmp_path / "charter", "--access", tmp_path / "access")
    ran = courier("org", "charter", org, *files)
    assert ran.code == 68
    assert "Nothing has changed" in ran.err
    assert "--force" in ran.err
    assert (tmp_path / "charter").read_bytes() == before

    assert issue("--force").code == 0
    assert len(parse_chain((tmp_path / "charter").read_bytes())) == 2


def test_every_change_signs_a_charter(
    org: Path, courier: Courier, issue: Callable[..., Ran], tmp_path: Path
) -> None:
    moved = tmp_path / "moved.json"
    moved.write_text('{"portal":"127.0.0.1:3","desk":"127.0.0.1:4"}', encoding="utf-8")
    assert issue().code == 0
    for options in (("--cells-per-day", 10), ("--minimum-handlers", 1), ("--server", moved)):
        assert [issue(*options).code for _ in range(2)] == [0, 68]
    for change in (("renew", org, "--days", "400"), ("revoke", org, "Anna")):
        assert courier("org", *change).code == 0
        assert [issue().code for _ in range(2)] == [0, 68]


def test_the_access_list_is_private(issue: Callable[..., Ran], tmp_path: Path) -> None:
    issue()
    assert (tmp_path / "access").stat().st_mode & 0o777 == 0o600


def test_changes_are_told_before_the_passphrase_is_read(
    org: Path, courier: Courier, issue: Callable[..., Ran], tmp_path: Path
) -> None:
    issue()
    assert courier("org", "revoke", org, "Boris").code == 0
    courier("org", "enrol", org, write_request(tmp_path / "c", "Carla", 3))
    ran = issue("--passphrase-file", tmp_path / "access")
    assert ran.code != 0
    assert "leaves: Boris" in ran.err
    assert "joins: Carla" in ran.err
    assert courier("org", "show", org, "--json").json["serial"] == 1


def test_a_revocation_raises_the_generation(
    org: Path, courier: Courier, issue: Callable[..., Ran]
) -> None:
    issue()
    courier("org", "revoke", org, "1")
    issue()
    shown = courier("org", "show", org, "--json").json
    assert (shown["serial"], shown["generation"]) == (2, 2)
    assert shown["handlers"][1]["left_generation"] == 2
    assert "left" in courier("org", "show", org).out


def test_show_says_both_forms_of_the_fingerprint(
    org: Path, courier: Courier, issue: Callable[..., Ran]
) -> None:
    assert "no fingerprint" in courier("org", "show", org).out
    issue()
    text = courier("org", "show", org).out
    shown = courier("org", "show", org, "--json").json
    assert shown["org_id"] in text
    assert shown["words"] in text


def test_renewal_moves_the_expiry(org: Path, courier: Courier, issue: Callable[..., Ran]) -> None:
    issue()
    assert courier("org", "renew", org, "--days", 500).code == 0
    issue()
    assert courier("org", "show", org, "--json").json["expires_in_days"] == 500


def test_a_wrong_passphrase_is_told_and_nothing_is_written(
    issue: Callable[..., Ran], tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not the passphrase", encoding="utf-8")
    ran = issue("--passphrase-file", wrong)
    assert ran.code == 51
    assert "does not open the root key" in ran.err
    assert not (tmp_path / "charter").exists()


def test_a_short_new_passphrase_is_refused(courier: Courier, tmp_path: Path) -> None:
    (tmp_path / "short").write_text("short", encoding="utf-8")
    (tmp_path / "server.json").write_text('{"portal":"a","desk":"b"}', encoding="utf-8")
    ran = courier(
        *("org", "init", tmp_path / "o", "--name", "S", "--server", tmp_path / "server.json"),
        *("--passphrase-file", tmp_path / "short"),
    )
    assert ran.code == 2
    assert not (tmp_path / "o").exists()


def test_without_terminal_and_file_the_passphrase_is_an_error_of_usage(
    org: Path, courier: Courier, tmp_path: Path
) -> None:
    ran = courier(
        "org", "charter", org, "--out", tmp_path / "charter", "--access", tmp_path / "access"
    )
    assert ran.code == 2
    assert "--passphrase-file" in ran.err


def test_a_taken_label_hints_at_further_devices(
    org: Path, courier: Courier, tmp_path: Path
) -> None:
    again = write_request(tmp_path / "again", "Anna", 9)
    ran = courier("org", "enrol", org, again)
    assert ran.code == 64
    assert "--further-device" in ran.err
    ran = courier("org", "enrol", org, again, "--further-device")
    assert ran.code == 0
    assert "device 1" in ran.out


def test_the_last_handler_stays(org: Path, courier: Courier) -> None:
    assert courier("org", "revoke", org, "Anna").code == 0
    assert courier("org", "revoke", org, "Boris").code == 65


def test_too_many_cells_are_refused(issue: Callable[..., Ran]) -> None:
    assert issue("--cells-per-day", 25).code == 66
    assert issue("--cells-per-day", 24).code == 0


def test_a_directory_without_an_organisation_says_so(courier: Courier, tmp_path: Path) -> None:
    ran = courier("org", "show", tmp_path)
    assert ran.code == 61
    assert "There is no organisation" in ran.err


def test_a_name_with_an_invisible_character_is_refused(
    tmp_path: Path, courier: Courier, secret: Path
) -> None:
    server = tmp_path / "server.json"
    server.write_text('{"portal":"127.0.0.1:1","desk":"127.0.0.1:2"}', encoding="utf-8")
    ran = courier(
        *("org", "init", tmp_path / "new", "--name", "Sample\u200b Ombudsman"),
        *("--server", server, "--passphrase-file", secret),
    )
    assert ran.code == 2
    assert "nobody can see" in ran.err
    assert not (tmp_path / "new").exists()


def test_epochs_so_short_that_no_board_could_hold_them_are_refused_at_once(
    courier: Courier, tmp_path: Path
) -> None:
    (tmp_path / "server.json").write_text('{"portal":"127.0.0.1:1","desk":"127.0.0.1:2"}')
    ran = courier(
        *("org", "init", tmp_path / "org", "--name", "Sample"),
        *("--server", tmp_path / "server.json", "--epoch-seconds", 10),
    )
    assert ran.code == 2
    assert "--cell-life-epochs 720 1056" in ran.err
    assert not (tmp_path / "org").exists()
