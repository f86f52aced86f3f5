import os
import time

import pytest

from silent_courier.desk.passphrases import Strength, draw_phrase, strength_of


@pytest.mark.parametrize(
    ("passphrase", "strength"),
    [
        ("", Strength.SHORT),
        ("Tr0ub4dor&3", Strength.SHORT),
        ("password1234", Strength.WEAK),
        ("qwertyuiop[]", Strength.WEAK),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", Strength.WEAK),
        ("Anna Petrova 1987", Strength.WEAK),
        ("мамамамамама", Strength.WEAK),
        ("мама мама мама мама мама мама мама", Strength.WEAK),
        ("correct horse battery", Strength.FAIR),
        ("correct horse battery staple ladder", Strength.STRONG),
        ("скамья ветер кисель глобус рельс обед", Strength.STRONG),
    ],
)
def test_it_is_judged_as_a_guesser_would(passphrase: str, strength: Strength) -> None:
    assert strength_of(passphrase, ("Anna Petrova",)) is strength


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_is_offered_is_strong_and_new_each_time(language: str) -> None:
    phrases = {draw_phrase(os.urandom, language) for _ in range(20)}
    assert len(phrases) == 20
    assert {len(phrase.split()) for phrase in phrases} == {6}
    assert {strength_of(phrase) for phrase in phrases} == {Strength.STRONG}


def test_every_word_can_be_drawn() -> None:
    first = draw_phrase(bytes, "en")
    last = draw_phrase(lambda length: b"\xff" * length, "en")
    assert set(first.split()) == {"abandon"}
    assert set(last.split()) == {"zoo"}


def test_a_very_long_one_is_judged_in_no_time() -> None:
    began = time.monotonic()
    assert strength_of("one of these days " * 1000) is Strength.STRONG
    assert time.monotonic() - began < 2
