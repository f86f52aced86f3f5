"""What a source does holds for every text, name, file and board."""

import secrets

from hypothesis import given, settings
from hypothesis import strategies as st

from silent_courier.protocol.board_format import Board
from silent_courier.protocol.errors import AttachmentChangedError, PayloadTooLongError
from silent_courier.protocol.keyring import verify_keyring
from silent_courier.protocol.sizes import (
    CELL_LEN,
    CHUNK_LEN,
    TAG_LEN,
    TAGS_PER_WEEK,
    chunk_count,
    letter_len,
)
from silent_courier.protocol.thread import derive_tags
from silent_courier.source.attachments import (
    NAME_CHARS_MAX,
    AttachmentSource,
    attach_bytes,
    plain_name,
    read_chunk,
    read_through,
)
from silent_courier.source.compose import Draft, attach_text, check_fits, compose_letter
from silent_courier.source.mailbox import Mailbox, read_mailbox
from silent_courier.source.seal import seal_for
from tests.unit.source.small_portal import ENTROPY, TODAY, make_portal, thread_key

PORTAL = make_portal()
CHARTER = PORTAL.charter
KEYRING = verify_keyring(PORTAL.keyring(), CHARTER.org_id, TODAY)
TAGS = derive_tags(thread_key(CHARTER, TODAY), 1)

texts = st.text(st.characters(exclude_categories=["Cs"]))


@settings(max_examples=25, deadline=None)
@given(text=texts, repeat=st.integers(1, 5000))
def test_every_letter_has_one_length(text: str, repeat: int) -> None:
    draft = Draft(text * repeat)
    try:
        check_fits(draft)
    except PayloadTooLongError:
        draft = attach_text(draft)
    payload = compose_letter(draft, (), b"i" * 16, charter=CHARTER, entropy=ENTROPY, day=TODAY)

    assert len(seal_for(KEYRING, payload, secrets.token_bytes)) == letter_len(4)


@given(name=st.text())
def test_a_name_is_never_a_path(name: str) -> None:
    plain = plain_name(name)

    assert 1 <= len(plain) <= NAME_CHARS_MAX
    assert not set("/\\\0\n") & set(plain)
    assert plain not in {".", ".."}
    plain.encode("utf-8")


@settings(max_examples=20, deadline=None)
@given(size=st.integers(0, 3 * CHUNK_LEN), seed=st.binary(min_size=1, max_size=9))
def test_chunks_are_the_file_and_padding(size: int, seed: bytes) -> None:
    data = (seed * (size // len(seed) + 1))[:size]
    source = attach_bytes("a", data)
    digest = read_through(source, lambda _: None)

    parts = [read_chunk(source, digest, index) for index in range(chunk_count(size))]
    assert b"".join(parts) == data


@settings(max_examples=20, deadline=None)
@given(place=st.integers(0, 2 * CHUNK_LEN - 1), bit=st.integers(0, 7))
def test_any_bit_that_changes_is_noticed(place: int, bit: int) -> None:
    data = bytearray(2 * CHUNK_LEN)
    digest = read_through(attach_bytes("a", bytes(data)), lambda _: None)
    data[place] ^= 1 << bit
    changed: AttachmentSource = attach_bytes("a", bytes(data))

    try:
        read_chunk(changed, digest, place // CHUNK_LEN)
    except AttachmentChangedError:
        return
    raise AssertionError


@settings(max_examples=50, deadline=None)
@given(
    numbers=st.sets(st.integers(0, TAGS_PER_WEEK - 1), max_size=20),
    body=st.binary(min_size=CELL_LEN - TAG_LEN, max_size=CELL_LEN - TAG_LEN),
)
def test_whatever_stands_under_our_tags_is_counted_and_stops_nothing(
    numbers: set[int], body: bytes
) -> None:
    tags = [TAGS[n * TAG_LEN : (n + 1) * TAG_LEN] for n in numbers]
    board = Board(1, {tag: tag + body for tag in tags})

    assert read_mailbox(board, CHARTER, ENTROPY, TODAY) == Mailbox((), (), 0, len(numbers))
