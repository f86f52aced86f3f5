"""Check that every relative link in the documentation leads somewhere, anchors included."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from scripts.tracked import shown, tracked_files

FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
HEADING = re.compile(r"^#+[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def prose(path: Path) -> str:
    """The text without its code, where brackets mean other things."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, made the way the usual renderers make them."""
    slugs: set[str] = set()
    for heading in HEADING.findall(prose(path)):
        kept = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        number = 0
        while (slug := f"{kept}-{number}" if number else kept) in slugs:
            number += 1
        slugs.add(slug)
    return slugs


def problems(path: Path) -> Iterator[str]:
    """One sentence for each relative link of the page that leads nowhere."""
    for match in LINK.finditer(CODE.sub("", prose(path))):
        link = match[1] or match[2]
        if ELSEWHERE.match(link):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists():
            yield f"{shown(path)}: {link} does not exist"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            yield f"{shown(path)}: {link} names a heading that is not there"


def main() -> int:
    found = [problem for path in tracked_files(".md") for problem in problems(path)]
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
