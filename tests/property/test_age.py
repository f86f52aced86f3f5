"""What must hold of age files whatever the bytes."""

from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from silent_courier.protocol.age import (
    HybridIdentity,
    HybridRecipient,
    Identity,
    PassphraseIdentity,
    X25519Identity,
    decode_armor,
    encode_armor,
    header_digest,
    open_with_file_key,
    open_with_identities,
    seal,
    sealed_len,
)
from silent_courier.protocol.age.header import format_header, parse_header
from silent_courier.protocol.age.stanza import Stanza, format_stanza, parse_stanza
from silent_courier.protocol.errors import ProtocolError

HYBRID = [HybridIdentity(bytes([i]) * 32) for i in range(3)]
RECIPIENTS = [identity.recipient() for identity in HYBRID]
EVERY_KIND: list[Identity] = [
    *HYBRID,
    X25519Identity(bytes(32)),
    PassphraseIdentity(b"word", work_factor_max=4),
]
FILE = seal(bytes(range(40)), RECIPIENTS, Random(1).randbytes)
FILE_KEY = open_with_identities(FILE, HYBRID).file_key
KINDS = st.sampled_from(["mlkem768x25519", "X25519", "scrypt", "grease"])
VISIBLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60)
ARGUMENTS = st.lists(VISIBLE | st.sampled_from(["4", "A" * 43, "A" * 1494]), max_size=3)
STANZAS = st.builds(
    lambda kind, args, body: Stanza(kind, tuple(args), body),
    KINDS | VISIBLE,
    ARGUMENTS,
    st.binary(max_size=200) | st.just(bytes(32)),
)


def opens(file: bytes) -> bool:
    """Whether anything reads these bytes; errors that are not the protocol's go through."""
    readers = (
        lambda: open_with_identities(file, EVERY_KIND),
        lambda: open_with_file_key(file, FILE_KEY),
    )
    opened = False
    for reader in readers:
        try:
            reader()
            opened = True
        except ProtocolError:
            continue
    return opened


@given(plaintext=st.binary(max_size=300) | st.integers(65530, 65550).map(bytes))
def test_what_is_sealed_comes_back_to_every_recipient(plaintext: bytes) -> None:
    file = seal(plaintext, RECIPIENTS, Random(len(plaintext)).randbytes)
    assert len(file) == sealed_len(len(plaintext), len(RECIPIENTS))
    for identity in HYBRID:
        opened = open_with_identities(file, [identity])
        assert opened.plaintext == plaintext
        assert open_with_file_key(file, opened.file_key) == plaintext


def test_a_bit_flipped_anywhere_is_never_opened() -> None:
    """Every bit of every byte, with the file key known: nothing but the MAC and tags stands."""
    for position in range(len(FILE) * 8):
        altered = bytearray(FILE)
        altered[position // 8] ^= 1 << position % 8
        try:
            open_with_file_key(bytes(altered), FILE_KEY)
        except ProtocolError:
            continue
        raise AssertionError(position)


@settings(max_examples=300)
@given(position=st.integers(0, len(FILE) * 8 - 1))
def test_a_bit_flipped_anywhere_is_never_opened_by_an_identity(position: int) -> None:
    altered = bytearray(FILE)
    altered[position // 8] ^= 1 << position % 8
    assert not opens(bytes(altered))


@given(start=st.integers(0, len(FILE)), length=st.integers(1, 200), other=st.binary(max_size=200))
def test_a_stretch_replaced_is_never_opened(start: int, length: int, other: bytes) -> None:
    altered = FILE[:start] + other + FILE[start + length :]
    assert altered == FILE or not opens(altered)


@given(noise=st.binary(max_size=2000))
@example(noise=b"")
def test_noise_raises_nothing_but_protocol_errors(noise: bytes) -> None:
    for file in (noise, b"age-encryption.org/v1\n" + noise, FILE[:-40] + noise):
        assert file == FILE or not opens(file)


@given(stanzas=st.lists(STANZAS, max_size=4), tail=st.binary(max_size=60))
def test_any_stanzas_under_a_true_mac_raise_nothing_but_protocol_errors(
    stanzas: list[Stanza], tail: bytes
) -> None:
    assert not opens(format_header(stanzas, FILE_KEY) + tail)


@given(stanza=STANZAS)
def test_a_stanza_comes_back(stanza: Stanza) -> None:
    written = format_stanza(stanza)
    if len(written) <= 4096:
        assert parse_stanza(written, 0) == (stanza, len(written))


@given(noise=st.binary(max_size=200), cut=st.integers(0, len(FILE)))
def test_a_header_is_read_in_one_spelling_alone(noise: bytes, cut: int) -> None:
    for file in (FILE[:cut] + noise, noise):
        try:
            header = parse_header(file)
        except ProtocolError:
            continue
        assert file.startswith(header.authenticated)
        assert header_digest(file) == header_digest(FILE)


@given(noise=st.binary(max_size=300))
def test_armor_comes_back_and_noise_is_refused(noise: bytes) -> None:
    assert decode_armor(encode_armor(noise)) == noise
    frame = b"-----BEGIN AGE ENCRYPTED FILE-----\n%b\n-----END AGE ENCRYPTED FILE-----\n"
    for text in (noise, frame % noise):
        try:
            raw = decode_armor(text)
        except ProtocolError:
            continue
        assert encode_armor(raw).split() == text.split()


@given(text=st.text(max_size=100), data=st.binary(max_size=40))
def test_texts_that_are_no_keys_raise_nothing_but_protocol_errors(text: str, data: bytes) -> None:
    for parse in (HybridRecipient.parse, HybridIdentity.parse, X25519Identity.parse):
        for attempt in (text, "age1pq1" + text, "AGE-SECRET-KEY-PQ-1" + text):
            try:
                parse(attempt)
            except ProtocolError:
                continue
            raise AssertionError
    try:
        HybridRecipient(data)
    except ProtocolError:
        return
    raise AssertionError
