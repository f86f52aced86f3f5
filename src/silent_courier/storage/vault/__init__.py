"""The desk's secrets: an SQLCipher database and sealed chunks in one private directory. Spec §14.

`opening` makes and opens a `Vault`; each other module keeps one kind of thing in it.
"""

from silent_courier.storage.vault.database import Vault
from silent_courier.storage.vault.header import DEFAULT_KDF, KdfParameters
from silent_courier.storage.vault.identity import Secrets
from silent_courier.storage.vault.opening import create_vault, open_vault

__all__ = ["DEFAULT_KDF", "KdfParameters", "Secrets", "Vault", "create_vault", "open_vault"]
