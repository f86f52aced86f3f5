"""Check that the project speaks of itself alone.

No path of a developer's machine, no name of a package registry: whoever builds this elsewhere has
another machine and perhaps another registry. The patterns are written so that this file passes.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.tracked import shown, tracked_files

FORBIDDEN = (
    (rb"/(?:work|root)/", "a path of a developer's machine"),
    (rb"\bshared[/]", "a path outside the project"),
    (rb"(?:pypi|npmjs|yarnpkg|pythonhosted|nodesource)\.(?:org|com)", "the host of a registry"),
    (rb"(?:deb|snapshot|security)\.debian\.org", "the host of a registry"),
    (rb"(?i)\bissues? #?\d", "a number that means nothing outside a tracker"),
)
# A lock file names versions and hashes. An address in it would be that of one registry.
FORBIDDEN_IN_LOCKS = ((rb"\"resolved\":", "an address to download from"),)
FORBIDDEN_IN_PINS = ((rb"://", "an address to download from"),)


def patterns(path: Path) -> tuple[tuple[bytes, str], ...]:
    """What this file must not contain, each with its description."""
    if path.name == "package-lock.json":
        return FORBIDDEN + FORBIDDEN_IN_LOCKS
    if path.name == "requirements.lock" or path.parent.name == "requirements":
        return FORBIDDEN + FORBIDDEN_IN_PINS
    return FORBIDDEN


def problems(path: Path) -> Iterator[str]:
    """One sentence for each forbidden thing in the file, text or not."""
    content = path.read_bytes()
    for pattern, description in patterns(path):
        for match in re.finditer(pattern, content):
            line = content.count(b"\n", 0, match.start()) + 1
            yield f"{shown(path)}:{line}: {description}"


def main() -> int:
    found = [problem for path in tracked_files() for problem in problems(path)]
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
