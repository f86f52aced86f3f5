"""A fresh vault for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from silent_courier.storage.vault import Vault
from tests.unit.storage.vault.kit import new_vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with new_vault(tmp_path / "vault") as vault:
        yield vault
