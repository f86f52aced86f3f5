from silent_courier.storage.vault import Vault, beats
from silent_courier.storage.vault.beats import LastBeat
from tests.unit.storage.vault.kit import reopened


def test_a_vault_without_a_beat_says_so(vault: Vault) -> None:
    assert beats.last(vault) == LastBeat()
    assert LastBeat().slot == -1


def test_the_last_beat_survives_the_program(vault: Vault) -> None:
    beats.set_last(vault, LastBeat(1, 2.5, 3.5, 4, 5))
    beats.set_last(vault, LastBeat(6, 7.25, 8.5, 9, 10))
    again = reopened(vault)
    assert beats.last(again) == LastBeat(6, 7.25, 8.5, 9, 10)
    again.close()
