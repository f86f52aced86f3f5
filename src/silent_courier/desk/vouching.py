"""Signing what the portal's files are. Spec §17.5.

Signs what this desk's own release makes from the charter that it has verified, and never anything
that a server showed. A handler says so once; after that only the same release is signed again.
"""

import asyncio
from typing import Final

from silent_courier.desk.adoption import check_device
from silent_courier.desk.desk import Desk, PortalMaker
from silent_courier.desk.remote import DeskServer
from silent_courier.desk.report import Tally, Trouble
from silent_courier.desk.roster import Roster
from silent_courier.protocol.errors import UnexpectedAnswerError
from silent_courier.protocol.keyring import VerifiedKeyring, verify_keyring_statements
from silent_courier.protocol.manifest import (
    Manifest,
    encode_manifest,
    name_files,
    sign_manifest,
)
from silent_courier.protocol.signing import DeviceKey
from silent_courier.storage.vault import identity, portal
from silent_courier.storage.vault.portal import Vouched
from silent_courier.tor.transport import Transport

PATH: Final = "/v1/manifest"
AGAIN_AFTER_DAYS: Final = 7
_TAKEN: Final = 204


async def sign_portal(desk: Desk, transport: Transport) -> Manifest:
    """Sign the files of this release under the charter that holds, and hand the list in.

    Args:
        desk: joined, with a portal's maker.
        transport: to the desk onion.

    Raises:
        NotJoinedError, DeviceRevokedError, VaultError, TorError, DeskRefusedError
        UnexpectedAnswerError: the server does not take it.
        ProtocolError: the keyring does not verify.
        ValueError: the desk has no portal's maker.
    """
    if desk.portal is None:
        raise ValueError("nothing here makes the portal's files")
    member = identity.membership(desk.vault)
    server = DeskServer(transport, identity.secrets(desk.vault).token)
    keyring = verify_keyring_statements(await server.keyring(), member.org_id, desk.today)
    check_device(keyring.charter, member.key)
    signed, status = await _post(desk, server, desk.portal, keyring, member.key)
    if status != _TAKEN:
        raise UnexpectedAnswerError(status)
    return signed


async def sign_again(
    desk: Desk, server: DeskServer, roster: Roster, key: DeviceKey, tally: Tally
) -> None:
    """Sign anew what a handler once said to sign: under a new charter, or after a week."""
    before = portal.vouched(desk.vault)
    if before is None or desk.portal is None:
        return
    charter, day = roster.charter.hash, roster.keyring.day
    if before.charter == charter and day < before.day + AGAIN_AFTER_DAYS:
        return
    if before.release != desk.portal.release:
        tally.trouble(Trouble.PORTAL_NOT_SIGNED)
        return
    _, status = await _post(desk, server, desk.portal, roster.keyring, key)
    if status != _TAKEN:
        tally.trouble(Trouble.MANIFEST_REFUSED)


async def _post(
    desk: Desk, server: DeskServer, maker: PortalMaker, keyring: VerifiedKeyring, key: DeviceKey
) -> tuple[Manifest, int]:
    charter, day = keyring.charter, keyring.day
    bodies = await asyncio.to_thread(maker.make, keyring, None)
    manifest = sign_manifest(name_files(bodies), day, charter, key)
    status = await server.post(PATH, encode_manifest(manifest))
    if status == _TAKEN:
        portal.set_vouched(desk.vault, Vouched(maker.release, charter.hash, day))
    return manifest, status
