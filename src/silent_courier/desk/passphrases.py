"""How long a passphrase would hold against somebody who has the vault's file, and one that does.

An estimate, and no promise: it knows English words, names, dates and keyboards. What it does not
know it is told to take for the everyday language it probably is.
"""

import math
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # it carries no annotations

from silent_courier.protocol.words import word_list

PASSPHRASE_LEN_MIN: Final = 12
PHRASE_WORDS: Final = 6
_WORD_BITS: Final = 11
_LOOKED_AT_MAX: Final = 72
"""Past that the library refuses; a passphrase so long is judged by its beginning."""

# By the logarithm of guesses. Each guess costs a quarter of a gigabyte and most of a second: who
# has a thousand machines for it makes about a thousand a second.
_FAIR_FROM: Final = 9.5
_STRONG_FROM: Final = 12.5
_WORD_LOG10: Final = 4.0
"""Of a word that somebody thought of: one of ten thousand."""

_LETTER_LOG10: Final = 1.5 * math.log10(2)
"""Of a letter of everyday language: about one and a half bits."""


class Strength(StrEnum):
    """How long it would hold against a thousand machines."""

    SHORT = "short"
    WEAK = "weak"
    FAIR = "fair"
    STRONG = "strong"


def strength_of(passphrase: str, known: tuple[str, ...] = ()) -> Strength:
    """Judge a passphrase; `known`: words that stand beside it, as the handler's own name."""
    text = unicodedata.normalize("NFKC", passphrase)
    if len(text) < PASSPHRASE_LEN_MIN:
        return Strength.SHORT
    guesses = _log10_of_guesses(text, known)
    if guesses < _FAIR_FROM:
        return Strength.WEAK
    return Strength.FAIR if guesses < _STRONG_FROM else Strength.STRONG


def draw_phrase(random: Callable[[int], bytes], language: str) -> str:
    """Six words of 2048 each, drawn evenly: 66 bits."""
    words = word_list(language)
    drawn = int.from_bytes(random(PHRASE_WORDS * 2), "big")
    mask = (1 << _WORD_BITS) - 1
    return " ".join(words[drawn >> (16 * i) & mask] for i in range(PHRASE_WORDS))


def _log10_of_guesses(text: str, known: tuple[str, ...]) -> float:
    judged = float(zxcvbn(text[:_LOOKED_AT_MAX], list(known))["guesses_log10"])
    words = text.split()
    different = len({word.lower() for word in words})
    # Words of another language look like noise to the library, and so do the spaces between words.
    if all(word.isalpha() for word in words):
        judged = min(judged, _WORD_LOG10 * different)
    if not text.isascii():
        judged = min(judged, _LETTER_LOG10 * len(text) * different / len(words))
    return judged
