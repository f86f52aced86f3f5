import os
import time
import unicodedata

import pytest

from silent_courier.protocol.errors import VaultDamagedError, WrongPassphraseError
from silent_courier.protocol.primitives import sha256
from silent_courier.storage.vault.header import (
    DEFAULT_KDF,
    Header,
    KdfParameters,
    derive_key,
    encode_header,
    make_header,
    parse_header,
)
from tests.unit.storage.vault.kit import PASSPHRASE, QUICK


def sealed(line: bytes) -> bytes:
    return line + b"\n" + sha256(line).hex().encode() + b"\n"


def test_the_same_passphrase_makes_the_same_key() -> None:
    header, made = make_header(PASSPHRASE, QUICK, os.urandom)

    assert derive_key(parse_header(encode_header(header)), PASSPHRASE).key == made.key


def test_another_passphrase_is_refused() -> None:
    header, _ = make_header(PASSPHRASE, QUICK, os.urandom)

    with pytest.raises(WrongPassphraseError):
        derive_key(header, PASSPHRASE + " ")


def test_a_passphrase_typed_with_split_accents_is_the_same() -> None:
    header, made = make_header("Ёжик и café", QUICK, os.urandom)

    typed = unicodedata.normalize("NFD", "Ёжик и café")
    assert derive_key(header, typed).key == made.key


def test_two_vaults_with_one_passphrase_have_different_keys() -> None:
    first, second = (make_header(PASSPHRASE, QUICK, os.urandom)[1] for _ in range(2))

    assert first.key != second.key
    assert first.check != second.check


def test_the_check_value_is_no_part_of_the_key() -> None:
    header, made = make_header(PASSPHRASE, QUICK, os.urandom)

    assert bytes.fromhex(header.check) not in made.key
    assert repr(made.key) not in repr(made)


def test_any_flipped_bit_of_the_header_is_damage() -> None:
    data = encode_header(make_header(PASSPHRASE, QUICK, os.urandom)[0])

    for bit in range(0, 8 * len(data), 5):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(VaultDamagedError):
            parse_header(bytes(changed))


def test_a_truncated_header_is_damage() -> None:
    data = encode_header(make_header(PASSPHRASE, QUICK, os.urandom)[0])

    for length in range(len(data)):
        with pytest.raises(VaultDamagedError):
            parse_header(data[:length])


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"null",
        b"\xff",
        b'{"version":1}',
        b'{"version":1,"kdf":"argon2id","passes":65,"memory_kib":64,"lanes":1,"salt":"'
        + b"00" * 16
        + b'","check":"'
        + b"00" * 16
        + b'"}',
        b'{"version":1,"kdf":"argon2id","passes":1,"memory_kib":99999999,"lanes":1,"salt":"'
        + b"00" * 16
        + b'","check":"'
        + b"00" * 16
        + b'"}',
    ],
)
def test_a_header_that_no_desk_would_write_is_refused(line: bytes) -> None:
    with pytest.raises(VaultDamagedError):
        parse_header(sealed(line))


def test_the_default_cost_is_about_a_second() -> None:
    begin = time.monotonic()
    make_header(PASSPHRASE, DEFAULT_KDF, os.urandom)

    assert 0.2 < time.monotonic() - begin < 20
    assert DEFAULT_KDF.memory_kib >= 64 * 1024


def test_the_header_says_its_own_cost() -> None:
    header, _ = make_header(PASSPHRASE, KdfParameters(2, 128, 2), os.urandom)

    assert isinstance(header, Header)
    assert (header.passes, header.memory_kib, header.lanes) == (2, 128, 2)
