"""Which charter this desk believes: never an older serial, never two of one. Spec §8.3.

A desk remembers, so a server that goes back to yesterday's charter is found out.
"""

from silent_courier.protocol.charter import Charter
from silent_courier.protocol.errors import (
    CharterConflictError,
    CharterSerialError,
    DeviceRevokedError,
    NotEnrolledError,
    NotJoinedError,
)
from silent_courier.protocol.signing import DeviceKey
from silent_courier.storage.vault import Vault, charters


def adopt(vault: Vault, charter: Charter, files: tuple[bytes, ...]) -> bool:
    """Take a verified charter as the current one; True when it is a new one.

    Raises:
        CharterSerialError: older than the one that is current here.
        CharterConflictError: another one of the same serial.
    """
    try:
        known = charters.current(vault, charter.org_id)
    except NotJoinedError:
        charters.adopt(vault, charter, files)
        return True
    if charter.body.serial < known.body.serial:
        raise CharterSerialError
    if charter.body.serial == known.body.serial:
        if charter.hash != known.hash:
            raise CharterConflictError
        return False
    charters.adopt(vault, charter, files)
    return True


def check_device(charter: Charter, key: DeviceKey) -> None:
    """Whether this desk is still one of the organisation's.

    Raises:
        DeviceRevokedError: its handler has left.
        NotEnrolledError: its slot holds another key, or none.
    """
    if charter.current_devices.get(key.device) == key.public:
        return
    if charter.all_devices.get(key.device) == key.public:
        raise DeviceRevokedError
    raise NotEnrolledError
