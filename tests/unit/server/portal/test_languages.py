"""Each language has a path, a locale that Babel knows, and words that there are."""

from babel import Locale

from silent_courier.protocol.words import WORD_LISTS
from silent_courier.server.portal.languages import LANGUAGES


def test_paths_are_distinct_and_plain() -> None:
    codes = [language.code for language in LANGUAGES]

    assert len(set(codes)) == len(codes)
    assert all(code.replace("-", "").isalpha() and code.islower() for code in codes)


def test_locales_are_known_and_run_the_way_they_say() -> None:
    for language in LANGUAGES:
        assert Locale.parse(language.locale).text_direction == language.direction


def test_words_are_of_a_list_that_there_is() -> None:
    assert {language.words for language in LANGUAGES} <= WORD_LISTS.keys()
    assert all(each.words == each.code for each in LANGUAGES if each.code in WORD_LISTS)
