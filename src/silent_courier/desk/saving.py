"""Saving attachments to a folder: opened chunk by chunk, kept only if they are what was named.

A file appears under its name when its length and SHA-256 were right, never before, and never
over another file. Nothing of it is run, shown or looked into. Spec §7.4.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path

from silent_courier.desk.auditing import Act, record
from silent_courier.desk.contents import find_attachment, open_content
from silent_courier.desk.desk import Desk
from silent_courier.desk.filenames import numbered, safe_name
from silent_courier.desk.growing import growing
from silent_courier.desk.leftovers import noted
from silent_courier.desk.reading import find_thread
from silent_courier.desk.views import SavedFile
from silent_courier.protocol.errors import (
    FolderError,
    ProtocolError,
)
from silent_courier.storage.vault import attachments, identity
from silent_courier.storage.vault.attachments import AttachmentState, KeptAttachment

Progress = Callable[[int, int], None]


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
    with noted(desk.vault, folder):
        return tuple(
            note_saved(
                desk, attachment, save_content(desk.vault.directory, org_id, attachment, folder)
            )
            for attachment in attachments.of_thread(desk.vault, source)
        )


def prepare_saving(desk: Desk, thread: str, entry: str, position: int) -> KeptAttachment:
    """The one at this position of a letter's attachments, to be saved: the act is written down.

    Raises:
        UnknownThreadError: no such thread, letter or attachment; NotJoinedError
    """
    attachment = find_attachment(desk, thread, entry, position)
    record(desk, Act.EXPORTED, bytes.fromhex(find_thread(desk, thread)), "attachment")
    return attachment


def make_folder(folder: Path) -> None:
    """A private folder, if it is not there yet; FolderError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError from error


def save_content(
    directory: Path,
    org_id: bytes,
    attachment: KeptAttachment,
    folder: Path,
    progress: Progress = lambda *_: None,
) -> SavedFile:
    """Write it to a folder. Touches nothing of the vault but its chunks: safe in another thread.

    progress: told of the bytes that are written, and of how many there are.

    Raises:
        FolderError: the folder cannot be made or written to.
    """
    if attachment.state is not AttachmentState.COMPLETE:
        return SavedFile(attachment.name, None, attachment.state.value)
    make_folder(folder)
    try:
        content = open_content(directory, org_id, attachment)
        told = _told(content, attachment.size, progress)
        path = write_new(folder, safe_name(attachment.name), told)
    except ProtocolError:
        return SavedFile(attachment.name, None, AttachmentState.DAMAGED.value)
    return SavedFile(attachment.name, str(path), None)


def _told(content: Iterable[bytes], size: int, progress: Progress) -> Iterator[bytes]:
    done = 0
    for piece in content:
        progress(done, size)
        done += len(piece)
        yield piece


def note_saved(desk: Desk, attachment: KeptAttachment, saved: SavedFile) -> SavedFile:
    """Remember what turned out to be damaged."""
    if saved.problem == AttachmentState.DAMAGED.value:
        attachments.set_state(desk.vault, attachment, AttachmentState.DAMAGED)
    return saved


def write_new(folder: Path, name: str, content: Iterable[bytes]) -> Path:
    """Write a private file that appears whole, under the first free name like this.

    Raises:
        FolderError: it cannot be written.
        Whatever `content` raises; nothing is left of it then.
    """
    try:
        with growing(folder / name) as grown:
            for piece in content:
                grown.file.write(piece)
            return grown.appear(folder / numbered(name, number) for number in count(1))
    except OSError as error:
        raise FolderError from error
