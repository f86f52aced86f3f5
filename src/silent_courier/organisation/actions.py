"""What `courier org` does with a directory, each with clock and randomness handed in. Spec §8.

`enrol`, `revoke` and `renew` change what the next charter will say; only `issue_charter` opens the
root key, and only it changes anything for the world. Asks no question and prints nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from silent_courier.organisation import roster as rosters
from silent_courier.organisation import store
from silent_courier.organisation.issue import VALID_DAYS, issue, says_the_same
from silent_courier.organisation.root_key import Random, make_root_key, open_root, seal_root
from silent_courier.organisation.roster import Choices, Rhythm, Roster
from silent_courier.organisation.store import Organisation, ServerAddresses
from silent_courier.protocol.access import parse_request
from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.chain import encode_chain
from silent_courier.protocol.charter import MAGIC, Charter, Handler, handler_of
from silent_courier.protocol.errors import (
    NothingChangedError,
    OrganisationDamagedError,
    ServerFileError,
)
from silent_courier.protocol.root import parse_signed_body

Clock = Callable[[], float]
"""Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class IssuedFiles:
    """The new charter, the chain file for everybody, the access list for the server alone."""

    charter: Charter
    chain: bytes
    access: bytes


@dataclass(frozen=True, slots=True)
class Changes:
    """What the next charter will change; labels and device slots."""

    joined: tuple[Handler, ...]
    left: tuple[Handler, ...]
    new_devices: tuple[int, ...]


def init(
    directory: Path,
    name: str,
    server: ServerAddresses,
    passphrase: str,
    *,
    random: Random,
    rhythm: Rhythm | None = None,
) -> Roster:
    """Make a root key and an empty roster in a new directory.

    Raises:
        OrganisationExistsError: there is something in the directory.
        ServerFileError: name or addresses break the charter's schema.
    """
    roster = _checked(
        Roster(name=name, portal=server.portal, desk=server.desk, rhythm=rhythm or Rhythm())
    )
    store.create(directory, seal_root(make_root_key(random), passphrase, random), roster)
    return roster


def enrol(directory: Path, requests: Sequence[bytes], *, further_device: bool = False) -> Roster:
    """Take these desks in, all or none; errors of `roster.enrol` and `parse_request`."""
    roster = store.load(directory).roster
    for request in requests:
        roster = rosters.enrol(roster, parse_request(request), further_device=further_device)
    store.save_roster(directory, roster)
    return roster


def revoke(directory: Path, who: str) -> Handler:
    """Let this handler go; the next charter begins a new generation. Errors of `roster.revoke`."""
    organisation = store.load(directory)
    charter = organisation.charter
    known = frozenset(h.handler for h in charter.body.handlers) if charter else frozenset()
    generation = charter.body.generation if charter else rosters.FIRST_GENERATION
    gone = rosters.find_handler(organisation.roster, who)
    roster = rosters.revoke(organisation.roster, who, known=known, generation=generation)
    store.save_roster(directory, roster)
    return gone


def renew(directory: Path, *, clock: Clock, days: int = VALID_DAYS) -> int:
    """Let charters from now on end `days` after today; the new last day."""
    roster = store.load(directory).roster
    expires = day_of(clock()) + days
    store.save_roster(directory, msgspec.structs.replace(roster, expires=expires))
    return expires


def issue_charter(
    directory: Path,
    passphrase: str,
    *,
    clock: Clock,
    choices: Choices | None = None,
    server: ServerAddresses | None = None,
) -> IssuedFiles:
    """Sign the next charter and keep it in the chain.

    Args:
        directory: the organisation's.
        passphrase: opens the root key.
        clock: its day is the day of issue.
        choices: fields that are not None replace earlier choices, for this charter and later ones.
        server: new addresses, when the server has moved.

    Raises:
        RootPassphraseError, any error of `issue`.
    """
    organisation = store.load(directory)
    roster = _with_choices(organisation.roster, choices, server)
    _check_history(roster, organisation.charter)
    key = open_root(store.load_sealed_root(directory), passphrase)
    issued = issue(roster, organisation.chain, key, day_of(clock()))
    chain = (*organisation.chain, issued.file)
    # The chain last: it alone says what was issued, whatever happens in between.
    store.save_roster(directory, roster)
    store.save_chain(directory, chain)
    return IssuedFiles(issued.charter, encode_chain(_essential(chain)), issued.access)


def check_changes(
    organisation: Organisation, today: int, choices: Choices, server: ServerAddresses | None
) -> None:
    """Raises NothingChangedError when the next charter would say what the last one says.

    Under every new charter the portal is closed until desks have synced, so none is signed for
    nothing. Raises as `issue` besides, but for the key.
    """
    roster = _with_choices(organisation.roster, choices, server)
    if organisation.charter and says_the_same(roster, organisation.charter, today):
        raise NothingChangedError


def pending(organisation: Organisation) -> Changes:
    """What the next charter will change, for a person to compare before signing."""
    charter = organisation.charter
    known = {h.handler: h for h in charter.body.handlers} if charter else {}
    slots = charter.all_devices if charter else {}
    roster = organisation.roster
    _check_history(roster, charter)
    return Changes(
        tuple(h for h in roster.handlers if h.handler not in known),
        tuple(
            h
            for h in roster.handlers
            if h.left_generation is not None
            and h.handler in known
            and known[h.handler].left_generation is None
        ),
        tuple(m.device for m in roster.members if m.device not in slots),
    )


def _check_history(roster: Roster, charter: Charter | None) -> None:
    """A key or number that was issued must not have changed since: OrganisationDamagedError."""
    if charter is None:
        return
    keys = {m.device: bytes.fromhex(m.signing_key) for m in roster.members}
    numbers = {h.handler: h.label for h in roster.handlers}
    same_devices = all(keys.get(d) == key for d, key in charter.all_devices.items())
    same_handlers = all(numbers.get(h.handler) == h.label for h in charter.body.handlers)
    if not same_devices or not same_handlers or set(map(handler_of, keys)) != set(numbers):
        raise OrganisationDamagedError


def _with_choices(
    roster: Roster, choices: Choices | None, server: ServerAddresses | None
) -> Roster:
    if choices is not None:
        said = {k: v for k, v in msgspec.structs.asdict(choices).items() if v is not None}
        roster = msgspec.structs.replace(
            roster, choices=msgspec.structs.replace(roster.choices, **said)
        )
    if server is not None:
        roster = _checked(msgspec.structs.replace(roster, portal=server.portal, desk=server.desk))
    return roster


def _essential(chain: Sequence[bytes]) -> tuple[bytes, ...]:
    """First, each change of root, current: what a reader needs to follow the chain."""
    roots = [len(parse_signed_body(file, MAGIC).signatures) > 1 for file in chain]
    last = len(chain) - 1
    return tuple(file for i, file in enumerate(chain) if i in (0, last) or roots[i])


def _checked(roster: Roster) -> Roster:
    """The same, when it keeps to its own schema; ServerFileError."""
    try:
        return msgspec.json.decode(msgspec.json.encode(roster), type=Roster)
    except (msgspec.ValidationError, UnicodeEncodeError):
        raise ServerFileError from None
