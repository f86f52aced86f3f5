"""Looking at what has come: each complete attachment's kind and warnings, once. Spec §14.15.

Bytes are compared, nothing is opened. An attachment that is not what its letter said is damaged
from then on.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from silent_courier.desk.contents import open_content, open_piece
from silent_courier.desk.desk import Desk
from silent_courier.desk.file_warnings import Facts, examine
from silent_courier.protocol.errors import ProtocolError, VaultError
from silent_courier.protocol.sizes import CHUNK_LEN
from silent_courier.storage.vault import attachments, facts, identity
from silent_courier.storage.vault.attachments import AttachmentState, KeptAttachment
from silent_courier.storage.vault.facts import KeptFacts

RULES: Final = 1
"""Grows with the rules; what older ones found is found anew."""
WHOLE_CHUNKS: Final = 256
"""A longer attachment is read so far, and then at its end."""


async def examine_new(desk: Desk) -> None:
    """Look at what nobody has looked at yet, in another thread, one by one."""
    org_id = identity.membership(desk.vault).org_id
    for attachment in facts.not_examined(desk.vault, RULES):
        found = await asyncio.to_thread(examine_content, desk.vault.directory, org_id, attachment)
        note_examined(desk, attachment, found)


def examine_one(desk: Desk, attachment: KeptAttachment) -> Facts | None:
    """Look at this one now; None when it is damaged."""
    org_id = identity.membership(desk.vault).org_id
    found = examine_content(desk.vault.directory, org_id, attachment)
    note_examined(desk, attachment, found)
    return found


def is_to_examine(desk: Desk, attachment: KeptAttachment) -> bool:
    """Whether it is whole and nobody has looked at it yet."""
    is_whole = attachments.state_of(desk.vault, attachment) is AttachmentState.COMPLETE
    return is_whole and facts.of_attachment(desk.vault, attachment.seq) is None


def examine_content(directory: Path, org_id: bytes, attachment: KeptAttachment) -> Facts | None:
    """What it is; None when it is damaged. Reads its chunks alone: safe in another thread."""
    try:
        return examine(attachment.name, attachment.size, _pieces(directory, org_id, attachment))
    except (ProtocolError, VaultError):
        return None


def _pieces(directory: Path, org_id: bytes, attachment: KeptAttachment) -> Iterator[bytes]:
    chunks = -(-attachment.size // CHUNK_LEN) or 1
    if chunks <= WHOLE_CHUNKS:
        yield from open_content(directory, org_id, attachment)
        return
    for position in (*range(WHOLE_CHUNKS), chunks - 2, chunks - 1):
        yield open_piece(directory, org_id, attachment, position)


def note_examined(desk: Desk, attachment: KeptAttachment, found: Facts | None) -> None:
    """Remember what was found, unless it was deleted meanwhile."""
    if attachments.state_of(desk.vault, attachment) is None:
        return
    if found is None:
        attachments.set_state(desk.vault, attachment, AttachmentState.DAMAGED)
        return
    kept = KeptFacts(found.type.name, found.warnings)
    facts.keep(desk.vault, attachment.seq, kept, RULES)
