"""One start token, exchanged once for one session; both live in memory alone.

The start token stands in the fragment of the address that the terminal shows, which no browser
sends anywhere. The session's token is kept by the page in a variable and sent as a header: unlike
a cookie it reaches no other program on 127.0.0.1 and no request that another page causes. The
price: a reloaded page needs a new address.
"""

from collections.abc import Callable
from hmac import compare_digest
from typing import Final

from silent_courier.desk.app.standing import Standing
from silent_courier.protocol.errors import RequestRefusedError

TOKEN_LEN: Final = 32
_UNAUTHORISED: Final = 401


class Sessions:
    """The start token that is still good, and the session there is."""

    def __init__(self, random: Callable[[int], bytes], standing: Standing) -> None:
        self._random = random
        self._standing = standing

    def new_start(self) -> str:
        """A start token; an earlier one counts no more."""
        start = self._random(TOKEN_LEN).hex()
        self._standing.change(start=start)
        return start

    def begin(self, start: str) -> str:
        """The token of a new session, which ends the one before; RequestRefusedError (401)."""
        if not _same(self._standing.start, start):
            raise RequestRefusedError(_UNAUTHORISED)
        session = self._random(TOKEN_LEN).hex()
        self._standing.change(start="", session=session)
        return session

    def allows(self, token: str) -> bool:
        """Whether this is the session's token."""
        return _same(self._standing.session, token)


def _same(known: str, given: str) -> bool:
    return known != "" and compare_digest(known.encode(), given.encode())
