import pytest

from silent_courier.storage.vault.folding import folded_text, words


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Ёлка", "елка"),
        ("Йод", "ИОД"),
        ("Déjà vu", "deja VU"),
        ("Straße", "strasse"),
        ("DIYARBAKIR Iğdır İzmir", "diyarbakir igdir izmir"),
        ("Łódź", "lodz"),
        ("مُحَمَّد", "محمد"),
        ("أحمد إلى آخر", "احمد الى اخر"),
        ("کتاب علی", "كتاب علي"),
        ("كـــتاب", "كتاب"),
        ("۱۴۰۵ ٢٠٢٦", "1405 2026"),
        ("ﬁle", "file"),
        ("ＡＢＣ", "abc"),
        ("뇌물", "뇌물"),
        ("cafe\u0301", "café"),
        ("Київ", "київ"),
    ],
)
def test_the_ways_one_word_can_be_typed_meet(written: str, typed: str) -> None:
    assert folded_text(written) == folded_text(typed) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("ель", "елка"), ("mat", "mate"), ("प्र", "पर"), ("か", "た")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert folded_text(one) != folded_text(other)


def test_scripts_without_spaces_count_sign_by_sign() -> None:
    assert folded_text("北京市の賄賂2026年") == "北 京 市 の 賄 賂 2026 年"
    assert [word.is_sign for word in words("北京 ab")] == [True, True, False]


def test_a_word_knows_where_it_stands() -> None:
    text = "—  «Ёж», 12"
    assert [text[word.start : word.end] for word in words(text)] == ["Ёж", "12"]


@pytest.mark.parametrize("hostile", ['"*^:()-+{}', "\0\x1b\u202e", "NEAR/3 'x' -- ;", "𐍈😀_"])
def test_only_letters_digits_and_marks_come_through(hostile: str) -> None:
    assert all(part.isalnum() for part in folded_text(hostile).split())


def test_every_character_folds_without_a_space_or_quote_in_it() -> None:
    for code in range(0x110000):
        character = chr(code)
        if not 0xD800 <= code < 0xE000:
            for word in words(character):
                assert not set(word.folded) & set(' "*^:()\0'), hex(code)
