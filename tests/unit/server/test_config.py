"""`server.json`: both addresses of one kind, or it is no server."""

import json
from pathlib import Path

import pytest

from silent_courier.protocol.errors import NotAServerError
from silent_courier.server.config import (
    Places,
    ServerConfig,
    encode_config,
    parse_config,
    read_config,
)

ONION = "a" * 56 + ".onion"
OTHER = "b" * 56 + ".onion"


@pytest.mark.parametrize(
    ("config", "uses_tor"),
    [
        (ServerConfig(ONION, OTHER), True),
        (ServerConfig(ONION, OTHER, assisted_form=True), True),
        (ServerConfig("127.0.0.1:8000", "[::1]:8001"), False),
    ],
)
def test_config_comes_back(tmp_path: Path, config: ServerConfig, uses_tor: bool) -> None:
    Places(tmp_path).config.write_bytes(encode_config(config))

    assert read_config(tmp_path) == config
    assert config.uses_tor is uses_tor


def test_config_is_what_an_organisation_reads() -> None:
    assert json.loads(encode_config(ServerConfig(ONION, OTHER))) == {
        "portal": ONION,
        "desk": OTHER,
        "assisted_form": False,
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"portal": "127.0.0.1:1"}',
        b'{"portal": 1, "desk": 2}',
        json.dumps({"portal": ONION, "desk": "127.0.0.1:1"}).encode(),
        json.dumps({"portal": "a.onion", "desk": ONION}).encode(),
        json.dumps({"portal": "127.0.0.1", "desk": "127.0.0.1:1"}).encode(),
        json.dumps({"portal": "127.0.0.1:1\n", "desk": "127.0.0.1:1"}).encode(),
        b"\xff",
    ],
)
def test_damaged_config_is_no_server(data: bytes) -> None:
    with pytest.raises(NotAServerError):
        parse_config(data)


def test_empty_directory_is_no_server(tmp_path: Path) -> None:
    with pytest.raises(NotAServerError):
        read_config(tmp_path)


def test_every_place_is_below_the_directory(tmp_path: Path) -> None:
    places = Places(tmp_path)
    names = [name for name in dir(Places) if isinstance(getattr(Places, name), property)]

    assert all(getattr(places, name).is_relative_to(tmp_path) for name in names)
    assert len({getattr(places, name) for name in names}) == len(names)
