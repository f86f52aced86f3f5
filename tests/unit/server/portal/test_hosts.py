"""A page is ours only under our own names."""

import pytest

from silent_courier.server.portal.hosts import is_own, own_hosts

ONION = "a" * 56 + ".onion"


def _asks(*hosts: str) -> dict[str, object]:
    return {"headers": [(b"host", host.encode()) for host in hosts]}


@pytest.mark.parametrize("host", [ONION, ONION.upper(), "127.0.0.1:8001", "localhost:8001"])
def test_own_names_are_ours(host: str) -> None:
    assert is_own(_asks(host), own_hosts(ONION, "127.0.0.1:8001"))


@pytest.mark.parametrize(
    "host",
    [
        f"{ONION}.to",
        f"www.{ONION}",
        f"{ONION}:80",
        "localhost",
        "127.0.0.1:8002",
        "evil.example",
        "",
    ],
)
def test_other_names_are_not(host: str) -> None:
    assert not is_own(_asks(host), own_hosts(ONION, "127.0.0.1:8001"))


def test_no_name_and_two_names_are_not_ours() -> None:
    assert not is_own(_asks(), own_hosts(ONION, None))
    assert not is_own(_asks(ONION, ONION), own_hosts(ONION, None))


def test_behind_tor_alone_this_machine_is_a_stranger() -> None:
    assert own_hosts(ONION, None) == {ONION.encode()}
