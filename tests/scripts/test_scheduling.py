"""A parallel run never holds two private Tor networks at once."""

import re

import pytest

from tests.scheduling import ROOT, group, starts_tor, turn

TOR = "tests/unit/tor/test_private_network.py::test_a"
STORY = "tests/e2e/test_server_board.py::test_b"


def test_everything_that_starts_a_tor_network_is_one_group() -> None:
    assert group(TOR) == group("tests/e2e/test_journey_main.py::test_c")
    assert group(TOR) == group("tests/e2e/browser/test_portal_in_firefox.py::test_d")


@pytest.mark.parametrize("file", ["tests/e2e/test_server_board.py", "tests/e2e/test_forms.py"])
def test_what_needs_no_tor_runs_beside_it(file: str) -> None:
    assert group(f"{file}::test_e") == file


def test_no_test_starts_one_by_a_fixture_that_its_file_does_not_name() -> None:
    """A fixture of conftest that asks for `tornet` would hide it from a file's text."""
    for conftest in (ROOT / "tests" / "e2e").rglob("conftest.py"):
        text = conftest.read_text(encoding="utf-8")
        asking = re.findall(r"def (\w+)\([^)]*\btornet\b", text)
        for file in (ROOT / "tests" / "e2e").rglob("test_*.py"):
            name = file.relative_to(ROOT).as_posix()
            used = [one for one in asking if re.search(rf"\b{one}\b", file.read_text("utf-8"))]
            assert not used or starts_tor(name), name


def test_what_takes_longest_starts_first() -> None:
    assert sorted(["tests/unit/a.py::f", STORY, TOR], key=turn) == [
        TOR,
        STORY,
        "tests/unit/a.py::f",
    ]


def test_a_file_stays_together() -> None:
    assert group("tests/unit/a.py::test_f[x::y]") == group("tests/unit/a.py::test_g")
