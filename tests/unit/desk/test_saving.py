from pathlib import Path

import pytest

from silent_courier.desk import Desk, SavedFile, read_thread, save_attachments, sync
from silent_courier.desk.saving import note_saved, prepare_saving, save_content
from silent_courier.protocol.errors import FolderError, UnknownThreadError
from silent_courier.protocol.sizes import CHUNK_LEN
from silent_courier.storage.vault.chunks import DIRECTORY_NAME
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import File, SmallServer, make_file, seal
from tests.unit.protocol.makers import Organisation, letter_payload, source_id

BIG = bytes(range(256)) * (CHUNK_LEN // 256) + b"and a little more"


async def receive(desk: Desk, server: SmallServer, transport: Transport, *files: File) -> str:
    """A letter with these files, synced; the thread."""
    attachments = tuple(file.attachment for file in files)
    for file in files:
        server.chunks |= file.chunks
    server.put(seal(server.org, letter_payload(server.org, attachments=attachments)))
    await sync(desk, transport)
    return source_id(server.org).hex()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("content", [b"", b"x", BIG[:CHUNK_LEN], BIG, BIG * 4])
async def test_what_is_saved_is_what_was_sent(
    desk: Desk,
    server: SmallServer,
    transport: Transport,
    tmp_path: Path,
    content: bytes,
) -> None:
    thread = await receive(desk, server, transport, make_file(server.org, "фото.jpg", content))
    (saved,) = save_attachments(desk, thread, tmp_path / "out")

    assert saved == SavedFile("фото.jpg", str(tmp_path / "out" / "фото.jpg"), None)
    assert contents(tmp_path / "out") == {"фото.jpg": content}


async def test_a_saved_file_is_private_and_never_over_another(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    files = [make_file(org, "a.txt", b"one"), make_file(org, "../a.txt", b"two")]
    thread = await receive(desk, server, transport, *files)
    out = tmp_path / "out"
    for _ in range(2):
        save_attachments(desk, thread, out)

    assert (out / "a.txt").read_bytes() == b"one"
    assert (out / "a (2).txt").read_bytes() == b"two"
    assert (out / "a (3).txt").read_bytes() == b"one"
    assert (out / "a.txt").stat().st_mode & 0o777 == 0o600
    assert not any(name.endswith(".part") for name in contents(out))


async def test_a_name_that_leads_elsewhere_stays_in_the_folder(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    names = ["../../outside", "/etc/passwd", "CON", "\u202egpj.exe", ".."]
    files = [make_file(org, name, b"x") for name in names]
    thread = await receive(desk, server, transport, *files)
    saved = save_attachments(desk, thread, tmp_path / "deep" / "out")

    assert [file.name for file in saved] == names
    paths = {Path(file.path or "") for file in saved}
    assert len(paths) == len(names)
    assert {path.parent for path in paths} == {tmp_path / "deep" / "out"}


async def test_a_link_in_the_folder_is_not_followed(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    thread = await receive(desk, server, transport, make_file(org, "a.txt", b"one"))
    out, victim = tmp_path / "out", tmp_path / "victim"
    out.mkdir()
    (out / "a.txt").symlink_to(victim)
    save_attachments(desk, thread, out)

    assert not victim.exists()
    assert (out / "a (2).txt").read_bytes() == b"one"


@pytest.mark.parametrize("lie", [{"sha256": "00" * 32}, {"size": 6}, {"size": 8}, {"size": 0}])
async def test_a_content_that_is_not_what_the_letter_says_is_not_saved(
    desk: Desk,
    server: SmallServer,
    transport: Transport,
    tmp_path: Path,
    lie: dict[str, object],
) -> None:
    files = [
        make_file(server.org, "bad", b"content", **lie),
        make_file(server.org, "good", b"content"),
    ]
    thread = await receive(desk, server, transport, *files)
    saved = save_attachments(desk, thread, tmp_path / "out")

    assert [(file.name, file.problem) for file in saved] == [("bad", "damaged"), ("good", None)]
    assert contents(tmp_path / "out") == {"good": b"content"}
    assert read_thread(desk, thread)[0].attachments[0].state == "damaged"


async def test_a_chunk_altered_on_our_own_disk_is_not_saved(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    thread = await receive(desk, server, transport, make_file(org, "a.txt", b"one"))
    (chunk,) = (p for p in (desk.vault.directory / DIRECTORY_NAME).rglob("*") if p.is_file())
    content = bytearray(chunk.read_bytes())
    content[500_000] ^= 1
    chunk.write_bytes(content)

    (saved,) = save_attachments(desk, thread, tmp_path / "out")
    assert (saved.path, saved.problem) == (None, "damaged")
    assert contents(tmp_path / "out") == {}


async def test_what_is_not_here_yet_is_said(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    file = make_file(org, "a.txt", b"one")
    thread = await receive(desk, server, transport, File(file.attachment, {}))

    (saved,) = save_attachments(desk, thread, tmp_path)
    assert (saved.path, saved.problem) == (None, "waiting")


async def test_a_folder_that_cannot_be_written_to_is_said(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    thread = await receive(desk, server, transport, make_file(org, "a.txt", b"one"))
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(FolderError):
        save_attachments(desk, thread, tmp_path / "file")
    with pytest.raises(UnknownThreadError):
        save_attachments(desk, "ab" * 32, tmp_path)


async def test_what_stands_on_disk_is_ciphertext(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    file = make_file(org, "secret-name.txt", b"a very secret content" * 100)
    await receive(desk, server, transport, file)
    everything = b"".join(p.read_bytes() for p in desk.vault.directory.rglob("*") if p.is_file())

    assert b"a very secret content" not in everything
    assert b"secret-name" not in everything
    assert bytes.fromhex(file.attachment.key) not in everything


async def test_one_attachment_is_saved_and_no_other(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    files = [make_file(org, "a.txt", b"one"), make_file(org, "b.txt", b"two")]
    thread = await receive(desk, server, transport, *files)
    (entry,) = read_thread(desk, thread)
    found = prepare_saving(desk, thread, entry.id, 1)
    saved = save_content(desk.vault.directory, org.org_id, found, tmp_path / "out")

    assert saved == SavedFile("b.txt", str(tmp_path / "out" / "b.txt"), None)
    assert contents(tmp_path / "out") == {"b.txt": b"two"}
    assert note_saved(desk, found, saved) is saved
    assert read_thread(desk, thread)[0].attachments[1].state == "complete"
    for position in (2, -1):
        with pytest.raises(UnknownThreadError):
            prepare_saving(desk, thread, entry.id, position)
