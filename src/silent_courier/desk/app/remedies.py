"""What a person at the page can do about an error: one constant sentence for each kind.

The error's own sentence says what happened; `cli` has hints of its own, for who types commands.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from silent_courier.protocol import errors as e

AFTER_FAULT: Final = "Sync again. If it stays, end the desk with Ctrl-C and start it again."

_NONSENSE: Final = (
    "If it is the same after the next sync, tell your operator: the server may be damaged, or"
    " another program answers in its place."
)
_ROOT: Final = "Ask whoever holds the organisation's root key."
_CLOCK: Final = "Look at the clock and the date of this computer."

_REMEDIES: Final[Mapping[type[e.CourierError], str]] = {
    e.ResponseTooLongError: _NONSENSE,
    e.ClockError: _CLOCK,
    e.DeskRefusedError: (
        "Either the server has no newest charter yet, or this desk was revoked: ask your operator."
    ),
    e.CharterExpiredError: f"{_ROOT} It can be renewed: courier org renew.",
    e.CharterConflictError: _ROOT,
    e.TorMissingError: "Install it: apt install tor.",
    e.TorAlreadyRunningError: "End the other program that uses this desk's folder.",
    e.BootstrapTimeoutError: (
        "Look at this computer's connection. Where Tor is blocked, start the desk with bridges:"
        " --tor-config."
    ),
    e.SocksUnreachableError: (
        "The next sync starts Tor again. If you use a Tor of your own (--socks), start it."
    ),
    e.WrongPassphraseError: "Mind the keyboard's layout and Caps Lock.",
    e.VaultDamagedError: (
        "Nothing of it was overwritten. Leave the folder as it is, or copy it to another disk."
        " Then make a new desk from your last backup (courier desk restore), or an empty one, and"
        " have it enrolled: colleagues pass the letters on to it."
    ),
    e.VaultInUseError: (
        "Go on where it is open: another page, or another terminal. To use it here, lock that page"
        " or end that program first."
    ),
    e.VaultFullError: "Make room on this computer's disk, and try again.",
    e.VaultTooNewError: "Install the newer version on this computer.",
    e.NotEnrolledError: _ROOT,
    e.DeviceRevokedError: _ROOT,
}

_AFTER_SYNC: Final[Mapping[type[e.CourierError], str]] = {
    e.ProtocolError: _NONSENSE,
    e.TorError: (
        "The desk tries again by itself. If it stays, look at this computer's connection, then ask"
        " your operator whether the server runs."
    ),
    e.CourierError: "If it stays, end the desk, and ask courier doctor DIR in a terminal.",
}


def remedy_of(error: e.CourierError) -> str:
    """What to do about this error; empty where its own sentence says all."""
    return _REMEDIES.get(type(error), "")


def remedy_after_sync(error: e.CourierError) -> str:
    """What to do about what ended a sync: then it is the network, the server or the vault."""
    families = (_AFTER_SYNC[kind] for kind in type(error).__mro__ if kind in _AFTER_SYNC)
    return remedy_of(error) or next(families)


def every_remedy() -> Iterator[str]:
    """All of them, for translators."""
    yield AFTER_FAULT
    yield from dict.fromkeys((*_REMEDIES.values(), *_AFTER_SYNC.values()))
