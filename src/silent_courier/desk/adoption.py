"""Which charter this desk believes: never an older serial, never two of one. Spec §8.3.

A desk remembers, so a server that goes back to yesterday's charter is found out.
"""

from itertools import pairwise

from silent_courier.protocol.charter import Charter, verify_chain
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
        CharterConflictError: another one of the same serial; the next one, but after another than
            ours; or a chain without a change of root that we know.
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
    if not _follows(vault, known, charter, files):
        raise CharterConflictError
    charters.adopt(vault, charter, files)
    return True


def _follows(vault: Vault, known: Charter, charter: Charter, files: tuple[bytes, ...]) -> bool:
    """Whether a later charter goes on from what we know: who holds an old root cannot fork."""
    if charter.body.serial == known.body.serial + 1 and charter.body.previous != known.hash.hex():
        return False
    changes = root_changes(charters.chain(vault), charter.org_id)
    return changes <= root_changes(files, charter.org_id)


def root_changes(files: tuple[bytes, ...], org_id: bytes) -> set[bytes]:
    """The hashes of the charters in a verified chain that name another root than the one before."""
    links = [verify_chain(files[: end + 1], org_id) for end in range(len(files))]
    return {after.hash for before, after in pairwise(links) if before.body.root != after.body.root}


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
