from silent_courier.storage.vault import Vault, signed
from tests.unit.storage.vault.kit import TODAY


def test_letters_are_counted_by_device_and_for_one_day_alone(vault: Vault) -> None:
    for device in (4, 4, 8):
        signed.note_filed(vault, device, TODAY)
    assert [signed.filed_on(vault, device, TODAY) for device in (0, 4, 8)] == [0, 2, 1]
    signed.note_filed(vault, 4, TODAY + 1)

    assert [signed.filed_on(vault, 4, day) for day in (TODAY, TODAY + 1)] == [0, 1]
    assert vault.row("SELECT count(*) FROM signed") == (2,)
