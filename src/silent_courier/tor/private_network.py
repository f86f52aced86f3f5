"""A whole Tor network on loopback: one directory authority and four relays, for tests and the demo.

It protects nobody: whoever runs it sees everything. It touches no other network and keeps all files
in one directory. Nodes that join it use `client_config` and `service_config`.
"""

import asyncio
import shutil
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from silent_courier.protocol.errors import (
    BootstrapTimeoutError,
    ControlError,
    PrivateNetworkError,
    TorError,
    TorMissingError,
)
from silent_courier.tor.directory import make_private_directory
from silent_courier.tor.process import Progress, TorProcess
from silent_courier.tor.torrc import format_torrc, quote_path

Clock = Callable[[], float]

VOTING_INTERVAL_S = 10
VOTING_OFFSET_S = 8
"""From the authority's start to its first vote: just enough for the relays to say hello."""

USABLE_TIMEOUT_S = 60.0
PORT_FIRST = 20_000
PORT_COUNT = 12_000
"""Below the ports that systems give to outgoing connections."""

_POLL_S = 0.1
_RELAY_FLAGS = frozenset({"Running", "Guard", "HSDir"})


@dataclass(frozen=True, slots=True)
class _Node:
    """A relay: its nickname and its two ports (the second only for the authority)."""

    name: str
    or_port: int
    dir_port: int = 0


def free_ports(count: int, random_below: Callable[[int], int]) -> tuple[int, ...]:
    """Ports of 127.0.0.1 that nobody listens on now; PrivateNetworkError when there are none."""
    found: list[int] = []
    with ExitStack() as held:
        for _ in range(count * 50):
            listener = held.enter_context(socket.socket())
            port = PORT_FIRST + random_below(PORT_COUNT)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
            if len(found) == count:
                return tuple(found)
    raise PrivateNetworkError


def shared_torrc(authority: str) -> tuple[str, ...]:
    """What every node of the network has; `authority` is the whole DirAuthority line."""
    # The default scheduler waits for kernel statistics that loopback never shows: a third of the
    # speed.
    return ("TestingTorNetwork 1", authority, "Schedulers Vanilla")


def relay_torrc(node: _Node) -> tuple[str, ...]:
    """A relay that does not ask whether others can reach it, and does not wait to be measured."""
    return (
        "AssumeReachable 1",
        "Address 127.0.0.1",
        "SocksPort 0",
        f"Nickname {node.name}",
        f"ORPort 127.0.0.1:{node.or_port} IPv4Only",
        # Else the authority alone has weight, is guard and last hop at once, and relays refuse.
        "CountPrivateBandwidth 0",
    )


def authority_torrc(node: _Node, offset: int) -> tuple[str, ...]:
    """The directory authority, which votes alone and trusts every relay."""
    return (
        *relay_torrc(node),
        f"DirPort 127.0.0.1:{node.dir_port} IPv4Only",
        "AuthoritativeDirectory 1",
        "V3AuthoritativeDirectory 1",
        "ContactInfo private-network",
        f"V3AuthVotingInterval {VOTING_INTERVAL_S}",
        "V3AuthVoteDelay 2",
        "V3AuthDistDelay 2",
        f"TestingV3AuthInitialVotingInterval {VOTING_INTERVAL_S}",
        "TestingV3AuthInitialVoteDelay 2",
        "TestingV3AuthInitialDistDelay 2",
        f"TestingV3AuthVotingStartOffset {offset}",
        "TestingDirAuthVoteGuard *",
        "TestingDirAuthVoteHSDir *",
    )


class PrivateNetwork:
    """The authority and its relays, from `start` to `stop`."""

    def __init__(
        self,
        directory: Path,
        *,
        clock: Clock,
        random_below: Callable[[int], int],
        relays: int = 4,
        on_progress: Progress | None = None,
        tor: str = "tor",
        tor_gencert: str = "tor-gencert",
    ) -> None:
        self._directory = directory.resolve()
        self._clock = clock
        self._random_below = random_below
        self._relays = relays
        self._on_progress = on_progress
        self._tor = tor
        self._tor_gencert = tor_gencert
        self._shared: tuple[str, ...] = ()
        self._running: list[TorProcess] = []

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    def client_config(self) -> tuple[str, ...]:
        """Lines for a client of this network; PrivateNetworkError while it is down."""
        if not self._running:
            raise PrivateNetworkError
        return self._shared

    def service_config(self) -> tuple[str, ...]:
        """Lines for an onion service of this network; PrivateNetworkError while it is down."""
        return self.client_config()

    async def start(self) -> None:
        """Bring the network up until it can serve onions; PrivateNetworkError after two tries."""
        try:
            await self._start_once()
        except TorMissingError:
            raise
        except TorError:
            # Ports may be taken between choosing and listening, and a relay may miss the first
            # vote.
            await self._start_once()

    async def stop(self) -> None:
        """End every node at once."""
        running, self._running = self._running, []
        await asyncio.gather(*(node.stop() for node in running))

    async def _start_once(self) -> None:
        shutil.rmtree(self._directory, ignore_errors=True)
        make_private_directory(self._directory)
        try:
            await self._launch()
            async with asyncio.timeout(USABLE_TIMEOUT_S):
                await self._wait_usable()
        except BaseException as error:
            await self.stop()
            if isinstance(error, (TimeoutError, ControlError, BootstrapTimeoutError)):
                raise PrivateNetworkError from error
            raise

    async def _launch(self) -> None:
        self._tell(0, "Making the authority's keys.")
        ports = free_ports(self._relays + 2, self._random_below)
        authority = _Node("authority", ports[0], ports[1])
        relays = [_Node(f"relay{n}", port) for n, port in enumerate(ports[2:])]
        self._shared = shared_torrc(await self._make_authority(authority))
        self._tell(10, "Starting the relays.")
        offset = int(self._clock() + VOTING_OFFSET_S) % VOTING_INTERVAL_S
        await self._run(authority, authority_torrc(authority, offset))
        # Until the first good consensus asking for descriptors only makes a relay wait before it
        # asks again.
        waiting = ("FetchServerDescriptors 0",)
        await asyncio.gather(*(self._run(r, (*relay_torrc(r), *waiting)) for r in relays))

    async def _run(self, node: _Node, lines: Sequence[str]) -> None:
        torrc = (*self._shared, *lines)
        process = TorProcess(
            self._directory / node.name, lambda _sockets: torrc, restart=False, tor=self._tor
        )
        self._running.append(process)
        await process.start()

    async def _make_authority(self, node: _Node) -> str:
        """Make the authority's keys and certificate; the DirAuthority line that names it."""
        keys = self._directory / node.name / "keys"
        make_private_directory(keys.parent)
        make_private_directory(keys)
        await _run_once(
            self._tor_gencert,
            *("--create-identity-key", "--passphrase-fd", "0", "-m", "12"),
            *("-a", f"127.0.0.1:{node.dir_port}"),
            *("-i", str(keys / "authority_identity_key")),
            *("-s", str(keys / "authority_signing_key")),
            *("-c", str(keys / "authority_certificate")),
        )
        identity = _certificate_fingerprint((keys / "authority_certificate").read_text())
        fingerprint = await self._relay_fingerprint(node)
        return (
            f"DirAuthority {node.name} orport={node.or_port} no-v2 v3ident={identity} "
            f"127.0.0.1:{node.dir_port} {fingerprint}"
        )

    async def _relay_fingerprint(self, node: _Node) -> str:
        # The dummy authority is only there because a test network must name one; its values are
        # never used.
        dummy = f"DirAuthority x orport=1 v3ident={'0' * 40} 127.0.0.1:1 {'0' * 40}"
        home = self._directory / node.name
        torrc = self._directory / "fingerprint.torrc"
        lines = (*shared_torrc(dummy), *relay_torrc(node), f"DataDirectory {quote_path(home)}")
        torrc.write_text(format_torrc(lines))
        await _run_once(
            self._tor,
            *("--list-fingerprint", "--hush", "--defaults-torrc", "/dev/null", "-f", str(torrc)),
        )
        return (home / "fingerprint").read_text().split()[-1]

    async def _wait_usable(self) -> None:
        authority, *relays = (node.control for node in self._running)
        self._tell(30, "Waiting for the first consensus.")
        await _until(lambda: _all_listed(authority.get_info, self._relays + 1))
        self._tell(70, "The relays are getting to know each other.")
        await asyncio.gather(*(relay.set_conf(FetchServerDescriptors="1") for relay in relays))
        for relay in relays:
            await _until(lambda get=relay.get_info: _knows_enough(get))  # type: ignore[misc]
        self._tell(100, "The private Tor network is ready.")

    def _tell(self, percent: int, sentence: str) -> None:
        if self._on_progress is not None:
            self._on_progress(percent, sentence)


GetInfo = Callable[[str], Awaitable[str]]


async def _until(question: Callable[[], Awaitable[bool]]) -> None:
    # Tor has no event for what is asked here.
    while not await question():  # noqa: ASYNC110
        await asyncio.sleep(_POLL_S)


async def _all_listed(get_info: GetInfo, count: int) -> bool:
    """The consensus shows every node as running, guard and directory of descriptors."""
    listed = (await get_info("ns/all")).splitlines()
    flags = [frozenset(line.split()[1:]) for line in listed if line.startswith("s ")]
    return sum(node >= _RELAY_FLAGS for node in flags) == count


async def _knows_enough(get_info: GetInfo) -> bool:
    return await get_info("status/enough-dir-info") == "1"


def _certificate_fingerprint(certificate: str) -> str:
    for line in certificate.splitlines():
        if line.startswith("fingerprint "):
            return line.split()[1]
    raise PrivateNetworkError


async def _run_once(program: str, *arguments: str) -> None:
    """Run a program on an empty line of input; TorMissingError, PrivateNetworkError."""
    try:
        child = await asyncio.create_subprocess_exec(
            program,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except FileNotFoundError as error:
        raise TorMissingError from error
    await child.communicate(b"\n")
    if child.returncode != 0:
        raise PrivateNetworkError
