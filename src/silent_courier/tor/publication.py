"""Whether an onion can be found: what directories were asked to hold, and what they confirmed.

Pure: events and times in, a verdict out. Tor keeps two descriptors of every onion, because who asks
may be a period ahead or behind; one confirmed copy of one of them is not yet an onion that
everybody finds.
"""

from collections import Counter, deque
from dataclasses import dataclass, field

from silent_courier.tor.events import DescriptorAction, DescriptorEvent

DESCRIPTOR_LIFE_S = 3 * 3600
"""After this a directory forgets a descriptor that was not uploaded again."""

DESCRIPTORS = 2
ANSWER_WITHIN_S = 300.0
"""A directory that has not answered an upload by then never will."""

Copy = tuple[str, str]
"""A descriptor, and the directory that was asked to hold it."""


@dataclass(frozen=True, slots=True)
class OnionStatus:
    """Whether one onion can be found; times are UNIX seconds, None before the first upload.

    `uploads` is how many copies directories confirmed to hold, of `copies` that they were asked to
    hold.
    """

    address: str
    published: bool
    uploads: int
    copies: int
    since: float | None
    last: float | None


@dataclass(slots=True)
class Publication:
    """The copies of one onion's descriptors, by descriptor and directory."""

    _asked: dict[Copy, float] = field(default_factory=dict)
    _confirmed: dict[Copy, float] = field(default_factory=dict)
    _open: deque[Copy] = field(default_factory=deque)
    _since: float | None = None

    def note(self, event: DescriptorEvent, now: float) -> None:
        """Take in what tor said about this onion."""
        if event.action is DescriptorAction.UPLOADING:
            self._forget_old(now)
            self._asked[event.descriptor, event.directory] = now
            self._open.append((event.descriptor, event.directory))
        elif event.action is DescriptorAction.FAILED:
            self._answered(event.directory)
        elif event.action is DescriptorAction.UPLOADED and (
            copy := self._answered(event.directory)
        ):
            self._confirmed[copy] = now
            self._since = now if self._since is None else self._since

    def _answered(self, directory: str) -> Copy | None:
        # An answer does not say which descriptor it is about: the first one that waits for it.
        copy = next((copy for copy in self._open if copy[1] == directory), None)
        if copy is not None:
            self._open.remove(copy)
        return copy

    def _forget_old(self, now: float) -> None:
        self._open = deque(c for c in self._open if now - self._asked[c] < ANSWER_WITHIN_S)
        self._asked = _younger(self._asked, now)
        self._confirmed = _younger(self._confirmed, now)

    def status(self, address: str, now: float) -> OnionStatus:
        """The verdict: published when most copies of both descriptors are confirmed."""
        asked, held = _younger(self._asked, now), _younger(self._confirmed, now)
        wanted = Counter(descriptor for descriptor, _ in asked)
        found = Counter(descriptor for descriptor, _ in held)
        complete = [name for name, copies in wanted.items() if 2 * found[name] > copies]
        return OnionStatus(
            address,
            published=len(complete) >= DESCRIPTORS,
            uploads=len(held),
            copies=len(asked),
            since=self._since,
            last=max(self._confirmed.values(), default=None),
        )


def _younger(copies: dict[Copy, float], now: float) -> dict[Copy, float]:
    return {copy: at for copy, at in copies.items() if now - at < DESCRIPTOR_LIFE_S}
