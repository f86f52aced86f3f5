from silent_courier.storage.vault import Vault, drafts
from tests.unit.storage.vault.kit import reopened

ONE, TWO = b"\x01" * 32, b"\x02" * 32


def test_a_draft_is_there_again_after_the_program_ended(vault: Vault) -> None:
    drafts.keep(vault, ONE, "reply", "Спасибо")
    drafts.keep(vault, ONE, "note", "Wait")
    drafts.keep(vault, ONE, "reply", "Спасибо за письмо")

    again = reopened(vault)
    assert drafts.of_thread(again, ONE) == {"reply": "Спасибо за письмо", "note": "Wait"}
    assert drafts.of_thread(again, TWO) == {}
    assert drafts.threads_with_drafts(again) == {ONE}
    again.close()


def test_an_emptied_draft_is_forgotten(vault: Vault) -> None:
    drafts.keep(vault, ONE, "reply", "a")
    drafts.keep(vault, ONE, "reply", "")

    assert drafts.threads_with_drafts(vault) == frozenset()
