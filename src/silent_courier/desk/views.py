"""What a person sees of the vault: plain values, ready to be printed or made JSON. Spec §14.7."""

from dataclasses import dataclass
from typing import Literal

EntryKind = Literal["letter", "reply", "note"]
DueKind = Literal["acknowledge", "feedback"]
DueState = Literal["later", "due", "overdue"]
EntryState = Literal["received", "waiting", "posted", "refused", "disputed"]


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed to a source by the end of a day; due: the day of the alert has come."""

    kind: DueKind
    date: str
    state: DueState


@dataclass(frozen=True, slots=True)
class ThreadTeam:
    """How a thread stands in the team. Dates are empty where there is none.

    assigned: a handler's label; mine: it is this desk's. same: other threads of the matter.
    """

    assigned: str | None = None
    mine: bool = False
    labels: tuple[str, ...] = ()
    closed: str = ""
    muted: bool = False
    held: bool = False
    due: Due | None = None
    come_back: str = ""
    follow_up: str = ""
    follow_up_date: str = ""
    follow_up_due: bool = False
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamAct:
    """What a handler set on a thread, as it was set; of a translation without its text."""

    date: str
    by: str | None
    field: str
    item: str
    value: str


@dataclass(frozen=True, slots=True)
class Translation:
    """What a handler made of an entry's text in another language."""

    language: str
    text: str
    by: str | None


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A thread in the list. `alias`: the source's two words; `answered_by`: labels.

    preview: how the newest letter begins.
    """

    thread: str
    alias: str
    letters: int
    replies: int
    notes: int
    attachments: int
    unread: int
    language: str
    first_date: str
    last_date: str
    answered_by: tuple[str, ...]
    preview: str
    disputed: bool = False
    team: ThreadTeam = ThreadTeam()


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """An attachment as its letter names it, how much of it is here, and what it really is.

    number: its place among those of its thread, from 1; 0 while its letter is not part of it.
    type, label: by its content; empty while nobody has looked. drawn: it can be seen as pixels.
    signs: names of dangers; warnings: the sentence for each.
    """

    name: str
    size: int
    sha256: str
    state: str
    chunks_here: int
    chunks: int
    number: int = 0
    type: str = ""
    label: str = ""
    drawn: bool = False
    signs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadEntry:
    """One item of a thread.

    by: the label of the handler who wrote it, None for the source. own: this desk wrote it.
    letter: the hash of the sealed letter that brought it. resealed_by: who passed it on.
    state: disputed, of a source's letters while two of them carry different thread keys.
    former_can_read: a reply under a generation that a former handler was part of.
    read_by: who has opened a source's letter, as far as this desk was told.
    posted_again: the date of the answer that this one repeats. may_leave: of an answer, the day
    from which it may be gone from the board.
    posting_at: when the last cell of a waiting reply goes, if the desk is on; seconds since 1970.
    can_take_back: it waits, and nothing of it went out.
    on_board: the date on which this desk has seen its own answer on the public board, whole.
    """

    kind: EntryKind
    id: str
    date: str
    by: str | None
    own: bool
    text: str
    language: str
    generation: int
    letter: str | None
    resealed_by: str | None
    former_can_read: bool
    state: EntryState
    form: tuple[tuple[str, str], ...] = ()
    attachments: tuple[AttachmentView, ...] = ()
    read_by: tuple[str, ...] = ()
    translations: tuple[Translation, ...] = ()
    posted_again: str = ""
    may_leave: str = ""
    posting_at: float | None = None
    can_take_back: bool = False
    on_board: str = ""


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A letter that was kept apart: why, in a word and a sentence, and what can be read of it."""

    letter: str
    date: str
    reason: str
    sentence: str
    alarm: bool
    by: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class SavedFile:
    """An attachment that was written to `path`, or the problem that kept it from being."""

    name: str
    path: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class Queued:
    """An answer or a note that is safe in the outbox; a note takes no cells.

    posting_at: when its last cell goes, if the desk is on then; seconds since 1970.
    """

    id: str
    cells: int
    former_can_read: bool
    posting_at: float | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """An answer or a note that waits. cells: those not posted yet. begun: some of it went out."""

    id: str
    thread: str
    alias: str
    kind: EntryKind
    cells: int
    begun: bool
    posting_at: float | None
    preview: str


@dataclass(frozen=True, slots=True)
class ExportedLetter:
    """A sealed letter and the one identity that opens it, as stock `age` takes both."""

    letter: str
    sealed: bytes
    identity: str
