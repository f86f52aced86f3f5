from silent_courier.storage.vault import Vault, disputes
from tests.unit.storage.vault.kit import SOURCE, file_letter, letter_name


def quarantined(vault: Vault, number: int) -> bytes:
    vault.run(
        "INSERT INTO letter (hash, arrival, state) VALUES (?, 1, 'quarantined')",
        letter_name(number),
    )
    return letter_name(number)


def test_a_thread_is_disputed_until_a_person_chooses(vault: Vault) -> None:
    filed, other = file_letter(vault, 1), quarantined(vault, 2)
    disputes.contest(vault, other, SOURCE)
    assert disputes.contesting(vault, SOURCE) == [other]
    assert disputes.disputed(vault) == {SOURCE}
    assert not disputes.is_settled(vault, SOURCE)
    disputes.settle(vault, SOURCE, filed)

    assert disputes.contesting(vault, SOURCE) == []
    assert disputes.disputed(vault) == frozenset()
    assert disputes.is_settled(vault, SOURCE)


def test_other_threads_are_not_disputed(vault: Vault) -> None:
    disputes.contest(vault, quarantined(vault, 2), b"T" * 32)

    assert disputes.contesting(vault, SOURCE) == []
    assert not disputes.is_settled(vault, SOURCE)
