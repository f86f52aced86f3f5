"""Saving attachments to a folder: opened chunk by chunk, kept only if they are what was named.

A file appears under its name when its length and SHA-256 were right, never before, and never
over another file. Nothing of it is run, shown or looked into. Spec §7.4.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from silent_courier.desk.auditing import Act, record
from silent_courier.desk.contents import find_attachment, open_content
from silent_courier.desk.desk import Desk
from silent_courier.desk.filenames import numbered, safe_name
from silent_courier.desk.reading import find_thread
from silent_courier.desk.views import SavedFile
from silent_courier.protocol.errors import (
    FolderError,
    ProtocolError,
)
from silent_courier.storage.vault import attachments, identity
from silent_courier.storage.vault.attachments import AttachmentState, KeptAttachment


def save_attachments(desk: Desk, thread: str, folder: Path) -> tuple[SavedFile, ...]:
    """Write every complete attachment of a thread to a folder; one bad one stops no other.

    Raises:
        UnknownThreadError, NotJoinedError
        FolderError: the folder cannot be made or written to.
    """
    source = bytes.fromhex(find_thread(desk, thread))
    org_id = identity.membership(desk.vault).org_id
    make_folder(folder)
    record(desk, Act.EXPORTED, source, "attachments")
    return tuple(
        _save(desk, org_id, attachment, folder)
        for attachment in attachments.of_thread(desk.vault, source)
    )


def save_attachment(desk: Desk, thread: str, entry: str, position: int, folder: Path) -> SavedFile:
    """Write the one at this position of a letter's attachments to a folder.

    Raises:
        UnknownThreadError: no such thread, letter or attachment; NotJoinedError
        FolderError: the folder cannot be made or written to.
    """
    attachment = find_attachment(desk, thread, entry, position)
    make_folder(folder)
    record(desk, Act.EXPORTED, bytes.fromhex(find_thread(desk, thread)), "attachment")
    return _save(desk, identity.membership(desk.vault).org_id, attachment, folder)


def make_folder(folder: Path) -> None:
    """A private folder, if it is not there yet; FolderError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError from error


def _save(desk: Desk, org_id: bytes, attachment: KeptAttachment, folder: Path) -> SavedFile:
    if attachment.state is not AttachmentState.COMPLETE:
        return SavedFile(attachment.name, None, attachment.state.value)
    try:
        content = open_content(desk.vault.directory, org_id, attachment)
        path = write_new(folder, safe_name(attachment.name), content)
    except ProtocolError:
        attachments.set_state(desk.vault, attachment, AttachmentState.DAMAGED)
        return SavedFile(attachment.name, None, AttachmentState.DAMAGED.value)
    return SavedFile(attachment.name, str(path), None)


def write_new(folder: Path, name: str, content: Iterable[bytes]) -> Path:
    """Write a private file that appears whole, under the first free name like this; FolderError."""
    try:
        path = _reserve(folder, name)
        part = path.with_name(path.name + ".part")
        try:
            with os.fdopen(_create(part), "wb") as file:
                for piece in content:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            for leftover in (part, path):
                with suppress(OSError):
                    leftover.unlink()
            raise
    except OSError as error:
        raise FolderError from error
    return path


def _reserve(folder: Path, name: str) -> Path:
    """An empty file under the first name that is free."""
    number = 1
    while True:
        path = folder / numbered(name, number)
        try:
            os.close(_create(path))
        except FileExistsError:
            number += 1
        else:
            return path


def _create(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
