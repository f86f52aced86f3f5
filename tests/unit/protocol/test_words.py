"""Twelve words: every list, every spelling a person may type, and nothing guessed."""

import unicodedata
from hashlib import sha256
from typing import Literal

import pytest
from mnemonic import Mnemonic

from silent_courier.protocol.errors import MalformedWordsError
from silent_courier.protocol.words import WORD_LISTS, decode_words, encode_words, word_list
from tests.unit.protocol.makers import ENTROPY, draw

ENGLISH = encode_words(ENTROPY)


@pytest.mark.parametrize("language", WORD_LISTS)
def test_words_lead_back_to_their_entropy(language: str) -> None:
    for label in range(20):
        entropy = draw(f"entropy/{label}", 16)
        assert decode_words(" ".join(encode_words(entropy, language)), language) == entropy


@pytest.mark.parametrize("language", sorted(set(WORD_LISTS) - {"zh-hans", "zh-hant"}))
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_form_and_case_and_spacing_are_free(
    language: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"]
) -> None:
    words = [unicodedata.normalize(form, w) for w in encode_words(ENTROPY, language)]
    upper = [w.replace("i", "İ").upper() if language == "tr" else w.upper() for w in words]

    assert decode_words("  \t".join(upper) + "\n") == ENTROPY


def test_turkish_dotless_i_is_not_a_dotted_one() -> None:
    entropies = (draw(f"tr/{n}", 16) for n in range(1000))
    entropy = next(e for e in entropies if any("ı" in w for w in encode_words(e, "tr")))
    words = " ".join(encode_words(entropy, "tr"))

    assert decode_words(words.replace("i", "İ").replace("ı", "I").upper()) == entropy
    with pytest.raises(MalformedWordsError):
        decode_words(words.replace("ı", "i"))


def test_ideographic_spaces_part_words() -> None:
    assert decode_words("\u3000".join(encode_words(ENTROPY, "zh-hans")), "zh-hans") == ENTROPY


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
@pytest.mark.parametrize("every", [1, 3, 12])
def test_chinese_words_need_no_spaces(language: str, every: int) -> None:
    words = encode_words(ENTROPY, language)
    groups = ("".join(words[i : i + every]) for i in range(0, 12, every))

    assert decode_words(" ".join(groups), language) == ENTROPY


def test_language_decides_where_a_text_is_sound_in_two_lists() -> None:
    """English and Turkish share 22 words: nobody draws twelve of them, but somebody may try."""
    english, turkish = (Mnemonic(WORD_LISTS[language]).wordlist for language in ("en", "tr"))
    common = sorted(set(english) & set(turkish))
    texts = (" ".join(common[i % len(common)] for i in draw(f"tr/{n}", 12)) for n in range(10**5))
    text = next(t for t in texts if _is_sound(t, english) and _is_sound(t, turkish))

    assert encode_words(decode_words(text, "en"), "en") == tuple(text.split())
    assert encode_words(decode_words(text, "tr"), "tr") == tuple(text.split())
    assert decode_words(text, "en") != decode_words(text, "tr")


def test_words_of_both_chinese_lists_mean_the_same_in_both() -> None:
    simplified, traditional = (
        Mnemonic(WORD_LISTS[language]).wordlist for language in ("zh-hans", "zh-hant")
    )

    for word in set(simplified) & set(traditional):
        assert simplified.index(word) == traditional.index(word)


def _is_sound(text: str, words: list[str]) -> bool:
    bits = "".join(f"{words.index(word):011b}" for word in text.split())
    entropy = int(bits[:128], 2).to_bytes(16, "big")
    return sha256(entropy).digest()[0] >> 4 == int(bits[128:], 2)


def test_language_without_a_list_has_english_words() -> None:
    assert encode_words(ENTROPY, "fa") == ENGLISH
    assert decode_words(" ".join(ENGLISH), "fa") == ENTROPY


@pytest.mark.parametrize("count", [0, 1, 11, 13, 24])
def test_other_than_twelve_words_are_refused_without_a_position(count: int) -> None:
    with pytest.raises(MalformedWordsError) as refusal:
        decode_words(" ".join((ENGLISH * 2)[:count]))

    assert refusal.value.position is None


@pytest.mark.parametrize("position", [1, 7, 12])
def test_unknown_word_is_named_by_its_place_and_never_repeated(position: int) -> None:
    words = list(ENGLISH)
    words[position - 1] = "xyzzy"

    with pytest.raises(MalformedWordsError) as refusal:
        decode_words(" ".join(words))

    assert refusal.value.position == position
    assert "xyzzy" not in str(refusal.value)


def test_two_words_exchanged_break_the_checksum() -> None:
    words = list(ENGLISH)
    words[0], words[2] = words[2], words[0]

    with pytest.raises(MalformedWordsError) as refusal:
        decode_words(" ".join(words))

    assert refusal.value.position is None


def test_words_of_two_lists_are_refused() -> None:
    mixed = [*ENGLISH[:6], *encode_words(ENTROPY, "ru")[6:]]

    with pytest.raises(MalformedWordsError) as refusal:
        decode_words(" ".join(mixed))

    assert refusal.value.position == 7


@pytest.mark.parametrize("text", ["\ud800 " * 12, "\0 " * 12, "😀 " * 12, "a" * 10_000, "İ " * 12])
def test_odd_text_is_refused_like_any_other(text: str) -> None:
    with pytest.raises(MalformedWordsError):
        decode_words(text)


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_only_sixteen_bytes_have_twelve_words(length: int) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        encode_words(bytes(length))


def test_checksum_is_the_first_four_bits_of_the_hash() -> None:
    last = encode_words(bytes(16))[-1]

    assert last == "about"  # 7 zero bits, then 0011: word 3 of the list
    assert sha256(bytes(16)).digest()[0] >> 4 == 3


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_a_word_list_has_2048_words_that_differ(language: str) -> None:
    assert len(set(word_list(language))) == 2048
