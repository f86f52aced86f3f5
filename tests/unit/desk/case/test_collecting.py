import pytest

from silent_courier.desk import Desk, list_threads
from silent_courier.desk.case import collect_case
from silent_courier.protocol.errors import UnknownThreadError
from silent_courier.storage.vault import audit
from silent_courier.tor.transport import Transport
from tests.unit.desk.case.kit import TEXT, make_case
from tests.unit.desk.kit import SmallServer


async def test_a_case_has_all_that_was_written_and_reads_nothing(
    desk: Desk, server: SmallServer, transport: Transport
) -> None:
    thread = await make_case(desk, server, transport)
    unread = list_threads(desk)[0].unread
    case = collect_case(desk, [thread, thread[:8], thread])

    assert list_threads(desk)[0].unread == unread == 1
    (only,) = case.threads[:1]
    assert [item.entry.kind for item in only.entries] == ["letter", "reply", "note"]
    assert only.entries[0].entry.text == TEXT
    assert [file.is_here for file in only.entries[0].files] == [True] * 4 + [False] * 2
    assert [file.drawable is not None for file in only.entries[0].files] == [
        *(True, False, True, True, False, False)
    ]
    assert (case.by, case.has_notes, case.has_files) == ("Handler 0", True, True)
    exported = [row for row in audit.every(desk.vault) if row.act == "exported"]
    assert [row.detail for row in exported] == ["case"]


async def test_notes_and_files_can_be_left_out(
    desk: Desk, server: SmallServer, transport: Transport
) -> None:
    thread = await make_case(desk, server, transport)
    (only,) = collect_case(desk, [thread], notes=False, files=False).threads
    assert [item.entry.kind for item in only.entries] == ["letter", "reply"]
    assert only.entries[0].files == ()


async def test_a_thread_that_is_not_there_is_no_case(desk: Desk) -> None:
    with pytest.raises(UnknownThreadError):
        collect_case(desk, ["00" * 32])
