"""A chain file is its charters, one after another, and adds up."""

import pytest

from silent_courier.protocol.chain import encode_chain, parse_chain
from silent_courier.protocol.errors import MalformedCharterError
from silent_courier.protocol.sizes import CHARTER_LEN_MAX

CHAIN = encode_chain([b"first", b"", b"third"])


def test_charters_come_back_in_order() -> None:
    assert parse_chain(CHAIN) == (b"first", b"", b"third")


@pytest.mark.parametrize("cut", range(1, len(CHAIN)))
def test_chain_cut_anywhere_but_between_charters_is_refused(cut: int) -> None:
    between = {len(encode_chain([b"first"])), len(encode_chain([b"first", b""]))}
    if cut in between:
        assert len(parse_chain(CHAIN[:cut])) < 3
    else:
        with pytest.raises(MalformedCharterError):
            parse_chain(CHAIN[:cut])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"X" + CHAIN[1:],
        encode_chain([]),
        CHAIN + b"\0",
        CHAIN[:5] + b"\xff\xff\xff\xff" + CHAIN[9:],
        encode_chain([bytes(CHARTER_LEN_MAX + 1)]),
    ],
    ids=["empty", "magic", "no charter", "longer", "huge length", "charter too long"],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedCharterError):
        parse_chain(data)
