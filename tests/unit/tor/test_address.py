"""SOCKS addresses as people type them."""

from pathlib import Path

import pytest

from silent_courier.tor.address import SocksAddress, parse_socks_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9150", SocksAddress("127.0.0.1", 9150)),
        ("localhost:9050", SocksAddress("localhost", 9050)),
        ("[::1]:9150", SocksAddress("::1", 9150)),
        ("unix:/run/tor/socks", SocksAddress(path=Path("/run/tor/socks"))),
    ],
)
def test_addresses_are_read(text: str, address: SocksAddress) -> None:
    assert parse_socks_address(text) == address


@pytest.mark.parametrize(
    "text", ["", "9150", ":9150", "127.0.0.1:", "127.0.0.1:0", "h:65536", "h:-1", "h:x", "h:٣"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        parse_socks_address(text)
