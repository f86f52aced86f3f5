from silent_courier.desk import Desk, read_thread, sync
from silent_courier.desk import examining as module
from silent_courier.desk.contents import numbered_attachment
from silent_courier.desk.examining import RULES, examine_new, examine_one
from silent_courier.storage.vault import facts
from silent_courier.storage.vault.attachments import AttachmentState
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import File, SmallServer, make_file, seal
from tests.unit.desk.sandbox import hostile
from tests.unit.protocol.makers import Organisation, letter_payload, source_id


async def receive(desk: Desk, server: SmallServer, transport: Transport, *files: File) -> str:
    for file in files:
        server.chunks |= file.chunks
    attachments = tuple(file.attachment for file in files)
    server.put(seal(server.org, letter_payload(server.org, attachments=attachments)))
    await sync(desk, transport)
    return source_id(server.org).hex()


async def test_a_sync_looks_at_what_it_brought(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    thread = await receive(
        desk,
        server,
        transport,
        make_file(org, "photo.jpg", b"MZ\x90\0"),
        make_file(org, "page.pdf", hostile.pdf()),
        File(make_file(org, "waits", b"x").attachment, {}),
    )
    program, page, waits = read_thread(desk, thread)[0].attachments
    assert (program.label, program.drawn) == ("Windows program", False)
    assert program.signs == ("mismatch", "program")
    assert program.warnings[1] == "It is a program."
    assert (page.type, page.drawn, page.warnings) == ("pdf", True, ())
    assert (waits.type, waits.label, waits.drawn) == ("", "", False)


async def test_content_that_is_not_what_the_letter_said_is_damaged_from_then_on(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    lie = make_file(org, "a.txt", b"x", sha256="00" * 32)
    thread = await receive(desk, server, transport, lie)
    (shown,) = read_thread(desk, thread)[0].attachments
    assert (shown.state, shown.type) == ("damaged", "")
    assert examine_one(desk, numbered_attachment(desk, thread, 1)) is None


async def test_newer_rules_look_again_and_the_same_ones_do_not(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    thread = await receive(desk, server, transport, make_file(org, "a.txt", b"x"))
    seq = numbered_attachment(desk, thread, 1).seq
    assert facts.not_examined(desk.vault, RULES) == []
    assert [a.seq for a in facts.not_examined(desk.vault, RULES + 1)] == [seq]
    desk.vault.run("DELETE FROM attachment_fact")
    await examine_new(desk)
    kept = facts.of_attachment(desk.vault, seq)
    assert kept is not None
    assert kept.type == "text"


async def test_a_long_one_is_read_at_its_beginning_and_its_end(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    long = hostile.zipped(filler=b"x") + bytes(5 << 20) + hostile.office("word", macros=True)
    thread = await receive(desk, server, transport, make_file(org, "a.docm", long))
    attachment = numbered_attachment(desk, thread, 1)
    whole = module.WHOLE_CHUNKS
    module.WHOLE_CHUNKS = 1  # type: ignore[misc]
    try:
        found = examine_one(desk, attachment)
    finally:
        module.WHOLE_CHUNKS = whole  # type: ignore[misc]
    assert found is not None
    assert (found.type.name, attachment.state) == ("docx", AttachmentState.COMPLETE)
    assert "macros" in found.warnings
