import errno

import pytest

from silent_courier.protocol.errors import (
    DiskFullError,
    StorageError,
    VaultError,
    VaultFullError,
)
from silent_courier.storage.vault.file_errors import our_errors


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, ""), OSError(errno.EDQUOT, ""), DiskFullError()]
)
def test_a_full_disk_is_a_full_vault(error: Exception) -> None:
    with pytest.raises(VaultFullError), our_errors():
        raise error


@pytest.mark.parametrize("error", [OSError(errno.EACCES, ""), StorageError()])
def test_any_other_trouble_is_a_vault_error(error: Exception) -> None:
    with pytest.raises(VaultError) as raised, our_errors():
        raise error
    assert type(raised.value) is VaultError


def test_our_own_mistakes_stay_what_they_are() -> None:
    with pytest.raises(KeyError), our_errors():
        raise KeyError
