"""Reading a case out of the vault: one thread or several, as people see them. Spec §14.20."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from silent_courier.desk.alias import alias_of
from silent_courier.desk.auditing import Act, record
from silent_courier.desk.dates import iso_date
from silent_courier.desk.desk import Desk
from silent_courier.desk.previewing import Drawable, prepare
from silent_courier.desk.reading import find_thread, read_thread
from silent_courier.desk.sandbox.drawing import Reason
from silent_courier.desk.views import AttachmentView, ThreadEntry
from silent_courier.protocol.charter import Charter
from silent_courier.protocol.signing import DeviceKey
from silent_courier.storage.vault import attachments, charters, identity
from silent_courier.storage.vault.attachments import AttachmentState, KeptAttachment


@dataclass(frozen=True, slots=True)
class CaseFile:
    """An attachment: how it is shown, where its content is, and how it is drawn if it can be."""

    view: AttachmentView
    kept: KeptAttachment
    drawable: Drawable | None

    @property
    def is_here(self) -> bool:
        """Whether its content can be written."""
        return self.kept.state is AttachmentState.COMPLETE


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A letter, reply or note, and its files."""

    entry: ThreadEntry
    files: tuple[CaseFile, ...]


@dataclass(frozen=True, slots=True)
class CaseThread:
    """One source's thread, by its alias alone."""

    alias: str
    entries: tuple[CaseEntry, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """All that an export is made of."""

    charter: Charter
    key: DeviceKey
    day: int
    directory: Path
    threads: tuple[CaseThread, ...]
    has_notes: bool
    has_files: bool

    @property
    def date(self) -> str:
        """The day of the export."""
        return iso_date(self.day)

    @property
    def by(self) -> str:
        """The handler who exports."""
        return self.charter.label_of(self.key.device)


def collect_case(
    desk: Desk, threads: Sequence[str], *, notes: bool = True, files: bool = True
) -> Case:
    """Read these threads, oldest entry first; nothing counts as read by it.

    Raises:
        UnknownThreadError, NotJoinedError
    """
    member = identity.membership(desk.vault)
    for thread in dict.fromkeys(find_thread(desk, each) for each in threads):
        record(desk, Act.EXPORTED, bytes.fromhex(thread), "case")
    return Case(
        charter=charters.current(desk.vault, member.org_id),
        key=member.key,
        day=desk.today,
        directory=desk.vault.directory,
        threads=tuple(
            _thread(desk, member.org_id, find_thread(desk, thread), notes=notes, files=files)
            for thread in dict.fromkeys(threads)
        ),
        has_notes=notes,
        has_files=files,
    )


def _thread(desk: Desk, org_id: bytes, thread: str, *, notes: bool, files: bool) -> CaseThread:
    source = bytes.fromhex(thread)
    kept = dict(enumerate(attachments.of_thread(desk.vault, source), start=1))
    entries = (
        CaseEntry(
            entry,
            tuple(
                _file(desk, view, kept[view.number])
                for view in entry.attachments
                if files and view.number
            ),
        )
        for entry in read_thread(desk, thread, mark_read=False)
        if notes or entry.kind != "note"
    )
    return CaseThread(alias_of(org_id, source), tuple(entries))


def _file(desk: Desk, view: AttachmentView, kept: KeptAttachment) -> CaseFile:
    drawable = prepare(desk, kept)
    return CaseFile(view, kept, None if isinstance(drawable, Reason) else drawable)
