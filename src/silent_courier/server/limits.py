"""How long the server waits, how much it takes on, what a ticket costs. Spec §10.4 to §10.9."""

import resource
from dataclasses import dataclass

from silent_courier.protocol.sizes import MIB

# A connection and a file for each upload, those whose circuit is not known yet, and some more.
FILES = 4096


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes a second, counts. Bodies may be as slow as a bad bridge, and no slower."""

    head_s: float = 30.0
    keep_alive_s: int = 60
    idle_s: float = 45.0
    grace_s: float = 60.0
    min_bytes_per_s: int = 1024
    stop_s: float = 2.0
    tick_s: float = 1.0
    night_retry_s: float = 60.0
    head_len: int = 8 * 1024
    connections: int = 768
    desk_connections: int = 128
    # A browser opens six; tor ends a circuit that has more than sixteen.
    circuit_connections: int = 12
    circuit_share: int = 6
    ticket_bits: int = 14
    tickets: int = 200_000
    # About what a desk can carry away through Tor in the same time.
    lane_places: int = 12_000
    # Each costs the server an Argon2id and a sealing of its own.
    assisted_places: int = 1_200
    lane_waiting: int = 10_000
    lane_wait_s: float = 45.0
    circuit_boards: int = 6
    circuit_forms: int = 12
    circuit_bytes: int = 16 * MIB


def allow_open_files() -> None:
    """Let this process open as many files and connections as the limits may need.

    Many systems start a program with 1,024, fewer than a crowd of uploads takes; what the system
    does not let us raise stays as it is.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
