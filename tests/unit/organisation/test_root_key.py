from collections.abc import Callable

import pytest

from silent_courier.organisation import root_key
from silent_courier.organisation.root_key import (
    SEALED_ROOT_LEN,
    make_root_key,
    open_root,
    seal_root,
)
from silent_courier.protocol.errors import OrganisationDamagedError, RootPassphraseError


def counting() -> Callable[[int], bytes]:
    """Bytes that differ at every call."""
    calls = iter(range(256))
    return lambda length: bytes([next(calls)]) * length


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(root_key, "ARGON2_MEMORY_KIB", 1024)


def test_the_passphrase_opens_the_same_key() -> None:
    key = make_root_key(counting())
    assert open_root(seal_root(key, "long and dull", counting()), "long and dull") == key


def test_both_seeds_are_drawn_apart() -> None:
    key = make_root_key(counting())
    assert key.ed25519_seed != key.ml_dsa_65_seed


def test_another_passphrase_is_refused() -> None:
    sealed = seal_root(make_root_key(counting()), "right", counting())
    with pytest.raises(RootPassphraseError):
        open_root(sealed, "wrong")


def test_a_passphrase_typed_with_composed_or_decomposed_letters_is_the_same() -> None:
    key = make_root_key(counting())
    assert open_root(seal_root(key, "\u0439", counting()), "\u0438\u0306") == key


def test_every_sealing_has_its_own_salt() -> None:
    random, key = counting(), make_root_key(counting())
    assert seal_root(key, "same", random) != seal_root(key, "same", random)


@pytest.mark.parametrize("position", [5, 20, 21, 84, 100])
def test_one_flipped_bit_is_refused_like_a_wrong_passphrase(position: int) -> None:
    sealed = bytearray(seal_root(make_root_key(counting()), "right", counting()))
    assert len(sealed) == SEALED_ROOT_LEN
    sealed[position] ^= 1
    with pytest.raises(RootPassphraseError):
        open_root(bytes(sealed), "right")


@pytest.mark.parametrize("data", [b"", b"SCRK\x01", bytes(SEALED_ROOT_LEN), b"x" * 200])
def test_what_is_no_key_file_says_so(data: bytes) -> None:
    with pytest.raises(OrganisationDamagedError):
        open_root(data, "any")
