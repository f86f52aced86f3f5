"""Text as it is searched: words without case, accents and the ways one letter can be typed.

ё is е, й is и, Persian and Arabic keyboards meet, digits are 0-9, and what is written without
spaces (Chinese, Japanese, Thai …) counts sign by sign, so that any run of signs can be found.
Both what is searched and what is looked for go through here. Pure.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# Scripts without spaces: Thai to Myanmar, Khmer, kana, and the Chinese signs.
_SIGN: Final = "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff"
_SIGN_FAR: Final = "\uf900-\ufaff\U00020000-\U000323af"
# Marks that stand within words and are no letters to `re`: accents, Hebrew, Arabic, Indian.
_MARKS: Final = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0900-\u0963\u0966-\u0dff"
)
_WORD: Final = re.compile(f"[{_SIGN}{_SIGN_FAR}]|(?:[^\\W_{_SIGN}{_SIGN_FAR}]+|[{_MARKS}]+)+")
_ONE_SIGN: Final = re.compile(f"[{_SIGN}{_SIGN_FAR}]")
_ALIKE: Final = str.maketrans(
    {
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ۀ": "ه",
        "ە": "ه",
        "ـ": None,
        "ı": "i",
        "ł": "l",
        "ø": "o",
        "đ": "d",
    }
)
_MARK_CLASS_MIN: Final = 10
"""Combining classes below are parts of letters (nukta, virama, kana's voicing), not accents."""


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word and where it stands; `is_sign`: of a script without spaces."""

    folded: str
    start: int
    end: int
    is_sign: bool


def words(text: str) -> Iterator[Word]:
    """The words of a text in NFC, in order, with their places in it."""
    for match in _WORD.finditer(text):
        folded = _fold(match[0])
        if folded:
            is_sign = len(match[0]) == 1 and _ONE_SIGN.match(match[0]) is not None
            yield Word(folded, match.start(), match.end(), is_sign)


def folded_text(text: str) -> str:
    """All words of a text, one space between."""
    return " ".join(word.folded for word in words(unicodedata.normalize("NFC", text)))


@functools.lru_cache(maxsize=1 << 14)
def _fold(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.casefold())
    letters = "".join(
        _digit(letter) for letter in apart if unicodedata.combining(letter) < _MARK_CLASS_MIN
    )
    together = unicodedata.normalize("NFC", letters).casefold().translate(_ALIKE)
    # Some letters fall apart into brackets and blanks: ⑴ is (1).
    return "".join(letter for letter in together if unicodedata.category(letter)[0] in "LMN")


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)
