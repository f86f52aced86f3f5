from silent_courier.storage.vault import Vault, digests
from silent_courier.storage.vault.digests import DayDigest
from tests.unit.storage.vault.kit import TODAY


def said(device: int, day: int, count: int = 1) -> DayDigest:
    return DayDigest(device, day, count, b"d" * 32, b"p" * 8)


def test_the_last_word_of_a_device_for_a_day_counts(vault: Vault) -> None:
    for digest in (said(4, TODAY), said(4, TODAY, 2), said(8, TODAY)):
        digests.keep(vault, digest)

    assert digests.between(vault, TODAY, TODAY) == [said(4, TODAY, 2), said(8, TODAY)]


def test_old_ones_are_forgotten(vault: Vault) -> None:
    for day in (TODAY - 1, TODAY):
        digests.keep(vault, said(4, day))
    digests.drop_before(vault, TODAY)

    assert digests.between(vault, 0, TODAY) == [said(4, TODAY)]


def test_what_was_told_never_goes_back(vault: Vault) -> None:
    assert digests.digested(vault) == 0
    digests.set_digested(vault, TODAY)
    digests.set_digested(vault, TODAY - 1)

    assert digests.digested(vault) == TODAY
