"""Bech32: one spelling for a key, and nothing else is read."""

import pytest

from silent_courier.protocol.age.bech32 import Bech32Error, decode_bech32, encode_bech32

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def polymod(symbols: list[int]) -> int:
    """The checksum as BIP 173 words it, one condition at a time."""
    residue = 1
    for symbol in symbols:
        top = residue >> 25
        residue = (residue & 0x1FFFFFF) << 5 ^ symbol
        for i, constant in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            residue ^= constant if top >> i & 1 else 0
    return residue


def spell(prefix: str, symbols: list[int], checksum_len: int = 6) -> str:
    """Any symbols under a checksum that holds; a shorter one is wrong for most prefixes."""
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    residue = polymod(expanded + symbols + [0] * checksum_len) ^ 1
    checksum = [residue >> 5 * (checksum_len - 1 - i) & 31 for i in range(checksum_len)]
    return prefix + "1" + "".join(ALPHABET[symbol] for symbol in symbols + checksum)


def test_the_empty_string_of_bip_173_is_read_and_written() -> None:
    assert decode_bech32("a", "a12uel5l") == b""
    assert decode_bech32("A", "A12UEL5L") == b""
    assert encode_bech32("a", b"") == "a12uel5l"
    assert encode_bech32("A", b"") == "A12UEL5L"


@pytest.mark.parametrize("length", [0, 1, 4, 5, 31, 32, 33, 1216])
def test_every_length_comes_back(length: int) -> None:
    data = bytes(i % 251 for i in range(length))
    assert decode_bech32("age1pq", encode_bech32("age1pq", data)) == data


def test_the_checksum_is_the_one_of_bip_173() -> None:
    symbols = list(range(32))
    assert decode_bech32("abc", spell("abc", symbols)) == decode_bech32(
        "abc", encode_bech32("abc", decode_bech32("abc", spell("abc", symbols)))
    )
    assert spell("abcdef", symbols) == "abcdef1" + ALPHABET + "mqqqxw"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "age",
        "age1",
        "age1qqqqq",
        "age2uel5l",
        "AGE1" + "Q" * 20,
        "age1b" + "q" * 20,
        "agé1" + "q" * 20,
    ],
)
def test_what_is_not_bech32_is_refused(text: str) -> None:
    with pytest.raises(Bech32Error):
        decode_bech32("age", text)


def test_every_changed_character_is_refused() -> None:
    text = encode_bech32("age", bytes(32))
    for i in range(len("age1"), len(text)):
        other = "p" if text[i] != "p" else "q"
        with pytest.raises(Bech32Error):
            decode_bech32("age", text[:i] + other + text[i + 1 :])


def test_another_prefix_is_refused() -> None:
    with pytest.raises(Bech32Error):
        decode_bech32("age", encode_bech32("age1pq", bytes(32)))


def test_the_other_case_and_mixed_case_are_refused() -> None:
    lower, upper = encode_bech32("age", bytes(8)), encode_bech32("AGE", bytes(8))
    assert upper == lower.upper()
    for prefix, text in [
        ("age", upper),
        ("AGE", lower),
        ("age", lower[:-1] + lower[-1].upper()),
        ("AGE", "age" + upper[3:]),
    ]:
        with pytest.raises(Bech32Error):
            decode_bech32(prefix, text)


def test_a_letter_that_only_folds_to_ours_is_refused() -> None:
    kelvin = "\N{KELVIN SIGN}"
    text = encode_bech32("AGE-K", bytes(range(64)))
    assert "K" in text[6:]
    with pytest.raises(Bech32Error):
        decode_bech32("AGE-K", text[:6] + text[6:].replace("K", kelvin, 1))


def test_spare_bits_that_are_not_zero_are_refused() -> None:
    assert decode_bech32("age", spell("age", [0, 0])) == b"\0"
    with pytest.raises(Bech32Error):
        decode_bech32("age", spell("age", [0, 1]))


def test_a_checksum_that_is_too_short_is_refused_even_where_it_holds() -> None:
    for prefix in (a + b for a in ALPHABET for b in ALPHABET):
        with pytest.raises(Bech32Error):
            decode_bech32(prefix, spell(prefix, [], checksum_len=5))


def test_a_spare_symbol_is_refused() -> None:
    with pytest.raises(Bech32Error):
        decode_bech32("age", spell("age", [0]))
    with pytest.raises(Bech32Error):
        decode_bech32("age", spell("age", [0, 0, 0]))
