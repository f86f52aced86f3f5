"""A language is offered when all is said in it, and not before."""

from silent_courier.server.portal.catalogue import load_catalogue, offered_languages
from silent_courier.server.portal.languages import LANGUAGES

ENGLISH = LANGUAGES[0]


def test_english_needs_no_translation_and_is_always_offered() -> None:
    assert load_catalogue(ENGLISH) == {}
    assert offered_languages()[0] is ENGLISH


def test_offered_languages_say_the_same_things() -> None:
    catalogues = [load_catalogue(each) for each in offered_languages() if each is not ENGLISH]

    assert all(catalogue.keys() >= catalogues[0].keys() for catalogue in catalogues)
    assert all(all(catalogue.values()) for catalogue in catalogues)


def test_offered_languages_keep_the_order_of_the_list() -> None:
    offered = offered_languages()

    assert list(offered) == [each for each in LANGUAGES if each in offered]
