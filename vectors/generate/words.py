"""Cases of words and the sixteen bytes behind them. Spec §3.1."""

import unicodedata
from collections.abc import Iterator

from silent_courier.protocol.words import WORD_LISTS, encode_words
from vectors.generate.case import Case, fields
from vectors.generate.draw import draw

ENGLISH = [
    "abandon",
    "ability",
    "able",
    "about",
    "above",
    "absent",
    "absorb",
    "abstract",
    "absurd",
    "abuse",
    "access",
]


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    yield from _encoded()
    yield from _accepted()
    yield from _refused()


def _encoded() -> Iterator[Case]:
    for language in WORD_LISTS:
        yield _encode(f"encodes-{language}", draw(f"words/{language}", 16), language)
    yield _encode("encodes-all-zeros", bytes(16), "en")
    yield _encode("encodes-all-ones", b"\xff" * 16, "ru")
    yield _encode("encodes-english-where-no-list-is", draw("words/fa", 16), "fa")


def _encode(name: str, entropy: bytes, language: str) -> Case:
    words = " ".join(encode_words(entropy, language))
    given = fields(("language", language), ("entropy", entropy), ("words", words))
    return Case(f"words/{name}", "words.encode", given)


def _decode(name: str, text: str, entropy: bytes, language: str = "en", why: str = "") -> Case:
    given = fields(("language", language), ("entropy", entropy))
    return Case(f"words/{name}", "words.decode", given, text.encode(), comment=why)


def _accepted() -> Iterator[Case]:
    for language in WORD_LISTS:
        entropy = draw(f"words/{language}", 16)
        words = encode_words(entropy, language)
        yield _decode(f"decodes-{language}", " ".join(words), entropy, language)
    russian = draw("words/short-i", 16)
    text = " ".join(encode_words(russian, "ru"))
    for form in ("NFC", "NFD"):
        why = "й and ё composed or not are the same letters"
        written = unicodedata.normalize(form, text)
        yield _decode(f"decodes-russian-in-{form.lower()}", written, russian, "ru", why)
    yield _decode("decodes-russian-in-capitals", text.upper(), russian, "ru")
    yield _decode("decodes-russian-asked-for-english", text, russian, "en", "any list will do")
    yield from _accepted_oddities()


def _accepted_oddities() -> Iterator[Case]:
    entropy = draw("words/spacing", 16)
    words = encode_words(entropy)
    spread = "\n\t " + "\u00a0 \r\n".join(words) + "\u3000\n"
    yield _decode("decodes-any-spacing", spread, entropy)
    separated = "".join(word + "\x1c\x1d\x1e\x1f"[i % 4] for i, word in enumerate(words))
    yield _decode("decodes-information-separators", separated, entropy)
    yield _decode("decodes-full-width-letters", _full_width(" ".join(words)), entropy)
    turkish = draw("words/tr/capitals", 16)
    capitals = " ".join(encode_words(turkish, "tr")).replace("i", "İ").upper()
    yield _decode("decodes-turkish-in-capitals", capitals, turkish, "tr", "İ is i and I is ı")
    simplified = draw("words/zh-hans", 16)
    unspaced = "\u3000".join(encode_words(simplified, "zh-hans"))
    yield _decode("decodes-chinese-with-wide-spaces", unspaced, simplified, "zh-hans")
    for language in ("zh-hans", "zh-hant"):
        entropy = draw(f"words/{language}", 16)
        run = "".join(encode_words(entropy, language))
        name, why = f"decodes-{language}-without-spaces", "every character is a word"
        yield _decode(name, run, entropy, language, why)
        grouped = f"{run[:4]} {run[4:]}\n"
        yield _decode(f"decodes-{language}-in-groups", grouped, entropy, language, why)


def _full_width(text: str) -> str:
    return "".join(chr(ord(c) - 0x20 + 0xFF00) if c != " " else c for c in text)


def _refuse(name: str, text: str, position: int | None, language: str = "en") -> Case:
    shown = "none" if position is None else position
    given = fields(("language", language), ("position", shown))
    return Case(f"words/{name}", "words.decode", given, text.encode(), "malformed_words")


def _refused() -> Iterator[Case]:
    yield _refuse("refuses-nothing", "", None)
    yield _refuse("refuses-eleven", " ".join(ENGLISH), None)
    yield _refuse("refuses-thirteen", " ".join([*ENGLISH, "about", "about"]), None)
    yield _refuse("refuses-a-wrong-checksum", " ".join(["abandon"] * 12), None)
    for position in (1, 7, 12):
        words = ["abandon"] * 11 + ["about"]
        words[position - 1] = "letterbox"
        yield _refuse(f"refuses-an-unknown-word-{position}", " ".join(words), position)
    swapped = list(encode_words(draw("words/swapped", 16)))
    swapped[2], swapped[3] = swapped[3], swapped[2]
    yield _refuse("refuses-two-swapped-words", " ".join(swapped), None)
    yield _refuse("refuses-the-first-four-letters", " ".join(["aban"] * 11 + ["abou"]), 1)
    yield _refuse("refuses-words-without-spaces", "".join([*ENGLISH, "about"]), None)
    yield _refuse("refuses-commas", ", ".join(["abandon"] * 11 + ["about"]), 1)
    yield from _refused_runs()
    yield from _refused_mixtures()


def _refused_runs() -> Iterator[Case]:
    """Chinese without spaces, where something else than twelve sound characters is."""
    words = encode_words(draw("words/zh-hans", 16), "zh-hans")
    run = "".join(words)
    yield _refuse("refuses-eleven-chinese-characters", run[:11], None, "zh-hans")
    yield _refuse("refuses-thirteen-chinese-characters", run + run[0], None, "zh-hans")
    unknown = run[:4] + "\u9fff" + run[5:]
    yield _refuse("refuses-an-unknown-chinese-character", unknown, 5, "zh-hans")
    yield _refuse("refuses-chinese-and-english-in-one-run", run[:11] + "able", None, "zh-hans")


def _refused_mixtures() -> Iterator[Case]:
    russian = encode_words(draw("words/mixed", 16), "ru")
    mixed = [*["abandon"] * 4, *russian[4:]]
    yield _refuse("refuses-two-lists-mixed", " ".join(mixed), 5)
    other = [*russian[:6], *["abandon"] * 6]
    yield _refuse("refuses-two-lists-mixed-later", " ".join(other), 7, "ru")
    ascii_i = " ".join(encode_words(draw("words/short-i", 16), "ru")).replace("о", "o")
    position = next(i for i, word in enumerate(ascii_i.split(), 1) if "o" in word)
    yield _refuse("refuses-latin-letters-in-russian", ascii_i, position, "ru")
    zero_width = ["abandon"] * 3 + ["\u200babandon"] + ["abandon"] * 7 + ["about"]
    yield _refuse("refuses-a-zero-width-space", " ".join(zero_width), 4)
    marked = ["\ufeffabandon"] + ["abandon"] * 10 + ["about"]
    yield _refuse("refuses-a-byte-order-mark", " ".join(marked), 1)
    spacing_accent = ["abandon"] * 11 + ["about\u00a8"]
    yield _refuse("refuses-an-accent-that-hides-a-space", " ".join(spacing_accent), None)
    spacing_accent[4] = "above\u00a8"
    yield _refuse("refuses-a-space-hidden-behind-the-fifth-word", " ".join(spacing_accent), 6)
