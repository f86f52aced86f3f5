"""What outlives a lock: the tokens of the page, and what wrong passphrases have cost so far.

The process that holds the vault's key ends when it locks; the next one goes on with this. Nothing
in it opens anything: the session's token lets its page ask, and a locked desk answers nothing.
"""

from collections.abc import Callable
from typing import Self

import msgspec


class Standing(msgspec.Struct, dict=True):
    """The state of the door. `broke`: the process before ended without being asked to.

    not_before: on the monotonic clock, which all processes of this machine share.
    """

    start: str = ""
    session: str = ""
    failures: int = 0
    not_before: float = 0.0
    language: str = ""
    broke: bool = False

    def watch(self, tell: Callable[[Self], None]) -> None:
        """Call this after each change."""
        self.__dict__["tell"] = tell

    def change(self, **values: object) -> None:
        """Set these values, and tell who watches."""
        for name, value in values.items():
            setattr(self, name, value)
        if tell := self.__dict__.get("tell"):
            tell(self)

    def encode(self) -> bytes:
        """One line of JSON."""
        return msgspec.json.encode(self) + b"\n"


def parse_standing(line: bytes) -> Standing:
    """Read what `encode` made; our own other process wrote it."""
    return msgspec.json.decode(line, type=Standing)
