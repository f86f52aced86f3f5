"""Which tests a parallel run keeps together on one worker.

A file stays together, so what it shares is made once. All that start a private Tor network stay
together, since each takes 600 MB and a core: there is never more than one.
"""

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
E2E = "tests/e2e/"
_TOR = "a private Tor network"
_SIGNS = ("tornet", "private-tor", "PrivateNetwork")


class ByPlace(LoadScopeScheduling):
    """Hands out the tests by the place of their file."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def group(nodeid: str) -> str:
    """The name of the group that this test belongs to."""
    file, _, _ = nodeid.partition("::")
    return _TOR if starts_tor(file) else file


def turn(nodeid: str) -> int:
    """What takes longest starts first: Tor networks, then whole stories, then the rest."""
    file, _, _ = nodeid.partition("::")
    return 0 if starts_tor(file) else 1 if file.startswith(E2E) else 2


@cache
def starts_tor(file: str) -> bool:
    """Whether the tests of this file start a private Tor network: then it names one."""
    path = ROOT / file
    if not path.is_file():
        return False
    text = path.read_text(encoding="utf-8")
    return file.startswith(("tests/e2e/", "tests/unit/tor/")) and any(s in text for s in _SIGNS)
