from mnemonic import Mnemonic

from silent_courier.desk import alias
from silent_courier.desk.alias import alias_of, is_alias

ORG, SOURCE = b"o" * 32, b"s" * 32


def test_a_source_keeps_its_alias_and_has_another_elsewhere() -> None:
    assert alias_of(ORG, SOURCE) == alias_of(ORG, SOURCE) == "foggy warbler"
    assert alias_of(b"p" * 32, SOURCE) != alias_of(ORG, SOURCE)


def test_only_two_words_of_the_lists_could_be_an_alias() -> None:
    assert is_alias("foggy warbler")
    for words in ("warbler foggy", "foggy", "foggy warbler foggy", "", " ", "Foggy warbler"):
        assert not is_alias(words)


def test_no_word_could_be_taken_for_one_of_the_twelve() -> None:
    words = alias.FIRST + alias.SECOND
    assert not set(words) & set(Mnemonic("english").wordlist)
    assert all(word.isascii() and word.islower() for word in words)


def test_a_thousand_sources_rarely_share_an_alias() -> None:
    aliases = {alias_of(ORG, number.to_bytes(32, "big")) for number in range(1000)}
    assert len(aliases) > 970
