"""Tor's line and nothing else."""

import pytest

from silent_courier.server.proxy_line import LINE_LEN_MAX, ProxyLineError, split_proxy_line

LINE = b"PROXY TCP6 fc00:dead:beef:4dad::0:2b ::1 43 80\r\n"


def test_circuit_is_the_last_32_bits_of_the_address() -> None:
    assert split_proxy_line(LINE + b"GET / HTTP/1.1") == (0x2B, b"GET / HTTP/1.1")
    long = b"PROXY TCP6 fc00:dead:beef:4dad::ffff:fffe ::1 65535 42\r\n"
    assert split_proxy_line(long) == (0xFFFFFFFE, b"")


@pytest.mark.parametrize("length", range(len(LINE)))
def test_incomplete_line_is_waited_for(length: int) -> None:
    assert split_proxy_line(LINE[:length]) is None


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n",
        b"\r\n",
        b"PROXY UNKNOWN\r\n",
        b"PROXY TCP4 127.0.0.1 127.0.0.1 43 80\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:2b  ::1 43 80\r\n",
        b" PROXY TCP6 fc00:dead:beef:4dad::0:2b ::1 43 80\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dae::0:2b ::1 43 80\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:2B ::1 43 80\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:12345 ::1 43 80\r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:2b ::1 43 80 \r\n",
        b"PROXY TCP6 fc00:dead:beef:4dad::0:2b ::1 43\r\n",
        b"proxy TCP6 fc00:dead:beef:4dad::0:2b ::1 43 80\r\n",
        b"x" * LINE_LEN_MAX,
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ProxyLineError):
        split_proxy_line(data)
