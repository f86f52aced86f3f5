"""Who attacks, and what they hold at one time, one row each. Everybody sees what is public."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Actor:
    """A row: `holds` is what they hold, as facts."""

    name: str
    says: str
    holds: str


_OPEN: Final = "vault(a) & passphrase(a) & board"
_DESK: Final = f"{_OPEN} & filed(a, before)"
_FORMER: Final = "signing_key(b) & credentials(b) & opened(before) & answer(before) & board"

_A = Actor
ACTORS: Final = (
    _A("archive", "outsider who keeps every board", "board"),
    _A("line", "watcher of a source's line", "line"),
    _A("both-ends", "watcher of both ends of Tor", "line & portal_end"),
    _A("disk", "server's disk, seized, and every board", "disk & board"),
    _A("server", "live server that lies", "serves & board"),
    _A("server-form", "the same, of a source who uses the assisted form",
       "serves & board & assisted"),
    _A("desk-closed", "desk seized, vault closed", "vault(a) & board"),
    _A("desk", "desk seized open, by day d + 9",
       f"{_DESK} & has_day_key(a, before) & pinned(a, g1, w1)"),
    _A("desk-day-10", "desk seized open, from day d + 10",
       f"{_DESK} & pinned(a, g1, w1)"),
    _A("desk-week-8", "desk seized open, from week w + 8", f"{_DESK} & pinned(a, g1, w8)"),
    _A("desk-deleted", "the same from day d + 10, when the thread was deleted on it", _OPEN),
    _A("desk-server", "the same from day d + 10, and the live server",
       f"{_DESK} & pinned(a, g1, w1) & serves"),
    _A("former", "former handler with all old secrets", _FORMER),
    _A("former-server", "former handler, and the live server", f"{_FORMER} & serves"),
    _A("quorum-server", "former handlers who could fill an old charter, and the live server",
       f"{_FORMER} & old_quorum & serves"),
    _A("words", "somebody with the words, and every board", "words & board"),
    _A("words-late", "somebody with the words, when the answers have left the board", "words"),
    _A("words-server", "the same with every board and the live server", "words & board & serves"),
    _A("root", "root key thief, even of a root that was changed since", "root_key"),
    _A("root-server", "root key thief, and the live server", "root_key & serves"),
    _A("quantum", "quantum computer, later, with disk, boards and recorded line",
       "quantum & disk & board & line"),
    _A("quantum-server", "quantum computer at once, and the live server",
       "quantum & board & serves"),
)  # fmt: skip
