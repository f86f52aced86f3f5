from silent_courier.storage.vault import Vault, attachments, facts, search
from silent_courier.storage.vault.attachments import AttachmentState
from silent_courier.storage.vault.facts import KeptFacts
from tests.unit.storage.vault.kit import SOURCE
from tests.unit.storage.vault.test_search import add, attach


def test_facts_are_kept_for_complete_attachments_and_renewed_by_newer_rules(vault: Vault) -> None:
    entry = add(vault, 1, "a")
    seq = attach(vault, entry, "a.pdf")
    assert facts.not_examined(vault, 1) == []
    attachments.set_state(vault, attachments.of_thread(vault, SOURCE)[0], AttachmentState.COMPLETE)
    assert [a.seq for a in facts.not_examined(vault, 1)] == [seq]
    for rules, warnings in ((1, ("macros", "mismatch")), (2, ())):
        facts.keep(vault, seq, KeptFacts("docx", warnings), rules)
        assert facts.of_attachment(vault, seq) == KeptFacts("docx", warnings)
        assert facts.not_examined(vault, rules) == []
    assert facts.of_thread(vault, SOURCE) == {seq: KeptFacts("docx", ())}


def test_what_is_forgotten_has_no_facts(vault: Vault) -> None:
    entry = add(vault, 1, "a")
    seq = attach(vault, entry, "a.pdf")
    facts.keep(vault, seq, KeptFacts("pdf", ()), 1)
    search.forget(vault, [entry])
    assert facts.of_attachment(vault, seq) is None
    facts.keep(vault, seq, KeptFacts("pdf", ()), 1)
    facts.forget(vault, [seq])
    assert facts.of_attachment(vault, seq) is None
