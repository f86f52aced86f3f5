"""From nothing to a desk that can sync: a vault, a request, a charter. Spec §8.6.

What cannot be checked here is that the charter is the right organisation's: the handler
compares its fingerprint, or passes it in.
"""

from dataclasses import dataclass
from pathlib import Path

from silent_courier.desk.adoption import adopt, check_device
from silent_courier.desk.dates import iso_date
from silent_courier.desk.desk import Clock, Desk, Random
from silent_courier.protocol.access import (
    RequestBody,
    device_fingerprint,
    encode_request,
    parse_request,
)
from silent_courier.protocol.chain import parse_chain
from silent_courier.protocol.charter import MAGIC, Charter, charter_hash, verify_chain
from silent_courier.protocol.errors import NotEnrolledError, NotJoinedError
from silent_courier.protocol.primitives import ed25519_public, sha256
from silent_courier.protocol.root import parse_signed_body
from silent_courier.protocol.signing import DeviceKey
from silent_courier.protocol.sizes import KEY_LEN
from silent_courier.storage.vault import (
    DEFAULT_KDF,
    KdfParameters,
    Secrets,
    charters,
    create_vault,
    identity,
    settings,
)
from silent_courier.storage.vault.backup import ORGANISATION
from silent_courier.storage.vault.opening import Derived
from silent_courier.tor.onion import make_client_key


@dataclass(frozen=True, slots=True)
class DeskInfo:
    """What this desk is and belongs to; `portal` and `desk` are addresses, `expires` a date."""

    label: str
    org_id: str
    organisation: str
    device: int
    serial: int
    portal: str
    desk: str
    expires: str
    expires_in_days: int


def init(
    directory: Path,
    passphrase: str,
    label: str,
    *,
    clock: Clock,
    random: Random,
    kdf: KdfParameters = DEFAULT_KDF,
    derived: Derived | None = None,
) -> Desk:
    """Make a vault with fresh secrets, and open it. derived: as `create_vault` has it.

    Raises:
        VaultExistsError: there is one already.
        MalformedCharterError: a label that no charter could hold.
    """
    check_label(label)
    secrets = Secrets(label, random(KEY_LEN), random(KEY_LEN), random(KEY_LEN))
    made = create_vault(directory, passphrase, secrets, random, kdf=kdf, derived=derived)
    return Desk(made, clock, random)


def check_label(label: str) -> None:
    """Raises MalformedCharterError where no charter could hold this label."""
    parse_request(_encode_request(Secrets(label, bytes(KEY_LEN), bytes(KEY_LEN), bytes(KEY_LEN))))


def make_request(desk: Desk) -> bytes:
    """The file that asks the organisation to enrol this desk; nothing in it is secret."""
    return _encode_request(identity.secrets(desk.vault))


def request_fingerprint(desk: Desk) -> str:
    """What the handler reads to whoever holds the root key, by another way than the request."""
    return device_fingerprint(ed25519_public(identity.secrets(desk.vault).signing_seed))


@dataclass(frozen=True, slots=True)
class Offer:
    """What a charter would make of this desk, before it is taken."""

    organisation: str
    org_id: str
    label: str
    serial: int
    expires: str


def examine(desk: Desk, file: bytes) -> Offer:
    """Look at a charter as `join` does, and take nothing. Raises as `join`."""
    charter, key, _ = _read_charter(desk, file, None)
    return Offer(
        organisation=charter.body.name,
        org_id=charter.org_id.hex(),
        label=charter.label_of(key.device),
        serial=charter.body.serial,
        expires=iso_date(charter.body.expires),
    )


def join(desk: Desk, file: bytes, org_id: bytes | None = None) -> DeskInfo:
    """Take a charter: a chain file, or the first charter by itself.

    Args:
        desk: joined already or not; later charters may be taken in the same way.
        file: untrusted, but for what the handler knows of its fingerprint.
        org_id: the organisation's fingerprint, where the handler has it.

    Raises:
        NotEnrolledError, DeviceRevokedError
        ProtocolError: the chain does not verify, goes back, or is another organisation's.
    """
    charter, key, files = _read_charter(desk, file, org_id)
    with desk.vault.transaction():
        adopt(desk.vault, charter, files)
        identity.join(desk.vault, charter.org_id, key.device)
    return info(desk)


def info(desk: Desk) -> DeskInfo:
    """This desk and its organisation; NotJoinedError."""
    member = identity.membership(desk.vault)
    charter = charters.current(desk.vault, member.org_id)
    body = charter.body
    return DeskInfo(
        label=charter.label_of(member.key.device),
        org_id=member.org_id.hex(),
        organisation=body.name,
        device=member.key.device,
        serial=body.serial,
        portal=body.portal,
        desk=body.desk,
        expires=iso_date(body.expires),
        expires_in_days=body.expires - desk.today,
    )


def tor_client_key(desk: Desk) -> bytes:
    """The 32 private bytes that let this desk's tor reach the desk onion."""
    return identity.secrets(desk.vault).client_seed


def _read_charter(
    desk: Desk, file: bytes, org_id: bytes | None
) -> tuple[Charter, DeviceKey, tuple[bytes, ...]]:
    files = (file,) if file[: len(MAGIC)] == MAGIC else parse_chain(file)
    charter = verify_chain(files, org_id or _known_org_id(desk) or _first_hash(files))
    key = _own_key(desk, charter)
    check_device(charter, key)
    return charter, key, files


def _encode_request(secrets: Secrets) -> bytes:
    body = RequestBody(
        label=secrets.label,
        signing_key=ed25519_public(secrets.signing_seed).hex(),
        tor_client_key=make_client_key(secrets.client_seed).public.hex(),
        token_hash=sha256(secrets.token).hex(),
    )
    return encode_request(body, secrets.signing_seed)


def _known_org_id(desk: Desk) -> bytes | None:
    try:
        return identity.membership(desk.vault).org_id
    except NotJoinedError:
        # A desk that was restored holds the letters of one organisation, and joins no other.
        known = settings.value_of(desk.vault, ORGANISATION)
        return bytes.fromhex(known) if known else None


def _first_hash(files: tuple[bytes, ...]) -> bytes:
    return charter_hash(parse_signed_body(files[0], MAGIC).body)


def _own_key(desk: Desk, charter: Charter) -> DeviceKey:
    """Our signing key in the slot that the charter gives it; the newest, should there be two."""
    seed = identity.secrets(desk.vault).signing_seed
    ours = [d for d, key in charter.all_devices.items() if key == ed25519_public(seed)]
    if not ours:
        raise NotEnrolledError
    return DeviceKey(max(ours), seed)
