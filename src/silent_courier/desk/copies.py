"""Finding out that another copy of this vault has been at work. Spec §14.2.

Two copies give out the same tag numbers, and cells under one tag belong together for everybody
who looks at the board. So what only another copy can have signed ends this one's answering.
"""

from silent_courier.desk.alarms import AlarmKind
from silent_courier.desk.roster import Roster
from silent_courier.desk.statements import shows_another
from silent_courier.storage.vault import Vault, alarms, day_keys, identity
from silent_courier.storage.vault.alarms import Cause


def notice_copy(vault: Vault, roster: Roster, device: int) -> None:
    """Look for a day key or a newer sign of life of ours in the keyring, made elsewhere.

    Called before this sync gives a sign of its own.
    """
    newer = roster.alive.get(device, 0) > identity.alive_until(vault)
    if newer or _another_key(vault, roster, device):
        _found(vault, roster.keyring.day)


def notice_own(vault: Vault, device: int | None, today: int) -> None:
    """An answer or a note came that this vault does not know; was it signed by ourselves?"""
    if device is not None and device == identity.membership(vault).key.device:
        _found(vault, today)


def _found(vault: Vault, day: int) -> None:
    if not identity.is_copied(vault):
        identity.set_copied(vault)
        alarms.raise_alarm(vault, Cause(AlarmKind.VAULT_COPIED, day, ""), (), day)


def _another_key(vault: Vault, roster: Roster, device: int) -> bool:
    if device not in roster.present:
        return False
    key = day_keys.of_day(vault, roster.keyring.day)
    return key is None or shows_another(roster, device, key)
