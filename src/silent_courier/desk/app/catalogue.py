"""The page's languages: gettext catalogues in `locale`, handed to the page as JSON.

A sentence is its own key: that of the page's scripts, and every one that Python says to it. So a
sentence that has changed is asked for again by `make check`, and none is shown half translated.
"""

from functools import lru_cache
from importlib.resources import files
from typing import Final

import msgspec
from babel.messages.pofile import read_po

LANGUAGES: Final = {"en": "English", "ru": "Русский"}
"""Code → the language's name in itself; English needs no catalogue."""


@lru_cache(maxsize=2 * len(LANGUAGES))
def load_catalogue(code: str) -> dict[str, tuple[str, ...]]:
    """English sentence → the sentence in this language, in each of its numbers.

    Empty for whatever is no language of the page, be it the way to a file elsewhere.
    """
    if code not in LANGUAGES:
        return {}
    resource = files("silent_courier.desk.app") / "locale" / f"{code}.po"
    if not resource.is_file():
        return {}
    with resource.open("rb") as file:
        catalogue = read_po(file, locale=code)
    return {
        _all(message.id)[0]: _all(message.string)
        for message in catalogue
        if message.id and all(_all(message.string)) and not message.fuzzy
    }


def catalogue_files() -> dict[str, bytes]:
    """Path → JSON, for each language but English."""
    return {
        f"/{code}.json": msgspec.json.encode(load_catalogue(code))
        for code in LANGUAGES
        if code != "en"
    }


def _all(said: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (said or "",) if isinstance(said, str | None) else tuple(said)
