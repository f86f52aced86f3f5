"""The threat model's own sentences: each says what shows it, and what it names exists.

A line of the actors' tables names a test or a case of vectors/, as the tables of the model do, or
says in words why none can show it.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

CITED: Final = re.compile(r"`((?:\w+/)*\w+\.py)::(test_\w+)`|`((?:\w+/)*[\w-]+\.case)`")
NOT_TESTABLE: Final = "not testable"
_SECTION: Final = re.compile(r"^## By actor$(.*?)^## ", re.M | re.S)
_ROW: Final = re.compile(r"^\| (?!\||-)(.+) \|$", re.M)
_COLUMNS: Final = 3


def prose_problems(text: str, root: Path) -> Iterator[str]:
    """One sentence for each test that is named and missing, and each line that names none."""
    for match in CITED.finditer(text):
        if not _is_there(match, root):
            yield f"there is no {match[0].strip('`')}"
    section = _SECTION.search(text)
    if section is None:
        yield "there is no section By actor"
        return
    for row in _ROW.findall(section[1]):
        cells = row.split(" | ")
        shown = cells[-1]
        if len(cells) != _COLUMNS or not (CITED.search(shown) or NOT_TESTABLE in shown):
            yield f"nothing shows: {row[:60]}"


def _is_there(match: re.Match[str], root: Path) -> bool:
    test, name, case = match.groups()
    if case is not None:
        return any(str(path).endswith(f"/{case}") for path in _files(root / "vectors", "*.case"))
    named = [path for path in _files(root / "tests", "*.py") if str(path).endswith(f"/{test}")]
    return any(f"def {name}(" in path.read_text(encoding="utf-8") for path in named)


@cache
def _files(directory: Path, pattern: str) -> tuple[Path, ...]:
    return tuple(directory.rglob(pattern))
