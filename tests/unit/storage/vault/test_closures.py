from silent_courier.storage.vault import Vault, closures
from silent_courier.storage.vault.closures import Absence
from tests.unit.storage.vault.kit import TODAY

CHARTER, NEXT = b"c" * 32, b"n" * 32


def test_the_latest_counts(vault: Vault) -> None:
    assert closures.current(vault) is None
    closures.keep(vault, Absence(TODAY, TODAY + 7))
    closures.keep(vault, Absence(TODAY, TODAY + 3))

    assert closures.current(vault) == Absence(TODAY, TODAY + 3)


def test_it_is_stated_once_under_each_charter(vault: Vault) -> None:
    absence = Absence(TODAY, TODAY + 7)
    closures.keep(vault, absence)
    assert closures.unstated(vault, CHARTER) == absence
    closures.mark_stated(vault, absence, CHARTER)

    assert closures.unstated(vault, CHARTER) is None
    assert closures.unstated(vault, NEXT) == absence


def test_what_was_said_meanwhile_is_still_to_be_stated(vault: Vault) -> None:
    closures.keep(vault, Absence(TODAY, TODAY + 7))
    closures.keep(vault, Absence(TODAY, TODAY - 1))
    closures.mark_stated(vault, Absence(TODAY, TODAY + 7), CHARTER)

    assert closures.unstated(vault, CHARTER) == Absence(TODAY, TODAY - 1)
