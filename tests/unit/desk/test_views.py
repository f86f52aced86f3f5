import json
from dataclasses import asdict

from silent_courier.desk import AttachmentView, QuarantineRow, ThreadEntry, ThreadRow

ENTRY = ThreadEntry(
    kind="letter",
    id="00",
    date="2026-11-23",
    by=None,
    own=False,
    text="Привет",
    language="ru",
    generation=1,
    letter=None,
    resealed_by=None,
    former_can_read=False,
    state="received",
    form=(("what", "a thing"),),
    attachments=(AttachmentView("a.txt", 1, "00", "waiting", 0, 1),),
)


def test_views_are_ready_to_be_json() -> None:
    row = ThreadRow(
        "00", "tawny heron", 1, 0, 0, 1, 1, "ru", "2026-11-23", "2026-11-23", ("Анна",), "Привет"
    )
    kept_apart = QuarantineRow("00", "2026-11-23", "odd-day", "Why.", False, None, None)

    for view in (ENTRY, row, kept_apart):
        assert json.loads(json.dumps(asdict(view)))
