"""Whether what the rows name is there: code below `silent_courier`, spec sections, tests."""

import importlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from model.checks import Check
from model.matrix import Row

PACKAGE: Final = "silent_courier"
_HEADING: Final = re.compile(r"^#+ (\d+(?:\.\d+)*)\.? ", re.M)


def problems(rows: Iterable[Row], root: Path) -> Iterator[str]:
    """One sentence for each name, section or test that does not exist in this checkout."""
    sections = spec_sections(root / "docs" / "spec")
    for row in rows:
        for name in row.code.split():
            if not exists(name):
                yield f"model: {row.name}: there is no {PACKAGE}.{name}"
        if row.spec not in sections:
            yield f"model: {row.name}: the specification has no §{row.spec}"
        if isinstance(row, Check) and row.shown and not is_shown(row.shown, root):
            yield f"model: {row.name}: there is no {row.shown}"


def exists(name: str) -> bool:
    """Whether this dotted name below the package leads to something."""
    found: object = importlib.import_module(PACKAGE)
    path = PACKAGE
    for part in name.split("."):
        path = f"{path}.{part}"
        try:
            found = getattr(found, part) if hasattr(found, part) else importlib.import_module(path)
        except ModuleNotFoundError:
            return False
    return True


def is_shown(shown: str, root: Path) -> bool:
    """Whether there is this file, and in it this test where one is named."""
    name, _, test = shown.partition("::")
    page = root / name
    return page.is_file() and (not test or f"def {test}(" in page.read_text(encoding="utf-8"))


def spec_sections(spec: Path) -> frozenset[str]:
    """The numbers of all headings of the specification."""
    pages = (page.read_text(encoding="utf-8") for page in sorted(spec.glob("*.md")))
    return frozenset(number for page in pages for number in _HEADING.findall(page))
