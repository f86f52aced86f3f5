from silent_courier.storage.vault import Vault, templates


def test_a_template_is_replaced_and_forgotten_when_it_is_empty(vault: Vault) -> None:
    templates.keep(vault, "thanks", "Thank you")
    templates.keep(vault, "thanks", "Thank you.")
    assert templates.every(vault) == {"thanks": "Thank you."}
    templates.keep(vault, "thanks", "")

    assert templates.every(vault) == {}
