"""Translations: gettext catalogues beside the templates, read once at the start.

A language is offered when every sentence has its translation: no page is ever half in English.
"""

from functools import cache
from importlib.resources import files
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from silent_courier.server.portal.languages import LANGUAGES, Language

TEMPLATE_NAME: Final = "portal.pot"


@cache
def load_catalogue(language: Language) -> dict[str, str]:
    """English sentence → sentence in this language; empty for English and for a missing file."""
    catalogue = _read(f"{language.code}.po")
    if catalogue is None:
        return {}
    return {str(m.id): str(m.string) for m in catalogue if m.id and m.string and not m.fuzzy}


@cache
def offered_languages() -> tuple[Language, ...]:
    """English, and every language into which all is translated."""
    template = _read(TEMPLATE_NAME)
    sentences = {str(message.id) for message in template or () if message.id}
    return tuple(
        language
        for language in LANGUAGES
        if language.code == "en" or (sentences and sentences <= load_catalogue(language).keys())
    )


def _read(name: str) -> Catalog | None:
    resource = files("silent_courier.server.portal") / "locale" / name
    if not resource.is_file():
        return None
    with resource.open("rb") as file:
        return read_po(file)
