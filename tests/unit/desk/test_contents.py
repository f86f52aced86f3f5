import pytest

from silent_courier.desk import Desk, list_threads, read_thread, sync
from silent_courier.desk.contents import find_attachment, numbered_attachment, open_content
from silent_courier.protocol.errors import UnknownThreadError, VaultDamagedError
from silent_courier.storage.vault.chunks import DIRECTORY_NAME
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import SmallServer, make_file, seal
from tests.unit.protocol.makers import Organisation, letter_payload


async def receive(desk: Desk, server: SmallServer, transport: Transport) -> str:
    files = [make_file(server.org, "a.txt", b"one"), make_file(server.org, "b.txt", b"two")]
    for file in files:
        server.chunks |= file.chunks
    attachments = tuple(file.attachment for file in files)
    server.put(seal(server.org, letter_payload(server.org, attachments=attachments)))
    await sync(desk, transport)
    (row,) = list_threads(desk)
    return row.thread


async def test_one_is_found_by_letter_and_place_or_by_its_number(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    thread = await receive(desk, server, transport)
    (entry,) = read_thread(desk, thread)
    second = find_attachment(desk, thread, entry.id, 1)
    assert second == numbered_attachment(desk, thread, entry.attachments[1].number)
    assert b"".join(open_content(desk.vault.directory, org.org_id, second)) == b"two"
    for position in (-1, 2):
        with pytest.raises(UnknownThreadError):
            find_attachment(desk, thread, entry.id, position)
        with pytest.raises(UnknownThreadError):
            numbered_attachment(desk, thread, position + 1)
    with pytest.raises(UnknownThreadError):
        find_attachment(desk, thread, "00" * 16, 0)


async def test_a_chunk_that_is_gone_from_the_disk_is_damage(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    thread = await receive(desk, server, transport)
    first = numbered_attachment(desk, thread, 1)
    for path in (desk.vault.directory / DIRECTORY_NAME).rglob("*"):
        if path.is_file():
            path.unlink()
    with pytest.raises(VaultDamagedError):
        list(open_content(desk.vault.directory, org.org_id, first))
