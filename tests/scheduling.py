"""Which tests a parallel run keeps together on one worker.

A file stays together, so what it shares is made once. All that start a private Tor network stay
together, since each takes 600 MB and a core: there is never more than one.
"""

from xdist.scheduler import LoadScopeScheduling

E2E = "tests/e2e/"
TOR_NETWORKS = (E2E, "tests/unit/tor/test_private_network.py")
# Takes long, starts no tor: it runs beside them.
WITHOUT_TOR = "tests/e2e/test_fresh_machine.py"


class ByPlace(LoadScopeScheduling):
    """Hands out the tests by the place of their file."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def group(nodeid: str) -> str:
    """The name of the group that this test belongs to."""
    file, _, _ = nodeid.partition("::")
    return E2E if file.startswith(TOR_NETWORKS) and file != WITHOUT_TOR else file
