"""Render every page in every language into ready-made bytes."""

import datetime
from collections.abc import Callable, Mapping
from functools import partial
from importlib.resources import files
from typing import Any, Final

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from silent_courier.server.portal.assets import Assets
from silent_courier.server.portal.catalogue import load_catalogue
from silent_courier.server.portal.facts import Facts
from silent_courier.server.portal.languages import LANGUAGES, Language

PAGES: Final = ("", "write", "read", "help", "about", "left")
_TEMPLATES: Final = {"": "home.html"}
_EPOCH: Final = datetime.date(1970, 1, 1)


def render_pages(facts: Facts, assets: Assets) -> dict[str, bytes]:
    """Path → page, for all languages; `/` is the English start page."""
    environment = _environment()
    pages = {
        f"/{language.code}/{page}": _render(environment, page, language, facts, assets)
        for language in LANGUAGES
        for page in PAGES
    }
    return pages | {"/": pages["/en/"]}


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("silent_courier.server.portal"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _render(
    environment: Environment, page: str, language: Language, facts: Facts, assets: Assets
) -> bytes:
    template = environment.get_template(_TEMPLATES.get(page, f"{page}.html"))
    return template.render(
        _=_translator(load_catalogue(language)),
        day=partial(_day, language),
        language=language,
        languages=LANGUAGES,
        page_path=page,
        facts=facts,
        asset=assets.path,
        assets=assets.digests,
    ).encode("utf-8")


def _translator(catalogue: Mapping[str, str]) -> Callable[..., str]:
    def translate(sentence: str, **values: Any) -> str:
        translated = catalogue.get(sentence, sentence)
        return translated % values if values else translated

    return translate


def _day(language: Language, day: int) -> str:
    date = _EPOCH + datetime.timedelta(days=day)
    return format_date(date, format="long", locale=language.locale)
