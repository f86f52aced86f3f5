from silent_courier.storage.vault import Vault, openings
from silent_courier.storage.vault.openings import Openings
from tests.unit.storage.vault.kit import SOURCE, TODAY, file_letter, letter_name

FIRST, SECOND = letter_name(1)[16:], letter_name(2)[16:]


def test_a_letter_is_opened_once_on_the_first_day(vault: Vault) -> None:
    file_letter(vault, 1)
    openings.note_opened(vault, SOURCE, TODAY)
    file_letter(vault, 2)
    openings.note_opened(vault, SOURCE, TODAY + 1)

    assert openings.untold(vault) == [
        Openings(SOURCE, TODAY, (FIRST,)),
        Openings(SOURCE, TODAY + 1, (SECOND,)),
    ]


def test_what_colleagues_know_is_not_told_again_but_still_to_be_acknowledged(vault: Vault) -> None:
    file_letter(vault, 1)
    openings.note_opened(vault, SOURCE, TODAY)
    openings.set_told(vault, [FIRST])

    assert openings.untold(vault) == []
    assert openings.unacknowledged(vault) == [Openings(SOURCE, TODAY, (FIRST,))]


def test_an_earlier_day_of_a_colleague_counts(vault: Vault) -> None:
    file_letter(vault, 1)
    openings.note_opened(vault, SOURCE, TODAY)
    openings.note_mark(vault, [FIRST], SOURCE, TODAY - 2, acknowledged=False)

    assert openings.unacknowledged(vault) == [Openings(SOURCE, TODAY - 2, (FIRST,))]


def test_what_a_colleague_has_acknowledged_is_done(vault: Vault) -> None:
    openings.note_mark(vault, [FIRST], SOURCE, TODAY, acknowledged=True)
    openings.note_mark(vault, [FIRST], SOURCE, TODAY, acknowledged=False)

    assert openings.unacknowledged(vault) == []


def test_acknowledgements_are_counted_by_thread_and_day(vault: Vault) -> None:
    for number in (1, 2):
        file_letter(vault, number)
    openings.note_opened(vault, SOURCE, TODAY)
    openings.set_acknowledged(vault, [FIRST, SECOND], TODAY + 1)

    assert (openings.sealed_on(vault, TODAY), openings.sealed_on(vault, TODAY + 1)) == (0, 1)
