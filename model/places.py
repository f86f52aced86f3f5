"""Whether what the rows name is there: the code below `silent_courier`, sections of docs/spec."""

import importlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from model.matrix import Row

PACKAGE: Final = "silent_courier"
_HEADING: Final = re.compile(r"^#+ (\d+(?:\.\d+)*)\.? ", re.M)


def problems(rows: Iterable[Row], spec: Path) -> Iterator[str]:
    """One sentence for each name or section that does not exist."""
    sections = spec_sections(spec)
    for row in rows:
        for name in row.code.split():
            if not exists(name):
                yield f"model: {row.name}: there is no {PACKAGE}.{name}"
        if row.spec not in sections:
            yield f"model: {row.name}: the specification has no §{row.spec}"


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


def spec_sections(spec: Path) -> frozenset[str]:
    """The numbers of all headings of the specification."""
    pages = (page.read_text(encoding="utf-8") for page in sorted(spec.glob("*.md")))
    return frozenset(number for page in pages for number in _HEADING.findall(page))
