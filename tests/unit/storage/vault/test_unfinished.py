from silent_courier.storage.vault import Vault, unfinished
from tests.unit.storage.vault.kit import reopened


def test_folders_are_remembered_until_what_was_begun_there_has_ended(vault: Vault) -> None:
    for folder in ("/b", "/a", "/b"):
        unfinished.begin(vault, folder)
    again = reopened(vault)
    assert unfinished.every(again) == ["/a", "/b"]
    unfinished.end(again, "/b")

    assert unfinished.every(again) == ["/a"]
    again.close()
