"""Readers are total: on arbitrary and on mutated bytes they give a value or a ProtocolError."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from silent_courier.protocol import access as access_list
from silent_courier.protocol.access import (
    AccessBody,
    DeviceAccess,
    RequestBody,
    encode_request,
    parse_request,
    verify_access,
)
from silent_courier.protocol.board_format import encode_board, parse_board
from silent_courier.protocol.chain import encode_chain, parse_chain
from silent_courier.protocol.charter import charter_hash, encode_body, verify_chain
from silent_courier.protocol.errors import ProtocolError
from silent_courier.protocol.keyring import verify_keyring
from silent_courier.protocol.letter import open_letter, read_letter, seal_colleague_letter
from silent_courier.protocol.payload import parse_letter_payload, parse_reply_payload
from silent_courier.protocol.reply import join_fragments, open_cell, seal_reply
from silent_courier.protocol.root import encode_signed_body
from silent_courier.protocol.statements import parse_statements, verify_statement
from silent_courier.protocol.strict_json import parse_object
from silent_courier.protocol.words import WORD_LISTS, decode_words
from tests.unit.protocol.makers import (
    TODAY,
    charter_file,
    day_identity,
    device_key,
    draw,
    drawing,
    letter_payload,
    make_organisation,
    note_payload,
    recipient,
    reply_payload,
    root_key,
    thread_key,
)

ORG = make_organisation(2)
KEYS = ORG.charter.current_devices
IDENTITIES = [day_identity(0)]
LETTER = seal_colleague_letter(note_payload(ORG), device_key(4), [recipient(0)], 2, drawing())
PLAINTEXT = open_letter(LETTER, IDENTITIES).plaintext
CELL = seal_reply(reply_payload(ORG), device_key(4), thread_key(), [0], drawing())[0]
KEYRING = ORG.keyring(closures=(ORG.closure(0, TODAY, TODAY),))
BODY = encode_body(ORG.charter.body)
REQUEST = encode_request(
    RequestBody(
        label="A",
        signing_key=device_key(0).public.hex(),
        tor_client_key="ab" * 32,
        token_hash="cd" * 32,
    ),
    device_key(0).seed,
)
ACCESS_BODY = msgspec.json.encode(
    AccessBody(
        org_id=ORG.org_id.hex(),
        charter=ORG.charter.hash.hex(),
        devices=(DeviceAccess(device=0, tor_client_key="ab" * 32, token_hash="cd" * 32),),
    )
)


def access_file(body: bytes) -> bytes:
    return encode_signed_body(access_list.MAGIC, access_list.SIGNED_LABEL, body, [root_key()])


@st.composite
def mutations(draw_from: st.DrawFn, original: bytes) -> bytes:
    """The original with bytes changed, cut out, put in or repeated, somewhere."""
    data = bytearray(original)
    for _ in range(draw_from(st.integers(1, 3))):
        start = draw_from(st.integers(0, len(data)))
        end = draw_from(st.integers(start, min(len(data), start + 80)))
        data[start:end] = draw_from(
            st.binary(max_size=8) | st.just(bytes(data[start:end]) * 2) | st.just(b"\xff" * 4)
        )
    return bytes(data)


def hostile(original: bytes) -> st.SearchStrategy[bytes]:
    """Arbitrary bytes, arbitrary bytes behind the original's head, and mutations of it."""
    head = st.sampled_from([original[:5], original[:9], original[:10], original[:64]])
    return (
        st.binary(max_size=200)
        | mutations(original)
        | st.tuples(head, st.binary(max_size=200)).map(b"".join)
    )


def total(reader: Callable[[], object]) -> None:
    with suppress(ProtocolError):
        reader()


@given(hostile(b'{"version":1,"kind":"note","a":["\\ud83d\\ude00",{"b":-1}],"c":null}'))
def test_strict_json(data: bytes) -> None:
    total(lambda: parse_object(data))


@given(
    st.sampled_from([letter_payload(ORG), note_payload(ORG), reply_payload(ORG)]).flatmap(
        lambda payload: hostile(msgspec.json.encode(payload))
    )
)
def test_payloads(data: bytes) -> None:
    total(lambda: parse_letter_payload(data))
    total(lambda: parse_reply_payload(data))


@given(hostile(LETTER))
def test_sealed_letter(data: bytes) -> None:
    total(lambda: open_letter(data, IDENTITIES))


@given(hostile(PLAINTEXT))
def test_letter_plaintext(data: bytes) -> None:
    total(lambda: read_letter(data, ORG.org_id, KEYS))
    total(lambda: read_letter(data.ljust(16_384, b"\0")[:16_384], ORG.org_id, KEYS))


@given(hostile(CELL))
def test_cell(data: bytes) -> None:
    total(lambda: open_cell(data, thread_key()))


@given(mutations(open_cell(CELL, thread_key()).data))
def test_reply_joined_from_altered_fragments(data: bytes) -> None:
    fragment = replace(open_cell(CELL, thread_key()), data=data)
    total(lambda: join_fragments([fragment], 4, ORG.org_id, KEYS))


@given(hostile(encode_board(5, [CELL, draw("cell", 1024)])))
def test_board(data: bytes) -> None:
    total(lambda: parse_board(data))


@given(hostile(ORG.files[0]))
def test_charter(file: bytes) -> None:
    total(lambda: verify_chain([file], ORG.org_id))
    total(lambda: verify_chain([ORG.files[0], file], ORG.org_id))


@given(hostile(BODY))
def test_charter_that_its_own_root_signed(body: bytes) -> None:
    """Even an organisation that means ill cannot make a reader do anything but refuse."""
    file = charter_file(body, [root_key()])
    total(lambda: verify_chain([file], charter_hash(body)))


@given(hostile(encode_chain([ORG.files[0], b"second"])))
def test_chain_file(data: bytes) -> None:
    total(lambda: parse_chain(data))


@given(hostile(KEYRING))
def test_keyring(data: bytes) -> None:
    total(lambda: verify_keyring(data, ORG.org_id, TODAY))


@given(hostile(KEYRING[len(KEYRING) - 3000 :]))
def test_statements(data: bytes) -> None:
    def read() -> None:
        for statement in parse_statements(data).everything:
            verify_statement(statement, ORG.charter)

    total(read)


@given(hostile(REQUEST))
def test_request(data: bytes) -> None:
    total(lambda: parse_request(data))


@given(hostile(access_file(ACCESS_BODY)))
def test_access_list(data: bytes) -> None:
    total(lambda: verify_access(data, ORG.charter))


@given(hostile(ACCESS_BODY))
def test_access_list_that_its_own_root_signed(body: bytes) -> None:
    total(lambda: verify_access(access_file(body), ORG.charter))


@given(st.text() | st.lists(st.text(max_size=8), min_size=12, max_size=12).map(" ".join))
def test_words(text: str) -> None:
    for language in WORD_LISTS:
        total(lambda language=language: decode_words(text, language))  # type: ignore[misc]
