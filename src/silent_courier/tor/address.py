"""Where a SOCKS port is, as a value. Pure; connects to nothing."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SocksAddress:
    """A SOCKS port: a unix socket's path, or else host and TCP port."""

    host: str = ""
    port: int = 0
    path: Path | None = None


def parse_socks_address(text: str) -> SocksAddress:
    """`127.0.0.1:9150`, `[::1]:9150` or `unix:/path`; ValueError on anything else."""
    if text.startswith("unix:/"):
        return SocksAddress(path=Path(text.removeprefix("unix:")))
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (host and port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise ValueError("a SOCKS address is HOST:PORT")
    return SocksAddress(host, int(port))
