"""Pages say what the keyring says, in sound markup, and escape whatever they are given."""

import json
import re
from pathlib import Path

import pytest

from silent_courier.server.portal.assets import load_assets
from silent_courier.server.portal.catalogue import offered_languages
from silent_courier.server.portal.pages import (
    MESSAGES,
    PAGES,
    render_left,
    render_messages,
    render_pages,
)
from tests.unit.server.portal.portal_kit import DAY, Page, facts

ASSETS = load_assets()
# The script's tests read the same file.
DAYS = json.loads((Path(__file__).parent / "days.json").read_text(encoding="utf-8"))


def test_every_page_is_there_in_every_language_and_sound() -> None:
    pages = render_pages(facts(), ASSETS) | render_left(ASSETS)

    for language in offered_languages():
        for name in (*PAGES, "left"):
            page = Page(pages[f"/{language.code}/{name}"])
            attributes = dict(page.tags)["html"]
            assert attributes == {"lang": language.tag, "dir": language.direction}
    assert pages["/"] == pages["/en/"]


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline() -> None:
    for page in map(Page, render_pages(facts(), ASSETS).values()):
        links = [*page.attributes("src"), *page.attributes("href")]
        assert all(link.startswith(("/", "#")) for link in links)
        assert not page.attributes("style")
        assert not [name for _, given in page.tags for name in given if name.startswith("on")]
        assert all(given.get("src") for tag, given in page.tags if tag == "script")
        assert "style" not in [tag for tag, _ in page.tags]


def test_ids_are_there_once() -> None:
    for page in map(Page, render_pages(facts(), ASSETS).values()):
        ids = page.attributes("id")
        assert len(ids) == len(set(ids))


def test_markup_in_names_stays_text() -> None:
    evil = "<script>alert(1)</script>\"'"
    pages = render_pages(facts(name=evil, readers=(evil,), missing=(evil,)), ASSETS)

    for page in map(Page, pages.values()):
        assert all(given.get("src") for tag, given in page.tags if tag == "script")
    assert evil in Page(pages["/en/about"]).text


def test_every_answer_is_shown_with_who_signed_it_and_its_day_in_every_language() -> None:
    pages = [v for path, v in render_pages(facts(), ASSETS).items() if path.endswith("/letterbox")]

    assert len(pages) == len(offered_languages())
    for page in map(bytes.decode, pages):
        (head,) = re.findall(r'<template id="answer">.*?<p ([^>]*)></p>', page)
        sentences = re.findall(r'data-(by|left|opened)="([^"]*)"', head)
        assert [kind for kind, _ in sentences] == ["by", "left", "opened"]
        assert all("%(name)s" in said and "%(day)s" in said for _, said in sentences)


def test_no_sentence_keeps_a_place_that_nobody_fills() -> None:
    for page in map(Page, render_pages(facts(), ASSETS).values()):
        assert "%(" not in page.text


def test_forms_for_the_script_stand_in_a_template_so_that_without_script_there_are_none() -> None:
    html = render_pages(facts(), ASSETS)["/en/letterbox"].decode()
    before, after = html.split('<template id="app"', 1)
    outside = before + after.rpartition("</template>")[2]

    assert not re.search(
        "<(form|input|textarea)", re.sub("<noscript>.*?</noscript>", "", outside, flags=re.DOTALL)
    )


def test_without_script_no_box_takes_words() -> None:
    html = render_pages(facts(), ASSETS)["/en/letterbox"].decode()
    (noscript,) = re.findall("<noscript>(.*?)</noscript>", html, re.DOTALL)
    typed = [given for tag, given in Page(noscript.encode()).tags if given.get("type") == "text"]

    assert "<textarea" not in noscript
    assert [given["name"] for given in typed] == ["receipt"]
    for given in typed:
        # The tests in a browser show that it is the browser which holds it to the pattern.
        pattern = re.compile(given["pattern"] or "")
        assert pattern.fullmatch("4280 6050 9553 9573 1361 2956")
        assert pattern.fullmatch("".join(chr(0x6F0 + n % 10) for n in range(24)))
        assert not pattern.fullmatch("abandon " * 12)
        assert "required" in given


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "This letterbox is being emptied. Last time: 23 November 2026."),
        ({"refusal": "not-emptied", "emptied": None}, "is not being emptied now"),
        ({"refusal": "too-few"}, "Too few of us could read a letter today"),
        ({"closed_until": DAY + 3}, "We are away until 26 November 2026."),
    ],
)
def test_first_page_says_whether_the_letterbox_is_emptied(
    changes: dict[str, object], sentence: str
) -> None:
    assert sentence in Page(render_pages(facts(**changes), ASSETS)["/"]).text


def test_readers_are_named_and_so_are_those_who_are_missing() -> None:
    pages = render_pages(facts(missing=("Clara",)), ASSETS)

    assert "Who can read a letter today: Anna and Boris." in Page(pages["/"]).text
    assert "Not able to read today Clara" in Page(pages["/en/about"]).text


def test_about_names_every_file_with_its_hash() -> None:
    text = Page(render_pages(facts(), ASSETS)["/en/about"]).text

    assert all(f"{name} {digest}" in text for name, digest in ASSETS.digests)


def test_messages_need_no_charter() -> None:
    pages = render_messages(ASSETS)

    for language in offered_languages():
        titles = {Page(pages[language.code, message]).text for message in MESSAGES}
        assert len(titles) == len(MESSAGES)


def test_page_that_is_left_behind_names_nobody() -> None:
    for page in map(Page, render_left(ASSETS).values()):
        assert "script" not in [tag for tag, _ in page.tags]
        assert "Herald" not in page.text


def test_a_day_that_no_calendar_has_stops_no_page() -> None:
    pages = render_pages(facts(closed_until=2**32 - 1, expires=2**31), ASSETS)

    assert "2,147,483,648" in Page(pages["/en/about"]).text


def test_days_and_numbers_are_written_as_the_script_writes_them() -> None:
    pages = render_pages(facts(closed_until=DAYS["day"], expires=2**31), ASSETS)

    written = DAYS["written"]
    assert set(written) == {language.tag for language in offered_languages()}
    for language in offered_languages():
        day, number = written[language.tag]
        assert day in Page(pages[f"/{language.code}/"]).text
        assert number in Page(pages[f"/{language.code}/about"]).text


@pytest.mark.parametrize("code", ["zh-hans", "zh-hant"])
def test_chinese_sentences_stand_without_a_space_between(code: str) -> None:
    pages = render_pages(facts(), ASSETS)

    for name in PAGES:
        html = pages[f"/{code}/{name}"].decode()
        assert not re.search("[。？！](</strong>)? ", html)
