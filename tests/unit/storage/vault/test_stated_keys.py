from silent_courier.storage.vault import Vault, stated_keys
from tests.unit.storage.vault.kit import TODAY


def test_a_second_key_for_a_day_differs_and_the_first_stays(vault: Vault) -> None:
    assert not stated_keys.differs(vault, 4, TODAY, b"a" * 32)
    assert stated_keys.differs(vault, 4, TODAY, b"b" * 32)
    assert not stated_keys.differs(vault, 4, TODAY, b"a" * 32)


def test_another_day_or_device_has_another_key(vault: Vault) -> None:
    assert not stated_keys.differs(vault, 4, TODAY, b"a" * 32)
    assert not stated_keys.differs(vault, 4, TODAY + 1, b"b" * 32)
    assert not stated_keys.differs(vault, 8, TODAY, b"c" * 32)


def test_old_days_are_forgotten(vault: Vault) -> None:
    stated_keys.differs(vault, 4, TODAY, b"a" * 32)
    stated_keys.drop_before(vault, TODAY + 1)

    assert vault.rows("SELECT 1 FROM stated_key") == []
