"""The charter that holds now, and who may reach the desk onion. Spec §8.5, §12.2.

The server verifies what its operator loads as a stranger would, and believes nothing it has stored
either: what is read back is verified again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from silent_courier.protocol.access import Access, verify_access
from silent_courier.protocol.chain import encode_chain, parse_chain
from silent_courier.protocol.charter import MAGIC, Charter, charter_hash, verify_chain
from silent_courier.protocol.errors import (
    CharterSerialError,
    CharterSignatureError,
    ProtocolError,
    StoreDamagedError,
    WrongOrganisationError,
)
from silent_courier.protocol.root import parse_signed_body
from silent_courier.storage.server.charters import CharterVersion, StoredCharter


@dataclass(frozen=True, slots=True)
class Standing:
    """A verified charter with the files of its chain, and its access list."""

    charter: Charter
    chain: tuple[bytes, ...]
    access: Access
    version: CharterVersion

    def device_of(self, token: bytes) -> int | None:
        """The current device whose bearer token this is."""
        digest = sha256(token).digest()
        for device, token_hash in self.access.token_hashes.items():
            if token_hash == digest and device in self.charter.current_devices:
                return device
        return None

    @property
    def clients(self) -> dict[str, bytes]:
        """The tor client keys of the current devices, by a name for each."""
        current = self.charter.current_devices
        return {
            f"device-{device}": key
            for device, key in self.access.tor_client_keys.items()
            if device in current
        }


def verify_standing(chain_file: bytes, access_file: bytes) -> Standing:
    """Verify a chain file, which says itself where it begins, and the access list of its end.

    Raises:
        MalformedCharterError, CharterSignatureError, CharterSerialError, WrongOrganisationError
    """
    chain = parse_chain(chain_file)
    org_id = charter_hash(parse_signed_body(chain[0], MAGIC).body)
    charter = verify_chain(chain, org_id)
    access = verify_access(access_file, charter)
    version = CharterVersion(charter.hash, sha256(access_file).digest())
    return Standing(charter, essential(chain), access, version)


def essential(chain: Sequence[bytes]) -> tuple[bytes, ...]:
    """Of a verified chain: the first charter, every root rotation (two signatures), the last."""
    rotations = [f for f in chain[1:-1] if _root_changes([f])]
    return (*chain[:1], *rotations, *chain[1:][-1:])


def check_successor(standing: Standing, before: Standing) -> None:
    """Raises unless this may follow: same organisation, higher serial; or the very same charter.

    Raises:
        WrongOrganisationError, CharterSerialError
        CharterSignatureError: it leaves out a change of the root that is known here. Whoever has
            an old root could otherwise go on from before the change.
    """
    if standing.charter.org_id != before.charter.org_id:
        raise WrongOrganisationError
    is_same = standing.charter.hash == before.charter.hash
    if not is_same and standing.charter.body.serial <= before.charter.body.serial:
        raise CharterSerialError
    if not _root_changes(before.chain) <= _root_changes(standing.chain):
        raise CharterSignatureError


def _root_changes(chain: Sequence[bytes]) -> set[bytes]:
    """The hashes of the charters that changed the root: those with two signatures."""
    signed = [parse_signed_body(file, MAGIC) for file in chain]
    return {charter_hash(body.body) for body in signed if len(body.signatures) == 2}


def to_stored(standing: Standing, access_file: bytes) -> StoredCharter:
    """What is kept of it."""
    serial = standing.charter.body.serial
    return StoredCharter(serial, standing.version, encode_chain(standing.chain), access_file)


def from_stored(stored: StoredCharter) -> Standing:
    """What was kept, verified again; StoreDamagedError when it does not verify."""
    try:
        return verify_standing(stored.chain, stored.access)
    except ProtocolError:
        raise StoreDamagedError from None
