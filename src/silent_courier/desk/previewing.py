"""An attachment as pixels, made in the sandbox and nowhere else. Spec §14.15.

What touches the vault's database stays in the caller's thread; drawing may be done in another. Text
that came along is searched from then on.
"""

from dataclasses import dataclass
from pathlib import Path

from silent_courier.desk.auditing import Act, record_once_a_day
from silent_courier.desk.contents import numbered_attachment, open_content
from silent_courier.desk.desk import Desk
from silent_courier.desk.examining import examine_one
from silent_courier.desk.file_types import TYPES
from silent_courier.desk.file_warnings import SENTENCES as WARNINGS
from silent_courier.desk.filenames import safe_name
from silent_courier.desk.leftovers import noted
from silent_courier.desk.sandbox.drawing import (
    CONTENT_MAX,
    SENTENCES,
    Drawn,
    Reason,
    draw,
)
from silent_courier.desk.sandbox.pixels import Picture, Text
from silent_courier.desk.saving import make_folder, write_new
from silent_courier.protocol.errors import ProtocolError, VaultDamagedError
from silent_courier.storage.vault import attachments, facts, identity, search
from silent_courier.storage.vault.attachments import AttachmentState, KeptAttachment, source_of


@dataclass(frozen=True, slots=True)
class Drawable:
    """An attachment that can be drawn, and all that is needed for it."""

    attachment: KeptAttachment
    kind: str
    directory: Path
    org_id: bytes
    wants_text: bool


def prepare(desk: Desk, attachment: KeptAttachment) -> Drawable | Reason:
    """What drawing this attachment takes, or why it is not drawn; NotJoinedError."""
    if attachment.state is AttachmentState.DAMAGED:
        return Reason.DAMAGED
    if attachment.state is not AttachmentState.COMPLETE:
        return Reason.NOT_HERE
    if attachment.size > CONTENT_MAX:
        return Reason.TOO_LARGE
    kept = facts.of_attachment(desk.vault, attachment.seq)
    if kept is None:
        found = examine_one(desk, attachment)
        if found is None:
            return Reason.DAMAGED
        kind = found.type
    else:
        kind = TYPES[kept.type]
    if not kind.drawn_as:
        return Reason.NOT_DRAWN
    if (source := source_of(desk.vault, attachment)) is not None:
        record_once_a_day(desk, Act.LOOKED_AT, source)
    org_id, directory = identity.membership(desk.vault).org_id, desk.vault.directory
    wants_text = not search.has_text(desk.vault, attachment.seq)
    return Drawable(attachment, kind.drawn_as, directory, org_id, wants_text)


def draw_page(drawable: Drawable, page: int) -> Drawn:
    """Draw a page, from 0. Safe in another thread."""
    content = open_content(drawable.directory, drawable.org_id, drawable.attachment)
    wants_text = drawable.wants_text and page == 0
    try:
        return draw(drawable.kind, content, page, wants_text=wants_text)
    except (ProtocolError, VaultDamagedError):
        return Reason.DAMAGED


def note_drawn(desk: Desk, drawable: Drawable, drawn: Drawn) -> None:
    """Let what was read of it be searched; note what turned out to be damaged."""
    attachment = drawable.attachment
    if drawn is Reason.DAMAGED:
        attachments.set_state(desk.vault, attachment, AttachmentState.DAMAGED)
    if isinstance(drawn, Picture | Text) and drawn.text and drawable.wants_text:
        search.put_file(desk.vault, attachment.entry, attachment.seq, attachment.name, drawn.text)


@dataclass(frozen=True, slots=True)
class Preview:
    """What was drawn into a folder; `problem`: a sentence, when nothing was or it broke off."""

    name: str
    label: str
    size: int
    sha256: str
    warnings: tuple[str, ...]
    pages: int
    paths: tuple[str, ...]
    problem: str | None


def preview_attachment(desk: Desk, thread: str, number: int, folder: Path, pages: int) -> Preview:
    """Draw the first pages of an attachment into a folder, each a picture, or its plain text.

    Raises:
        UnknownThreadError: no such thread or attachment; NotJoinedError
        FolderError: the folder cannot be made or written to.
    """
    attachment = numbered_attachment(desk, thread, number)
    drawable = prepare(desk, attachment)
    paths: list[str] = []
    drawn: Drawn = drawable if isinstance(drawable, Reason) else Reason.NO_SUCH_PAGE
    known = 1
    with noted(desk.vault, folder):
        while isinstance(drawable, Drawable) and len(paths) < min(known, pages):
            drawn = draw_page(drawable, len(paths))
            note_drawn(desk, drawable, drawn)
            if isinstance(drawn, Reason):
                break
            known = drawn.pages if isinstance(drawn, Picture) else 1
            paths.append(str(_write_page(folder, attachment.name, len(paths) + 1, drawn)))
    kept = facts.of_attachment(desk.vault, attachment.seq)
    return Preview(
        name=attachment.name,
        label=TYPES[kept.type].label if kept else "",
        size=attachment.size,
        sha256=attachment.sha256.hex(),
        warnings=tuple(WARNINGS[warning] for warning in kept.warnings) if kept else (),
        pages=known if paths else 0,
        paths=tuple(paths),
        problem=SENTENCES[drawn] if isinstance(drawn, Reason) else None,
    )


def _write_page(folder: Path, name: str, page: int, drawn: Picture | Text) -> Path:
    make_folder(folder)
    if isinstance(drawn, Picture):
        return write_new(folder, safe_name(f"{name}-{page}.png"), [drawn.png])
    return write_new(folder, safe_name(f"{name}.txt"), [drawn.text.encode()])
