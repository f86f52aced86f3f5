import asyncio
import errno
from pathlib import Path

import pytest

from silent_courier.desk import AttachmentView, Desk, SyncReport, list_threads, read_thread, sync
from silent_courier.desk import chunks as chunks_module
from silent_courier.desk.report import Trouble
from silent_courier.desk.retention import delete_thread
from silent_courier.protocol.attachment import AttachmentSeal
from silent_courier.protocol.errors import TorError, VaultError
from silent_courier.protocol.sizes import CHUNK_LEN, SEALED_CHUNK_LEN
from silent_courier.storage.vault.attachments import GONE_AFTER_DAYS
from silent_courier.storage.vault.chunks import DIRECTORY_NAME
from silent_courier.tor.transport import Transport
from tests.servers import Seen, ok
from tests.unit.desk.kit import (
    File,
    SmallServer,
    changed,
    hang_up,
    make_desk,
    make_file,
    seal,
    status,
)
from tests.unit.protocol.makers import Organisation, letter_payload, source_id


@pytest.fixture
def file(org: Organisation) -> File:
    """Nine chunks of content, twelve with padding."""
    return make_file(org, "video", bytes(range(256)) * (9 * CHUNK_LEN // 256))


@pytest.fixture
def sent(org: Organisation, server: SmallServer, file: File) -> File:
    server.chunks |= file.chunks
    server.put(seal(org, letter_payload(org, attachments=(file.attachment,))))
    return file


def view(desk: Desk, org: Organisation, name: str = "video") -> AttachmentView:
    entries = read_thread(desk, source_id(org).hex())
    return next(a for entry in entries for a in entry.attachments if a.name == name)


def asked(server: SmallServer) -> list[str]:
    return [seen.path for seen in server.seen if seen.path.startswith("/v1/chunks/")]


def on_disk(desk: Desk) -> int:
    return sum(p.is_file() for p in (desk.vault.directory / DIRECTORY_NAME).rglob("*"))


def path_of(sent: File, position: int) -> str:
    return f"/v1/chunks/{list(sent.chunks)[position]}"


async def test_every_chunk_is_fetched_once_and_padding_is_not_kept(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, sent: File
) -> None:
    report = await sync(desk, transport)
    await sync(desk, transport)

    assert (report.chunks, report.attachments) == (12, 1)
    assert sorted(asked(server)) == sorted(path_of(sent, n) for n in range(12))
    assert on_disk(desk) == 9
    assert view(desk, org).state == "complete"


async def test_a_fetch_that_breaks_off_is_gone_on_with(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, sent: File
) -> None:
    server.overrides[path_of(sent, 7)] = hang_up
    with pytest.raises(TorError):
        await sync(desk, transport)
    before = view(desk, org).chunks_here
    assert 1 <= before < 12
    server.overrides.clear()
    server.seen.clear()
    report = await sync(desk, transport)

    assert report.chunks == len(asked(server)) == 12 - before
    assert view(desk, org).state == "complete"


async def test_a_fetch_can_be_stopped_and_gone_on_with(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, sent: File
) -> None:
    def stop(step: str, done: int, _: int) -> None:
        if (step, done) == ("attachments", 3):
            running.cancel()

    running = asyncio.create_task(sync(desk, transport, stop))
    with pytest.raises(asyncio.CancelledError):
        await running
    assert 0 < view(desk, org).chunks_here < 12

    assert (await sync(desk, transport)).attachments == 1


async def test_chunks_that_nobody_uploaded_cost_one_question(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, sent: File
) -> None:
    server.chunks.clear()
    report = await sync(desk, transport)

    assert (report.chunks, len(asked(server))) == (0, 1)
    assert view(desk, org).state == "waiting"
    assert report.troubles == ()


async def test_a_stranger_who_names_what_nobody_uploaded_is_asked_ever_less_and_then_no_more(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    files = tuple(make_file(org, f"file {n}", b"x").attachment for n in range(16))
    for n in range(3):
        server.put(seal(org, letter_payload(org, id=f"{n:032x}", text=f"{n}", attachments=files)))
    questions = []
    for _ in range(GONE_AFTER_DAYS + 2):
        await sync(desk, transport)
        questions.append(len(asked(server)))
        server.seen.clear()
        server.days.clear()
        server.clock.turn(1)

    assert questions[:3] == [3, 3, 3]
    assert sum(questions) < 3 * 12
    assert questions[-1] == 0
    assert view(desk, org, "file 7").state == "gone"


async def test_a_sync_asks_only_so_often_for_what_is_not_there(
    desk: Desk,
    server: SmallServer,
    transport: Transport,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chunks_module, "LETTERS_ABSENT_A_SYNC", 2)
    org = server.org
    for n in range(5):
        absent = make_file(org, f"file {n}", b"x").attachment
        server.put(
            seal(org, letter_payload(org, id=f"{n:032x}", text=f"{n}", attachments=(absent,)))
        )
    await sync(desk, transport)
    assert len(asked(server)) == 2

    late = make_file(org, "late", b"x")
    server.chunks |= late.chunks
    payload = letter_payload(org, id="ab" * 16, text="late", attachments=(late.attachment,))
    server.put(seal(org, payload))
    await sync(desk, transport)
    await sync(desk, transport)
    assert view(desk, org, "late").state == "complete"


async def test_one_lost_attachment_keeps_no_other_of_its_letter_away(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, file: File
) -> None:
    other = make_file(org, "other", b"content")
    server.chunks |= other.chunks
    both = (file.attachment, other.attachment)
    server.put(seal(org, letter_payload(org, attachments=both)))
    await sync(desk, transport)
    await sync(desk, transport)
    assert (view(desk, org).state, view(desk, org, "other").state) == ("waiting", "complete")

    server.chunks |= file.chunks
    await sync(desk, transport)
    assert view(desk, org).state == "complete"


async def test_a_gap_in_the_middle_ends_the_attempt_and_not_the_sync(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, sent: File
) -> None:
    other = make_file(org, "other", b"content")
    del server.chunks[list(sent.chunks)[1]]
    server.chunks |= other.chunks
    payload = letter_payload(org, id="ab" * 16, attachments=(other.attachment,))
    server.put(seal(org, payload))
    report = await sync(desk, transport)

    assert report.attachments == 1
    assert view(desk, org).state == "waiting"


@pytest.mark.parametrize("position", [0, 5, 11])
async def test_a_damaged_chunk_damages_its_attachment_alone(
    desk: Desk,
    server: SmallServer,
    transport: Transport,
    sent: File,
    position: int,
) -> None:
    server.chunks[list(sent.chunks)[position]] = bytes(SEALED_CHUNK_LEN)
    report = await sync(desk, transport)
    assert report.troubles == (Trouble.CHUNK_DAMAGED.value,)
    assert view(desk, server.org).state == "damaged"
    # What a server spoils must not show it which chunks belong together.
    assert sorted(asked(server)) == sorted(path_of(sent, n) for n in range(12))
    assert on_disk(desk) < 9 or position == 11

    server.seen.clear()
    await sync(desk, transport)
    assert asked(server) == []


async def test_chunks_cannot_change_places(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, sent: File
) -> None:
    names = list(sent.chunks)
    server.chunks[names[0]], server.chunks[names[1]] = sent.chunks[names[1]], sent.chunks[names[0]]
    await sync(desk, transport)

    assert view(desk, org).state == "damaged"


@pytest.mark.parametrize("answer", [status(500), lambda _: ok(b"short")])
async def test_a_nonsense_answer_is_a_trouble_and_tried_again_later(
    desk: Desk,
    server: SmallServer,
    transport: Transport,
    sent: File,
    answer: object,
) -> None:
    server.overrides[path_of(sent, 0)] = answer  # type: ignore[assignment]
    report = await sync(desk, transport)
    assert report.troubles == (Trouble.CHUNK_REFUSED.value,)
    server.overrides.clear()

    assert (await sync(desk, transport)).attachments == 1


async def test_a_full_disk_stops_the_files_and_nothing_else(
    desk: Desk,
    org: Organisation,
    transport: Transport,
    sent: File,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "")

    with monkeypatch.context() as patch:
        patch.setattr("silent_courier.storage.files.os.fsync", full)
        report = await sync(desk, transport)
    assert report.troubles == (Trouble.VAULT_FULL.value,)
    assert report.letters == 1
    assert on_disk(desk) == view(desk, org).chunks_here

    assert (await sync(desk, transport)).attachments == 1


async def test_the_lanes_are_few(
    desk: Desk, transport: Transport, sent: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most = 0, 0
    honest = chunks_module._fetch_one

    async def counted(session: object, *rest: object) -> chunks_module.Chunk:
        nonlocal running, most
        running += 1
        most = max(most, running)
        try:
            return await honest(session, *rest)  # type: ignore[arg-type]
        finally:
            running -= 1

    monkeypatch.setattr(chunks_module, "_fetch_one", counted)
    report: SyncReport = await sync(desk, transport)
    assert report.attachments == 1
    assert 1 < most <= chunks_module.LANES


async def test_two_attachments_under_one_key_are_both_kept(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    file = make_file(org, "same", b"content")
    server.chunks |= file.chunks
    twice = (file.attachment, file.attachment)
    server.put(seal(org, letter_payload(org, attachments=twice)))

    assert (await sync(desk, transport)).attachments == 2
    assert on_disk(desk) == 1


async def test_a_damaged_vault_directory_is_said(
    desk: Desk, transport: Transport, sent: File, tmp_path: Path
) -> None:
    (desk.vault.directory / DIRECTORY_NAME).write_bytes(b"")

    with pytest.raises(VaultError):
        await sync(desk, transport)


@pytest.mark.usefixtures("sent")
async def test_a_sync_asks_for_so_many_chunks_and_the_next_one_goes_on(
    desk: Desk,
    org: Organisation,
    server: SmallServer,
    transport: Transport,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chunks_module, "CHUNKS_A_SYNC", 5)
    asked_for = []
    for _ in range(3):
        await sync(desk, transport)
        asked_for.append(len(asked(server)))

    assert asked_for == [5, 10, 12]
    assert view(desk, org).state == "complete"


async def test_what_was_read_and_what_was_not_is_fetched_alike(
    tmp_path: Path, org: Organisation, server: SmallServer, transport: Transport, sent: File
) -> None:
    questions = []
    for name in ("read", "unread"):
        server.overrides = {path_of(sent, n): hang_up for n in range(12)}
        desk = make_desk(tmp_path / name, org, clock=server.clock)
        with pytest.raises(TorError):
            await sync(desk, transport)
        if name == "read":
            read_thread(desk, source_id(org).hex())
        server.overrides = {}
        server.seen.clear()
        await sync(desk, transport)
        questions.append(sorted(asked(server)))
        desk.vault.close()

    assert questions[0] == questions[1] != []


@pytest.mark.parametrize("spoiled", [False, True])
async def test_a_server_sees_the_same_of_a_desk_that_deletes_and_of_one_that_keeps(
    tmp_path: Path, org: Organisation, server: SmallServer, transport: Transport, spoiled: bool
) -> None:
    """It withholds or spoils a chunk of each letter, and watches when nobody asks any more."""
    files = [make_file(org, name, bytes(5 * CHUNK_LEN)) for name in ("one", "two", "three")]
    letters = [letter_payload(org, id=f"{n:032x}", attachments=()) for n in range(2)]
    both = tuple(file.attachment for file in files[:2])
    for payload, files_of in ((letters[0], both), (letters[1], (files[2].attachment,))):
        server.put(seal(org, changed(payload, attachments=files_of)))
    begun, seen = server.clock.now, []
    for deletes in (False, True):
        server.clock.now = begun
        server.chunks = {name: chunk for file in files for name, chunk in file.chunks.items()}
        withheld = {list(file.chunks)[3]: list(file.chunks.values())[3] for file in files}
        for name in withheld:
            del server.chunks[name]
        desk = make_desk(tmp_path / str(deletes), org, clock=server.clock)
        days = []
        for number, days_on in enumerate((*[1] * 12, GONE_AFTER_DAYS - 12, 1, 1)):
            if number == 9:
                server.chunks |= dict.fromkeys(withheld, bytes(SEALED_CHUNK_LEN))
                server.chunks |= {} if spoiled else withheld
                del server.chunks[list(files[1].chunks)[5]]
            server.seen.clear()
            await sync(desk, transport)
            days.append(sorted(asked(server)))
            if deletes and number == 2:
                delete_thread(desk, source_id(org).hex())
            server.clock.turn(days_on)
        seen.append(days)
        if deletes:
            assert on_disk(desk) == 0
            assert desk.vault.row("SELECT count(*) FROM debt_chunk") == (0,)
        desk.vault.close()

    assert seen[0] == seen[1]
    assert sum(map(len, seen[0])) > 30


async def test_what_is_deleted_while_it_is_fetched_is_fetched_to_its_end_and_leaves_nothing(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, sent: File
) -> None:
    names = list(sent.chunks)

    def deleting(seen: Seen) -> bytes:
        delete_thread(desk, source_id(org).hex())
        return ok(sent.chunks[names[5]])

    server.overrides[path_of(sent, 5)] = deleting
    await sync(desk, transport)

    assert sorted(asked(server)) == sorted(path_of(sent, n) for n in range(12))
    assert on_disk(desk) == 0
    left = (
        "SELECT (SELECT count(*) FROM chunk), (SELECT count(*) FROM debt), count(*) FROM debt_chunk"
    )
    assert desk.vault.row(left) == (0, 0, 0)


async def test_a_chunk_that_is_deleted_while_it_is_written_leaves_no_file(
    desk: Desk,
    org: Organisation,
    transport: Transport,
    sent: File,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    honest, loop = chunks_module._check_and_keep, asyncio.get_running_loop()

    async def delete() -> None:
        if list_threads(desk):
            delete_thread(desk, source_id(org).hex())

    def slow(
        directory: Path | None, seal: AttachmentSeal, piece: tuple[int, bytes], sealed: bytes
    ) -> bool:
        if piece[0] == 4:
            asyncio.run_coroutine_threadsafe(delete(), loop).result(10)
        return honest(directory, seal, piece, sealed)

    monkeypatch.setattr(chunks_module, "_check_and_keep", slow)
    await sync(desk, transport)

    assert on_disk(desk) == 0
