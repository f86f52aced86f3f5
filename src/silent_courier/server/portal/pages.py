"""Render every page in every language into ready-made bytes."""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Final, Literal

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from silent_courier.server.portal.assets import Assets
from silent_courier.server.portal.catalogue import load_catalogue, offered_languages
from silent_courier.server.portal.facts import Facts
from silent_courier.server.portal.languages import LANGUAGES, Language

Message = Literal["missing", "closed", "expired", "failed", "foreign"]

LETTERBOX: Final = "letterbox"
FORMS: Final = "forms"
PAGES: Final = ("", LETTERBOX, "help", "about")
LEFT: Final = "left"
MESSAGES: Final[tuple[Message, ...]] = ("missing", "closed", "expired", "failed", "foreign")
_EPOCH: Final = datetime.date(1970, 1, 1)
_DIGITS: Final = {"arabext": {ord("0") + n: 0x6F0 + n for n in range(10)}}
_GAP: Final = re.compile(r"(?<=[。？！])(</strong>)? +(?=\S)")
_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def render_pages(facts: Facts, assets: Assets) -> dict[str, bytes]:
    """Path → page, for all offered languages; `/` is the English start page."""
    pages = {
        f"/{language.code}/{page}": _render(
            f"{page or 'home'}.html", page, language, assets, facts=facts
        )
        for language in offered_languages()
        for page in PAGES
    }
    # Who loads the answer to a form again is back where forms are.
    back = {
        f"/{each.code}/{FORMS}": pages[f"/{each.code}/{LETTERBOX}"] for each in offered_languages()
    }
    return pages | back | {"/": pages["/en/"]}


def render_posted(code: str, view: str, facts: Facts, assets: Assets, **values: Any) -> bytes:
    """The page that answers a form; `values` are what its view wants to show."""
    language = next((each for each in offered_languages() if each.code == code), LANGUAGES[0])
    wanted = {"trouble": None, "receipt": None, "text": "", "found": None, **values}
    return _render("posted.html", LETTERBOX, language, assets, facts=facts, view=view, **wanted)


def render_left(assets: Assets) -> dict[str, bytes]:
    """Path → the page that is left behind, which knows nothing of the organisation."""
    return {
        f"/{language.code}/{LEFT}": _render("left.html", LEFT, language, assets)
        for language in offered_languages()
    }


def render_messages(assets: Assets) -> dict[tuple[str, Message], bytes]:
    """Language code and message → page, for what can be said without a charter."""
    return {
        (language.code, message): _render("message.html", "", language, assets, message=message)
        for language in offered_languages()
        for message in MESSAGES
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("silent_courier.server.portal"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _render(
    template: str,
    page: str,
    language: Language,
    assets: Assets,
    *,
    facts: Facts | None = None,
    message: Message | None = None,
    **values: Any,
) -> bytes:
    rendered = (
        _environment()
        .get_template(template)
        .render(
            _=_translator(load_catalogue(language), language),
            day=partial(_day, language),
            people=partial(_people, language),
            number=partial(_number, language),
            language=language,
            languages=offered_languages(),
            page_path=page,
            message=message,
            facts=facts,
            asset=assets.path,
            assets=assets.digests,
            **values,
        )
    )
    return _without_gaps(rendered, language).encode("utf-8")


def _without_gaps(page: str, language: Language) -> str:
    """Chinese has no space between sentences; the templates have one."""
    return _GAP.sub(r"\1", page) if language.tag.startswith("zh") else page


def _translator(catalogue: Mapping[str, str], language: Language) -> Callable[..., str]:
    def translate(sentence: str, **values: Any) -> str:
        translated = catalogue.get(sentence, sentence)
        isolated = {name: _isolated(str(value), language) for name, value in values.items()}
        return translated % isolated if values else translated

    return translate


def _isolated(value: str, language: Language) -> str:
    """A name keeps its own direction within a sentence that runs the other way."""
    return value if language.direction == "ltr" else f"{_ISOLATE}{value}{_POP_ISOLATE}"


def _day(language: Language, day: int) -> str:
    """The day in words; the bare number of one that no calendar has.

    Gregorian in every language: Babel knows no other calendar, and the script must name the same
    day as the server.
    """
    try:
        date = _EPOCH + datetime.timedelta(days=day)
    except OverflowError:
        return _number(language, day)
    return _in_digits(format_date(date, format="long", locale=language.locale), language)


def _people(language: Language, labels: Sequence[str]) -> str:
    return format_list([_isolated(each, language) for each in labels], locale=language.locale)


def _number(language: Language, number: int) -> str:
    text = format_decimal(number, locale=language.locale, numbering_system=language.numbers)
    return _in_digits(text, language)


def _in_digits(text: str, language: Language) -> str:
    """Babel knows where other numbers have their commas, but not their digits."""
    return text.translate(_DIGITS.get(language.numbers, {}))
