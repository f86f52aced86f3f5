"""No sentence of the threat model stands without what shows it."""

import pytest

from model.prose import prose_problems
from scripts.tracked import ROOT

PAGE = """# Page

## By actor

### Somebody

| | what | shown by |
|---|---|---|
| sees | this | {shown} |

## Next
"""
GOOD = "`test_prose.py::test_a_line_that_names_a_test_is_shown`"


@pytest.mark.parametrize(
    "shown",
    [GOOD, f"`model/{GOOD[1:]}", "`has-only-ed25519.case`", "not testable: it is nobody's"],
)
def test_a_line_that_names_a_test_is_shown(shown: str) -> None:
    assert list(prose_problems(PAGE.format(shown=shown), ROOT)) == []


@pytest.mark.parametrize("shown", ["", "believe us", f"{GOOD} | more"])
def test_a_line_that_names_none_is_found(shown: str) -> None:
    assert len(list(prose_problems(PAGE.format(shown=shown), ROOT))) == 1


@pytest.mark.parametrize(
    "shown",
    [
        "`test_prose.py::test_that_was_renamed`",
        "`test_prosa.py::test_a_line_that_names_a_test_is_shown`",
        "`has-no-such-thing.case`",
    ],
)
def test_a_test_that_is_not_there_is_missed_anywhere_on_the_page(shown: str) -> None:
    assert len(list(prose_problems(PAGE.format(shown=shown), ROOT))) == 1
    assert len(list(prose_problems(f"{PAGE.format(shown=GOOD)}\nAnd {shown}.\n", ROOT))) == 1


def test_a_page_without_actors_is_no_threat_model() -> None:
    assert len(list(prose_problems("# Page\n", ROOT))) == 1


def test_every_line_of_ours_is_shown() -> None:
    page = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    assert list(prose_problems(page, ROOT)) == []
    assert page.count("| accepted |") >= 15
