import time

import pytest

from silent_courier.protocol.errors import VaultTooNewError
from silent_courier.storage.vault import Vault
from silent_courier.storage.vault.schema import STEPS, bring_up_to_date
from tests.unit.storage.vault.kit import letter_name, reopened


def test_a_new_vault_has_taken_every_step(vault: Vault) -> None:
    assert vault.row("PRAGMA user_version") == (len(STEPS),)


def test_a_vault_of_a_newer_program_is_left_alone(vault: Vault) -> None:
    vault.run(f"PRAGMA user_version = {len(STEPS) + 1}")

    with pytest.raises(VaultTooNewError):
        reopened(vault)


def test_bringing_up_to_date_again_changes_nothing(vault: Vault) -> None:
    before = vault.rows("SELECT name, sql FROM sqlite_master ORDER BY name")
    bring_up_to_date(vault)

    assert vault.rows("SELECT name, sql FROM sqlite_master ORDER BY name") == before


def begin_again(vault: Vault, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vault as the program made it that knew so many steps, with nothing in it."""
    for (name,) in vault.rows(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type != 'shadow'"
        " AND name NOT LIKE 'sqlite_%'"
    ):
        vault.run(f"DROP TABLE {name}")
    vault.run("PRAGMA user_version = 0")
    with monkeypatch.context() as patched:
        patched.setattr("silent_courier.storage.vault.schema.STEPS", STEPS[:steps])
        bring_up_to_date(vault)


def test_a_vault_of_the_first_program_is_brought_up_to_date_with_what_it_holds(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_again(vault, 1, monkeypatch)
    name = letter_name(1)
    vault.run("INSERT INTO letter (hash, day, arrival, state) VALUES (?, 1, 2, 'listed')", name)
    bring_up_to_date(vault)

    assert vault.row("PRAGMA user_version") == (len(STEPS),)
    assert vault.row("SELECT hash, seen FROM letter") == (name, 2)


def test_every_table_checks_its_types(vault: Vault) -> None:
    rows = vault.rows(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
    )

    loose = [name for name, strict in rows if not strict and not name.startswith("sqlite_")]
    assert loose == []


def test_what_was_set_before_own_days_were_written_down_counts_from_the_upgrade(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = next(number for number, step in enumerate(STEPS) if "ADD COLUMN filed" in step)
    today = int(time.time()) // 86_400
    begin_again(vault, step, monkeypatch)
    for number, day in enumerate((today - 400, today + 9)):
        vault.run(
            "INSERT INTO change (id, source, day, clock, device, payload)"
            " VALUES (?, x'53', ?, 1, 4, x'7b7d')",
            bytes([number]),
            day,
        )
    bring_up_to_date(vault)

    early, ahead = (row[0] for row in vault.rows("SELECT filed FROM change ORDER BY day"))
    assert today <= early <= today + 1
    assert ahead == today + 9
