"""The handler's desk: sync, threads, answers, over a vault and a transport. Spec §14.

Everything takes a `Desk`; only `sync` reaches the network.
"""

from silent_courier.desk.alarms import AlarmRow, dismiss, list_alarms
from silent_courier.desk.answering import note, reply, reseal
from silent_courier.desk.board_watch import as_stranger
from silent_courier.desk.closing import close_until, closed_until, open_again
from silent_courier.desk.desk import Clock, Desk, PortalMaker, Random, take_up
from silent_courier.desk.exporting import export_letter
from silent_courier.desk.previewing import Preview, preview_attachment
from silent_courier.desk.queue import list_queue, take_back
from silent_courier.desk.reading import (
    find_thread,
    list_quarantine,
    list_thread,
    list_threads,
    read_acts,
    read_thread,
)
from silent_courier.desk.releasing import release
from silent_courier.desk.report import SyncReport
from silent_courier.desk.saving import save_attachments
from silent_courier.desk.searching import Hit, Results, index_more, search_all
from silent_courier.desk.session import Progress
from silent_courier.desk.settling import settle
from silent_courier.desk.setup import DeskInfo, info, init, join, make_request, tor_client_key
from silent_courier.desk.syncing import sync
from silent_courier.desk.views import (
    AttachmentView,
    ExportedLetter,
    QuarantineRow,
    Queued,
    QueueRow,
    SavedFile,
    ThreadEntry,
    ThreadRow,
    ThreadTeam,
)
from silent_courier.desk.vouching import sign_portal

__all__ = [
    "AlarmRow",
    "AttachmentView",
    "Clock",
    "Desk",
    "DeskInfo",
    "ExportedLetter",
    "Hit",
    "PortalMaker",
    "Preview",
    "Progress",
    "QuarantineRow",
    "QueueRow",
    "Queued",
    "Random",
    "Results",
    "SavedFile",
    "SyncReport",
    "ThreadEntry",
    "ThreadRow",
    "ThreadTeam",
    "as_stranger",
    "close_until",
    "closed_until",
    "dismiss",
    "export_letter",
    "find_thread",
    "index_more",
    "info",
    "init",
    "join",
    "list_alarms",
    "list_quarantine",
    "list_queue",
    "list_thread",
    "list_threads",
    "make_request",
    "note",
    "open_again",
    "preview_attachment",
    "read_acts",
    "read_thread",
    "release",
    "reply",
    "reseal",
    "save_attachments",
    "search_all",
    "settle",
    "sign_portal",
    "sync",
    "take_back",
    "take_up",
    "tor_client_key",
]
