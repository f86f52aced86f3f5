"""Round trips and constant lengths, for whatever a person or a program may put in."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from silent_courier.protocol.board import find_fragments
from silent_courier.protocol.board_format import Board, encode_board, parse_board
from silent_courier.protocol.chain import encode_chain, parse_chain
from silent_courier.protocol.errors import MalformedLetterError
from silent_courier.protocol.frame import frame, unframe
from silent_courier.protocol.keyring import Keyring, encode_keyring, parse_keyring
from silent_courier.protocol.letter import (
    open_letter,
    read_letter,
    seal_colleague_letter,
    seal_source_letter,
)
from silent_courier.protocol.payload import FormAnswer
from silent_courier.protocol.reply import cells_needed, join_fragments, seal_reply
from silent_courier.protocol.sizes import CELL_LEN, CHUNK_LEN, chunk_count, letter_len
from silent_courier.protocol.statements import (
    Closure,
    DayStatement,
    SignOfLife,
    Statements,
    encode_statements,
    parse_statements,
)
from silent_courier.protocol.strict_json import parse_object
from silent_courier.protocol.thread import ThreadKey
from silent_courier.protocol.words import WORD_LISTS, decode_words, encode_words
from tests.unit.protocol.makers import (
    day_identity,
    device_key,
    drawing,
    letter_payload,
    make_organisation,
    note_payload,
    recipient,
    reply_payload,
    thread_key,
)

ORG = make_organisation(2)
KEYS = ORG.charter.current_devices

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=1500)
u16, u32 = st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1)
cells = st.lists(st.binary(min_size=CELL_LEN, max_size=CELL_LEN), max_size=5)
signature = st.binary(min_size=64, max_size=64)
key = st.binary(min_size=1216, max_size=1216)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(1 - 2**53, 2**53 - 1) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=5,
)


@given(st.binary(min_size=16, max_size=16), st.sampled_from(sorted(WORD_LISTS)))
def test_words_lead_back_to_their_entropy(entropy: bytes, language: str) -> None:
    assert decode_words(" ".join(encode_words(entropy, language)), language) == entropy


@given(text, st.lists(text, max_size=5), st.integers(2, 6))
def test_letter_is_of_one_length_and_comes_back(words: str, answers: list[str], slots: int) -> None:
    form = tuple(FormAnswer(question="what", answer=answer[:50]) for answer in answers)
    payload = letter_payload(ORG, text=words, form=form)
    sealed = seal_source_letter(payload, [recipient(4), recipient(0)], slots, drawing())

    assert len(sealed) == letter_len(slots)
    opened = open_letter(sealed, [day_identity(0)])
    assert read_letter(opened.plaintext, ORG.org_id, KEYS).payload == payload


@given(text, st.sampled_from([0, 4]))
def test_colleague_letter_comes_back_with_its_signer(words: str, device: int) -> None:
    payload = note_payload(ORG, text=words)
    sealed = seal_colleague_letter(payload, device_key(device), [recipient(0)], 2, drawing())

    letter = read_letter(open_letter(sealed, [day_identity(0)]).plaintext, ORG.org_id, KEYS)
    assert (letter.payload, letter.device) == (payload, device)


@given(st.data(), text, st.sampled_from([0, 4]), st.builds(thread_key, st.integers(0, 60)))
def test_reply_is_found_whole_among_others(
    data: st.DataObject, words: str, device: int, own: ThreadKey
) -> None:
    payload = reply_payload(ORG, text=words)
    count = cells_needed(payload)
    numbers = data.draw(st.lists(st.integers(0, 255), min_size=count, max_size=count, unique=True))
    sealed = seal_reply(payload, device_key(device), own, numbers, drawing())
    by_tag = {cell[:16]: cell for cell in [*data.draw(cells), *sealed]}

    board = parse_board(encode_board(1, by_tag.values()))
    found, damaged = find_fragments(board, [own], [0, 4])
    parts = data.draw(st.permutations([f.fragment for f in found]))

    assert damaged == 0
    assert {len(cell) for cell in sealed} == {CELL_LEN}
    assert join_fragments(parts, device, ORG.org_id, KEYS).payload == payload


@given(st.binary(max_size=60))
def test_frame_comes_back(payload: bytes) -> None:
    assert unframe(frame(payload, 64), MalformedLetterError) == payload


@given(st.dictionaries(text, json_values, max_size=4))
def test_lawful_json_is_read_as_it_was_written(value: dict[str, object]) -> None:
    if _depth(value) <= 4:
        assert parse_object(msgspec.json.encode(value)) == value


def _depth(value: object) -> int:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max(map(_depth, inner), default=0)
    return 0


@given(st.integers(0, 2**64 - 1), cells)
def test_board_comes_back_the_same_in_any_order(epoch: int, some: list[bytes]) -> None:
    by_tag = {cell[:16]: cell for cell in some}
    data = encode_board(epoch, by_tag.values())

    assert data == encode_board(epoch, reversed(by_tag.values()))
    assert parse_board(data) == Board(epoch, dict(sorted(by_tag.items())))


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=5))
def test_chain_comes_back(charters: list[bytes]) -> None:
    assert parse_chain(encode_chain(charters)) == tuple(charters)


statements = st.builds(
    Statements,
    st.lists(
        st.builds(DayStatement, u16, u32, key, signature),
        max_size=3,
        unique_by=lambda s: (s.device, s.day),
    ).map(tuple),
    st.lists(st.builds(SignOfLife, u16, u32, signature), max_size=3).map(tuple),
    st.lists(st.builds(Closure, u16, u32, u32, signature), max_size=3).map(tuple),
)


@given(statements)
def test_statements_come_back(some: Statements) -> None:
    assert parse_statements(encode_statements(some)) == some


@given(u32, st.lists(st.binary(max_size=50), max_size=5), statements)
def test_keyring_comes_back(day: int, charters: list[bytes], some: Statements) -> None:
    keyring = Keyring(day, tuple(charters), some)

    assert parse_keyring(encode_keyring(keyring)) == keyring


@given(st.integers(0, 2**31))
def test_chunk_count_never_falls_and_always_suffices(size: int) -> None:
    count = chunk_count(size)

    assert count * CHUNK_LEN >= size
    assert chunk_count(max(0, size - CHUNK_LEN)) <= count


@given(st.integers(0, 40), st.integers(0, 40))
def test_thread_key_of_a_week_is_the_same_by_every_way(first: int, second: int) -> None:
    low, high = sorted((first, second))

    assert thread_key(low).step_to(high) == thread_key(high)
    assert (thread_key(low).key == thread_key(high).key) == (low == high)
