"""The limits that were promised."""

import dataclasses

import pytest

from silent_courier.protocol.sizes import SEALED_CHUNK_LEN
from silent_courier.server.limits import Limits


def test_limits_are_those_of_the_specification() -> None:
    limits = Limits()

    assert (limits.head_s, limits.head_len) == (30, 8192)
    assert (limits.idle_s, limits.keep_alive_s) == (45, 60)
    assert (limits.grace_s, limits.min_bytes_per_s) == (60, 1024)
    assert limits.ticket_bits == 14


def test_slowest_allowed_chunk_fits_the_life_of_a_ticket() -> None:
    limits = Limits()

    assert limits.grace_s + SEALED_CHUNK_LEN / limits.min_bytes_per_s < 30 * 60


def test_connections_fit_the_usual_number_of_open_files() -> None:
    limits = Limits()

    assert limits.connections + limits.desk_connections < 1024 - 64


def test_charter_is_noticed_within_two_seconds() -> None:
    assert Limits().tick_s <= 1


def test_limits_cannot_be_changed_while_they_hold() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Limits().ticket_bits = 0  # type: ignore[misc]
