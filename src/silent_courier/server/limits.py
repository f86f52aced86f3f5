"""How long the server waits, how much it takes on, what a ticket costs. Spec §10.4 to §10.9."""

from dataclasses import dataclass

from silent_courier.protocol.sizes import MIB


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
    ticket_bits: int = 14
    tickets: int = 200_000
    # About what a desk can carry away through Tor in the same time.
    lane_places: int = 12_000
    # Each costs the server an Argon2id and a sealing of its own.
    assisted_places: int = 1_200
    lane_waiting: int = 10_000
    lane_wait_s: float = 45.0
    circuit_boards: int = 6
    circuit_bytes: int = 16 * MIB
