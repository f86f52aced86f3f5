from silent_courier.protocol.payload import Attachment
from silent_courier.storage.vault import Vault, attachments
from silent_courier.storage.vault.attachments import AttachmentState
from tests.unit.storage.vault.kit import SOURCE, file_letter

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
    (kept,) = attachments.to_fetch(vault)
    assert attachments.missing_positions(vault, kept) == [0, 1]
    assert not attachments.note_chunk(vault, kept, 1)
    assert not attachments.note_chunk(vault, kept, 1)
    assert attachments.missing_positions(vault, kept) == [0]
    assert attachments.note_chunk(vault, kept, 0)

    assert attachments.to_fetch(vault) == []
    (complete,) = attachments.of_thread(vault, SOURCE)
    assert (complete.state, complete.here) == (AttachmentState.COMPLETE, 2)


def test_what_is_damaged_is_not_fetched_again(vault: Vault) -> None:
    add(vault, described(1), described(2))
    damaged, _ = attachments.to_fetch(vault)
    attachments.set_state(vault, damaged, AttachmentState.DAMAGED)

    assert [a.name for a in attachments.to_fetch(vault)] == ["file 2"]
    assert [(a.name, a.state.value) for a in attachments.of_thread(vault, SOURCE)] == [
        ("file 1", "damaged"),
        ("file 2", "waiting"),
    ]


def test_a_kept_attachment_opens_its_chunks_but_does_not_show_its_key(vault: Vault) -> None:
    add(vault, described())
    (kept,) = attachments.to_fetch(vault)
    seal = kept.seal(b"o" * 32)

    assert (seal.key, seal.org_id, seal.chunks) == (b"\x22" * 32, b"o" * 32, 2)
    assert seal.attachment_id == kept.id
    assert repr(kept.key) not in repr(kept)
