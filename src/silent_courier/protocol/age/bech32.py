"""Bech32 as age writes keys: BIP 173 without its bound on the length. Spec §4.1.

Refuses mixed case, a wrong checksum, and spare bits that are not zero, so that a key has
one spelling in each case.
"""

from collections.abc import Iterable
from typing import Final

_CHARSET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES: Final = {character: value for value, character in enumerate(_CHARSET)}
_UPPER_VALUES: Final = {character.upper(): value for character, value in _VALUES.items()}
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_LEN: Final = 6
# One table look-up for each symbol in place of five conditions: a key has 2,000 symbols.
_FEEDBACK: Final = tuple(
    (top & 1) * _GENERATOR[0]
    ^ (top >> 1 & 1) * _GENERATOR[1]
    ^ (top >> 2 & 1) * _GENERATOR[2]
    ^ (top >> 3 & 1) * _GENERATOR[3]
    ^ (top >> 4 & 1) * _GENERATOR[4]
    for top in range(32)
)


class Bech32Error(ValueError):
    """Not Bech32; callers inside this package say what it was meant to be."""


def encode_bech32(prefix: str, data: bytes) -> str:
    """Write `data` under a human-readable `prefix`, in the prefix's case."""
    symbols, rest, spare = _regroup(data, 8, 5)
    if spare:
        symbols.append(rest << 5 - spare)
    residue = _polymod([*_expand(prefix.lower()), *symbols, *bytes(_CHECKSUM_LEN)]) ^ 1
    checksum = [residue >> 5 * (_CHECKSUM_LEN - 1 - i) & 31 for i in range(_CHECKSUM_LEN)]
    encoded = "".join(_CHARSET[symbol] for symbol in [*symbols, *checksum])
    return prefix + "1" + (encoded.upper() if prefix.isupper() else encoded)


def decode_bech32(prefix: str, text: str) -> bytes:
    """The data that `text` carries under exactly this `prefix`, in the prefix's case.

    Raises:
        Bech32Error: another prefix or case, a foreign character, a wrong checksum,
            or spare bits that are not zero.
    """
    found, _, encoded = text.rpartition("1")
    if found != prefix or len(encoded) < _CHECKSUM_LEN:
        raise Bech32Error
    values = _UPPER_VALUES if prefix.isupper() else _VALUES
    try:
        symbols = [values[character] for character in encoded]
    except KeyError:
        raise Bech32Error from None
    if _polymod([*_expand(prefix.lower()), *symbols]) != 1:
        raise Bech32Error
    data, rest, spare = _regroup(symbols[:-_CHECKSUM_LEN], 5, 8)
    if rest or spare >= 5:
        raise Bech32Error
    return bytes(data)


def _expand(prefix: str) -> list[int]:
    return [*(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix)]


def _polymod(symbols: Iterable[int]) -> int:
    residue = 1
    for symbol in symbols:
        residue = (residue & 0x1FFFFFF) << 5 ^ symbol ^ _FEEDBACK[residue >> 25]
    return residue


def _regroup(values: Iterable[int], width: int, target: int) -> tuple[list[int], int, int]:
    """Cut a stream of `width`-bit values anew: whole ones, the bits left over, their number."""
    whole: list[int] = []
    rest = count = 0
    for value in values:
        rest = rest << width | value
        count += width
        while count >= target:
            count -= target
            whole.append(rest >> count)
            rest &= (1 << count) - 1
    return whole, rest, count
