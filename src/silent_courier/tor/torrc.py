"""Writes tor's configuration: values in, torrc text out.

Pure. Every option is here and nowhere else; no tor of ours reads the system's files. Refuses paths
that a torrc or a unix socket's address cannot hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from silent_courier.protocol.errors import TorPathError

SOCKET_PATH_MAX = 107
"""Bytes of a unix socket's path, without the closing zero."""

ONION_PORT = 80
"""The port of both onions."""

STREAMS_PER_CIRCUIT_MAX = 16
"""A browser opens six at most; who opens more loses the circuit."""


@dataclass(frozen=True, slots=True)
class OnionConfig:
    """One onion service: its keys, our unix socket behind it, and whether strangers may come.

    A public one has proof of work, and a PROXY line with the circuit's id stands in front of every
    stream. One that is not public wants a client key for its descriptor, and no line stands in
    front of a stream.
    """

    directory: Path
    target: Path
    public: bool


def node_torrc(directory: Path, control: Path, pid: int) -> tuple[str, ...]:
    """What every tor of ours has: its data, its control socket, its owner's id, and silence."""
    return (
        f"DataDirectory {quote_path(directory)}",
        f"ControlPort {_value(_unix(control))}",
        f"__OwningControllerProcess {pid}",
        "Log err stdout",
        "SafeLogging 1",
        "GeoIPFile /dev/null",
        "GeoIPv6File /dev/null",
        "AvoidDiskWrites 1",
        "ShutdownWaitLength 0",
        "NoExec 1",
    )


def client_torrc(socks: Path | None) -> tuple[str, ...]:
    """A client with its SOCKS port on this unix socket, or on a free port of 127.0.0.1 (None)."""
    place = "auto" if socks is None else _unix(socks)
    flags = "IsolateSOCKSAuth ExtendedErrors OnionTrafficOnly"
    return ("ClientOnly 1", f"SocksPort {_value(f'{place} {flags}')}")


def service_torrc(onions: Sequence[OnionConfig]) -> tuple[str, ...]:
    """A tor that serves these onions and is nobody's client."""
    return ("SocksPort 0", *(line for onion in onions for line in _onion_lines(onion)))


def _onion_lines(onion: OnionConfig) -> tuple[str, ...]:
    lines = (
        f"HiddenServiceDir {quote_path(onion.directory)}",
        f"HiddenServicePort {_value(f'{ONION_PORT} {_unix(onion.target)}')}",
        f"HiddenServiceMaxStreams {STREAMS_PER_CIRCUIT_MAX}",
        "HiddenServiceMaxStreamsCloseCircuit 1",
    )
    if not onion.public:
        return lines
    return (*lines, "HiddenServiceExportCircuitID haproxy", "HiddenServicePoWDefensesEnabled 1")


def format_torrc(lines: Sequence[str]) -> str:
    """The file's text; ValueError when a line is not one printable line."""
    if not all(line.isprintable() for line in lines):
        raise ValueError("a torrc line must be printable")
    return "\n".join((*lines, ""))


def quote_path(path: Path) -> str:
    """An absolute path in quotes; TorPathError when tor could not read it."""
    text = str(path)
    if not path.is_absolute() or not text.isprintable() or '"' in text or "\\" in text:
        raise TorPathError
    return _value(text)


def quote_socket(path: Path) -> str:
    """The same for a unix socket, whose path is short."""
    if len(str(path).encode()) > SOCKET_PATH_MAX:
        raise TorPathError
    return quote_path(path)


def _unix(path: Path) -> str:
    return f"unix:{quote_socket(path)}"


def _value(text: str) -> str:
    # Quoted as a whole, tor takes every character for itself, # and spaces too.
    return '"' + text.replace('"', '\\"') + '"'
