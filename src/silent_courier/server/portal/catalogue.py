"""Translations: gettext catalogues, read once at the start."""

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.support import NullTranslations

from importlib.resources import files

from silent_courier.server.portal.languages import Language


def load_catalogue(language: Language) -> dict[str, str]:
    """English sentence → sentence in this language; empty for English and for a missing file."""
    resource = files("silent_courier.server.portal") / "locale" / f"{language.code}.po"
    if not resource.is_file():
        return {}
    with resource.open("rb") as file:
        catalogue = read_po(file, locale=language.locale)
    return {str(m.id): str(m.string) for m in catalogue if m.id and m.string and not m.fuzzy}
