from silent_courier.protocol.payload import Attachment
from silent_courier.storage.vault import Vault, attachments
from silent_courier.storage.vault.attachments import AttachmentState
from tests.unit.storage.vault.kit import SOURCE, TODAY, file_letter

ENTRY = b"e" * 16


def described(number: int = 1, *, chunks: int = 2) -> Attachment:
    return Attachment(
        id=number.to_bytes(16, "big").hex(),
        name=f"file {number}",
        size=1_500_000,
        sha256="11" * 32,
        key="22" * 32,
        chunks=chunks,
    )


def add(vault: Vault, *items: Attachment) -> None:
    file_letter(vault, 1, entry=ENTRY)
    attachments.add(vault, ENTRY, items)


def test_an_attachment_is_complete_with_its_last_chunk(vault: Vault) -> None:
    add(vault, described())
    (kept,) = attachments.to_fetch(vault, TODAY)
    assert attachments.missing_positions(vault, kept) == [0, 1]
    assert not attachments.note_chunk(vault, kept, 1)
    assert not attachments.note_chunk(vault, kept, 1)
    assert attachments.missing_positions(vault, kept) == [0]
    assert attachments.note_chunk(vault, kept, 0)

    assert attachments.to_fetch(vault, TODAY) == []
    (complete,) = attachments.of_thread(vault, SOURCE)
    assert (complete.state, complete.here) == (AttachmentState.COMPLETE, 2)


def test_what_is_left_of_something_damaged_is_asked_for_and_never_makes_it_whole(
    vault: Vault,
) -> None:
    add(vault, described(1), described(2))
    damaged, _ = attachments.to_fetch(vault, TODAY)
    attachments.set_state(vault, damaged, AttachmentState.DAMAGED)
    assert not attachments.note_chunk(vault, damaged, 0)
    assert [a.name for a in attachments.to_fetch(vault, TODAY)] == ["file 1", "file 2"]
    late = TODAY + attachments.GONE_AFTER_DAYS + 1
    assert [a.name for a in attachments.to_fetch(vault, late)] == ["file 2"]
    assert not attachments.note_chunk(vault, damaged, 1)

    assert [a.name for a in attachments.to_fetch(vault, TODAY)] == ["file 2"]
    assert [(a.name, a.state.value) for a in attachments.of_thread(vault, SOURCE)] == [
        ("file 1", "damaged"),
        ("file 2", "waiting"),
    ]


def test_what_was_deleted_has_no_state(vault: Vault) -> None:
    add(vault, described())
    (kept,) = attachments.to_fetch(vault, TODAY)
    assert attachments.state_of(vault, kept) is AttachmentState.WAITING
    vault.run("UPDATE attachment SET entry = ?", b"o" * 16)

    assert attachments.state_of(vault, kept) is None


def test_what_is_not_there_is_asked_for_ever_less(vault: Vault) -> None:
    add(vault, described())
    asked = []
    for day in range(TODAY, TODAY + 40):
        for kept in attachments.to_fetch(vault, day):
            attachments.note_miss(vault, kept, day)
            asked.append(day - TODAY)

    assert asked == [0, 1, 2, 3, 4, 6, 10, 18, 26, 34]


def test_a_chunk_that_comes_ends_the_waiting_of_its_letter(vault: Vault) -> None:
    add(vault, described(1), described(2))
    first, second = attachments.to_fetch(vault, TODAY)
    for _ in range(5):
        attachments.note_miss(vault, first, TODAY)
    assert attachments.to_fetch(vault, TODAY) == []
    attachments.note_chunk(vault, second, 0)

    assert {kept.seq for kept in attachments.to_fetch(vault, TODAY)} == {first.seq, second.seq}


def test_what_no_server_can_hold_any_more_is_gone(vault: Vault) -> None:
    add(vault, described())
    attachments.give_up(vault, TODAY + attachments.GONE_AFTER_DAYS)
    assert len(attachments.to_fetch(vault, TODAY)) == 1
    attachments.give_up(vault, TODAY + attachments.GONE_AFTER_DAYS + 1)

    assert [kept.state.value for kept in attachments.of_thread(vault, SOURCE)] == ["gone"]


def test_a_kept_attachment_opens_its_chunks_but_does_not_show_its_key(vault: Vault) -> None:
    add(vault, described())
    (kept,) = attachments.to_fetch(vault, TODAY)
    seal = kept.seal(b"o" * 32)

    assert (seal.key, seal.org_id, seal.chunks) == (b"\x22" * 32, b"o" * 32, 2)
    assert seal.attachment_id == kept.id
    assert repr(kept.key) not in repr(kept)
