import pytest

from silent_courier.protocol.errors import VaultTooNewError
from silent_courier.storage.vault import Vault
from silent_courier.storage.vault.schema import STEPS, bring_up_to_date
from tests.unit.storage.vault.kit import reopened


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


def test_every_table_checks_its_types(vault: Vault) -> None:
    rows = vault.rows("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")

    loose = [name for name, strict in rows if not strict and not name.startswith("sqlite_")]
    assert loose == []
