"""The page's languages: whole, and in each of a language's numbers."""

from pathlib import Path

import msgspec

from silent_courier.desk.app.catalogue import LANGUAGES, catalogue_files, load_catalogue
from silent_courier.desk.app.sentences import every_sentence


def test_english_is_the_key_and_needs_no_catalogue() -> None:
    assert load_catalogue("en") == {}
    assert set(catalogue_files()) == {f"/{code}.json" for code in LANGUAGES if code != "en"}


def test_russian_has_three_forms_wherever_a_number_stands() -> None:
    counted = {key: forms for key, forms in load_catalogue("ru").items() if "{n}" in key}
    assert len(counted) > 5
    assert {len(forms) for forms in counted.values()} == {3}


def test_each_sentence_that_python_says_is_there() -> None:
    for code in LANGUAGES:
        if code != "en":
            assert set(every_sentence()) <= load_catalogue(code).keys()


def test_the_page_gets_what_the_catalogue_says() -> None:
    told = msgspec.json.decode(catalogue_files()["/ru.json"])
    assert told["The desk is locked"] == ["Рабочее место заперто"]


def test_a_language_is_never_the_way_to_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.po").write_text('msgid "Desk"\nmsgstr "Foreign"\n')
    for code in (f"../../../../../../../../../..{tmp_path}/x", "x" * 9999, "", "desk"):
        assert load_catalogue(code) == {}
