from silent_courier.storage.vault import Vault, settings
from tests.unit.storage.vault.kit import reopened


def test_a_setting_is_there_again_after_the_program_ended(vault: Vault) -> None:
    assert settings.value_of(vault, "language", "en") == "en"
    settings.keep(vault, "language", "ru")
    settings.keep(vault, "language", "en")
    settings.keep(vault, "language", "ru")

    again = reopened(vault)
    assert settings.value_of(again, "language") == "ru"
    assert settings.value_of(again, "other") == ""
    again.close()
