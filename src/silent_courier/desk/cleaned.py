"""Saving an attachment without its hidden details, where this computer has mat2. Spec §14.15."""

from dataclasses import dataclass
from pathlib import Path

from silent_courier.desk.auditing import Act, record
from silent_courier.desk.contents import open_content
from silent_courier.desk.desk import Desk
from silent_courier.desk.examining import examine_one
from silent_courier.desk.filenames import safe_name
from silent_courier.desk.sandbox.cleaning import (
    CONTENT_MAX,
    ENDINGS,
    SENTENCES,
    NotCleaned,
    clean,
)
from silent_courier.desk.saving import make_folder, write_new
from silent_courier.desk.views import SavedFile
from silent_courier.protocol.errors import ProtocolError, VaultDamagedError
from silent_courier.storage.vault import facts, identity
from silent_courier.storage.vault.attachments import AttachmentState, KeptAttachment, source_of


@dataclass(frozen=True, slots=True)
class Cleanable:
    """An attachment that can be cleaned, and all that is needed for it."""

    attachment: KeptAttachment
    kind: str
    directory: Path
    org_id: bytes


def prepare_cleaning(desk: Desk, attachment: KeptAttachment) -> Cleanable | SavedFile:
    """What cleaning takes, or why there is nothing to clean; NotJoinedError."""
    if attachment.state is not AttachmentState.COMPLETE:
        return SavedFile(attachment.name, None, attachment.state.value)
    if attachment.size > CONTENT_MAX:
        return _not(attachment, NotCleaned.TOO_LARGE)
    kept = facts.of_attachment(desk.vault, attachment.seq)
    found = None if kept else examine_one(desk, attachment)
    kind = kept.type if kept else found.type.name if found else ""
    if kind not in ENDINGS:
        return _not(attachment, NotCleaned.OTHER_KIND)
    org_id = identity.membership(desk.vault).org_id
    record(desk, Act.EXPORTED, source_of(desk.vault, attachment), "cleaned")
    return Cleanable(attachment, kind, desk.vault.directory, org_id)


def save_cleaned(cleanable: Cleanable, folder: Path) -> SavedFile:
    """Clean it and write it to a folder, under a name that says so. Safe in another thread.

    Raises:
        FolderError: the folder cannot be made or written to.
    """
    attachment = cleanable.attachment
    content = open_content(cleanable.directory, cleanable.org_id, attachment)
    try:
        cleaned = clean(cleanable.kind, content)
    except (ProtocolError, VaultDamagedError):
        return SavedFile(attachment.name, None, AttachmentState.DAMAGED.value)
    if isinstance(cleaned, NotCleaned):
        return _not(attachment, cleaned)
    make_folder(folder)
    stem = attachment.name.rpartition(".")[0] or attachment.name
    name = safe_name(f"{stem[:80]}.cleaned.{ENDINGS[cleanable.kind]}")
    return SavedFile(attachment.name, str(write_new(folder, name, [cleaned])), None)


def _not(attachment: KeptAttachment, why: NotCleaned) -> SavedFile:
    return SavedFile(attachment.name, None, SENTENCES[why])
