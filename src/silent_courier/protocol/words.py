"""Twelve words and the sixteen bytes behind them (BIP-39). Spec §3.1.

Any valid twelve words are somebody's mailbox, perhaps an empty one: nothing here
or elsewhere says whether words were used. Word lists travel with `mnemonic`.
"""

import unicodedata
from functools import cache
from typing import Final

from mnemonic import Mnemonic

from silent_courier.protocol.errors import MalformedWordsError
from silent_courier.protocol.sizes import ENTROPY_LEN, WORD_COUNT

WORD_LISTS: Final = {
    "en": "english",
    "ru": "russian",
    "es": "spanish",
    "ko": "korean",
    "tr": "turkish",
    "zh-hans": "chinese_simplified",
    "zh-hant": "chinese_traditional",
}

# The unified ideographs, among which all words of the Chinese lists are.
_HAN_FIRST: Final = "\u4e00"
_HAN_LAST: Final = "\u9fff"


def encode_words(entropy: bytes, language: str = "en") -> tuple[str, ...]:
    """The twelve words of 16 bytes, in the list of this language (English where there is none)."""
    if len(entropy) != ENTROPY_LEN:
        raise ValueError("entropy must be 16 bytes")
    words = _mnemonic(_list_name(language)).to_mnemonic(entropy)
    return tuple(unicodedata.normalize("NFC", words).split())


def decode_words(text: str, language: str = "en") -> bytes:
    """The 16 bytes behind twelve words of any one list; case, accents' form and spacing are free.

    Chinese words are one character each and may stand without spaces.

    The list of `language` is tried first: English and Turkish share words, and one text may be
    sound in both.

    Raises:
        MalformedWordsError: not twelve, not of one list, or the checksum is wrong; `position`
            (from 1) names the first word that no list knows in this place, where there is one.
    """
    if len(_split(text)) != WORD_COUNT:
        raise MalformedWordsError
    best = 0
    for name in sorted(WORD_LISTS.values(), key=lambda name: name != _list_name(language)):
        words = _split(_normalise(text, name))
        known = _leading_known(words, name)
        if known == WORD_COUNT and (entropy := _checked_entropy(words, name)) is not None:
            return entropy
        best = max(best, known)
    raise MalformedWordsError(best + 1 if best < WORD_COUNT else None)


def word_list(language: str = "en") -> tuple[str, ...]:
    """The 2048 words of this language's list (English where there is none), composed."""
    words = _mnemonic(_list_name(language)).wordlist
    return tuple(unicodedata.normalize("NFC", word) for word in words)


def _list_name(language: str) -> str:
    return WORD_LISTS.get(language, WORD_LISTS["en"])


@cache
def _mnemonic(name: str) -> Mnemonic:
    """The list in NFKD throughout: the library looks words up so, but keeps some lists composed."""
    composed = Mnemonic(name).wordlist
    return Mnemonic(name, wordlist=[unicodedata.normalize("NFKD", word) for word in composed])


@cache
def _word_set(name: str) -> frozenset[str]:
    return frozenset(_mnemonic(name).wordlist)


def _split(text: str) -> list[str]:
    words = text.split()
    if all(_HAN_FIRST <= character <= _HAN_LAST for word in words for character in word):
        return list("".join(words))
    return words


def _normalise(text: str, name: str) -> str:
    if name == "turkish":  # the only list whose language has two letters i
        text = text.replace("İ", "i").replace("I", "ı")
    return unicodedata.normalize("NFKD", text.lower())


def _leading_known(words: list[str], name: str) -> int:
    known = _word_set(name)
    return next((i for i, word in enumerate(words) if word not in known), WORD_COUNT)


def _checked_entropy(words: list[str], name: str) -> bytes | None:
    try:
        return bytes(_mnemonic(name).to_entropy(words))
    except ValueError:
        return None
