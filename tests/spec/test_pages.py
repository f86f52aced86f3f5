"""The pages of the specification are true of the code, where a program can tell."""

import re
import unicodedata
from hashlib import sha256
from pathlib import Path

import pytest
from mnemonic import Mnemonic

from silent_courier.desk import alias
from silent_courier.protocol import errors, sizes
from silent_courier.protocol.words import WORD_LISTS
from tests.spec.examples import BLOCK, EXAMPLES, PAGES, render

SOURCE = Path(__file__).parents[2] / "src" / "silent_courier"
ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]+)` \| (\d+) \|", re.MULTILINE)


def pages() -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in sorted(PAGES.glob("*.md"))}


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_is_what_the_code_computes(name: str) -> None:
    found = [m[3] for text in pages().values() for m in BLOCK.finditer(text) if m[2] == name]

    assert found == [render(name)]


def test_no_page_shows_an_example_that_nothing_computes() -> None:
    named = {m[1] for t in pages().values() for m in re.finditer(r"<!-- example: (.*?) -->", t)}

    assert named == EXAMPLES.keys()


def test_table_of_sizes_is_the_module_of_sizes() -> None:
    table = {name: int(value) for name, value in ROW.findall(pages()[PAGES / "02-sizes.md"])}
    module = {name: value for name, value in vars(sizes).items() if name.isupper()}

    assert {n: v for n, v in module.items() if not n.startswith("_")} == table


def test_every_word_list_is_named_with_its_hash() -> None:
    named = re.findall(r"^\| `([a-z-]+)` \| ([a-z_]+) \| `([0-9a-f]{64})` \|", _page("03"), re.M)

    assert {language: name for language, name, _ in named} == WORD_LISTS
    for _, name, digest in named:
        words = "".join(f"{word}\n" for word in Mnemonic(name).wordlist)
        assert sha256(unicodedata.normalize("NFKD", words).encode()).hexdigest() == digest


def test_words_of_aliases_are_those_of_the_code_in_their_order() -> None:
    section = _page("14").split("## 14.22 ")[1]
    lists = re.findall(r"^```text\n((?:[a-z ]+\n)+)```", section, re.M)

    assert [tuple(each.split()) for each in lists] == [alias.FIRST, alias.SECOND]
    for count in (len(alias.FIRST), len(alias.SECOND)):
        assert f"mod {count}]" in _page("14")
        assert f", {count} words:" in section


def test_every_refusal_named_is_a_class() -> None:
    for name in re.findall(r"^\| `(\w+Error)`", _page("13"), re.M):
        assert issubclass(getattr(errors, name), errors.ProtocolError), name


def headings() -> set[str]:
    return {
        number
        for text in pages().values()
        for number in re.findall(r"^#+ (\d+(?:\.\d+)*)", text, re.M)
    }


def test_every_section_that_the_code_names_exists() -> None:
    for path in sorted(SOURCE.rglob("*.py")):
        for named in re.findall(r"[Ss]pec ((?:[§0-9.,-]| and | (?=§))+)", path.read_text("utf-8")):
            for section in re.findall(r"\d+(?:\.\d+)*", named):
                assert section in headings(), f"{path.relative_to(SOURCE)}: §{section}"


def test_every_section_named_exists() -> None:
    for path, text in pages().items():
        for section in re.findall(r"§(\d+(?:\.\d+)*)", text):
            if f"FIPS 203 §{section}" not in text:
                assert section in headings(), f"{path.name}: §{section}"


def _page(number: str) -> str:
    return next(text for path, text in pages().items() if path.name.startswith(number))
