"""The portal's languages. Chosen in the path, never by a cookie."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its path, BCP 47 tag, name in itself, direction, and the list its words are of.

    `numbers` is the CLDR name of the digits that the translation is written with.
    `confirmed` says whether a native speaker has read the translation.
    """

    code: str
    tag: str
    name: str
    direction: str = "ltr"
    words: str = "en"
    numbers: str = "latn"
    confirmed: bool = False

    @property
    def locale(self) -> str:
        """The locale's name as Babel and gettext write it."""
        return self.tag.replace("-", "_")


LANGUAGES: Final = (
    Language("en", "en-GB", "English", confirmed=True),
    Language("ru", "ru", "Русский", words="ru"),
    Language("uk", "uk", "Українська"),
    Language("be", "be", "Беларуская"),
    Language("fa", "fa", "فارسی", direction="rtl", numbers="arabext"),
    Language("ar", "ar", "العربية", direction="rtl"),
    Language("zh-hans", "zh-Hans", "简体中文", words="zh-hans"),
    Language("zh-hant", "zh-Hant", "繁體中文", words="zh-hant"),
    Language("ko", "ko", "한국어", words="ko"),
    Language("tr", "tr", "Türkçe", words="tr"),
    Language("es", "es", "Español", words="es"),
)
