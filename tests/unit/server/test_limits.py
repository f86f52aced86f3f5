"""The limits that were promised."""

import dataclasses
import subprocess
import sys

import pytest

from silent_courier.protocol.sizes import SEALED_CHUNK_LEN
from silent_courier.server.limits import FILES, Limits
from silent_courier.server.seats import UNNAMED_MAX


def test_limits_are_those_of_the_specification() -> None:
    limits = Limits()

    assert (limits.head_s, limits.head_len) == (30, 8192)
    assert (limits.idle_s, limits.keep_alive_s) == (45, 60)
    assert (limits.grace_s, limits.min_bytes_per_s) == (60, 1024)
    assert (limits.ticket_bits, limits.lane_places) == (14, 12_000)
    assert (limits.connections, limits.circuit_connections, limits.circuit_share) == (768, 12, 6)


def test_slowest_allowed_chunk_fits_the_life_of_a_ticket() -> None:
    limits = Limits()

    assert limits.grace_s + SEALED_CHUNK_LEN / limits.min_bytes_per_s < 30 * 60


def test_no_flood_through_the_lanes_can_use_up_the_tickets_that_may_be_held() -> None:
    """A lane is full, and fills three times while its first tickets are good; the cap is a belt."""
    limits = Limits()

    assert 4 * (limits.lane_places + limits.assisted_places) < limits.tickets


def test_connections_and_their_uploads_fit_the_files_that_may_be_open() -> None:
    limits = Limits()

    connections = limits.connections + UNNAMED_MAX + limits.desk_connections
    assert 2 * connections < FILES


def test_a_process_that_was_started_with_few_open_files_gets_what_it_needs() -> None:
    code = (
        "import resource as r\n"
        "from silent_courier.server.limits import allow_open_files\n"
        "r.setrlimit(r.RLIMIT_NOFILE, (256, r.getrlimit(r.RLIMIT_NOFILE)[1]))\n"
        "allow_open_files(); print(r.getrlimit(r.RLIMIT_NOFILE)[0])\n"
        "r.setrlimit(r.RLIMIT_NOFILE, (256, 1000))\n"
        "allow_open_files(); print(r.getrlimit(r.RLIMIT_NOFILE)[0])\n"
        "allow_open_files(); print(r.getrlimit(r.RLIMIT_NOFILE)[0])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == [str(FILES), "1000", "1000"]


def test_charter_is_noticed_within_two_seconds() -> None:
    assert Limits().tick_s <= 1


def test_limits_cannot_be_changed_while_they_hold() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Limits().ticket_bits = 0  # type: ignore[misc]
