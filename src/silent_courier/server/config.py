"""A server's directory: what lies where, and the addresses in `server.json`."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from silent_courier.protocol.errors import NotAServerError

CONFIG_NAME: Final = "server.json"
_ONION_SUFFIX: Final = ".onion"
_CONFIG_LEN_MAX: Final = 4096
_ADDRESS: Final = re.compile(r"[a-z2-7]{56}\.onion|[a-z0-9.:\[\]-]+:[0-9]{1,5}")

Address = Annotated[str, Meta(min_length=1, max_length=128)]


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """The addresses of both sides, onions or `HOST:PORT` without tor; and what is offered.

    assisted_form: whether the server seals for who has no script.
    """

    portal: Address
    desk: Address
    assisted_form: bool = False

    @property
    def uses_tor(self) -> bool:
        """Whether the addresses are onions."""
        return self.portal.endswith(_ONION_SUFFIX)


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything lies in a server's directory."""

    directory: Path

    @property
    def config(self) -> Path:
        return self.directory / CONFIG_NAME

    @property
    def store(self) -> Path:
        return self.directory / "store.sqlite"

    @property
    def chunks(self) -> Path:
        return self.directory / "chunks"

    @property
    def staging(self) -> Path:
        return self.directory / "staging"

    @property
    def onions(self) -> Path:
        return self.directory / "onion"

    @property
    def portal_onion(self) -> Path:
        return self.onions / "portal"

    @property
    def desk_onion(self) -> Path:
        return self.onions / "desk"

    @property
    def tor(self) -> Path:
        return self.directory / "tor"

    @property
    def sockets(self) -> Path:
        return self.directory / "run"

    @property
    def status(self) -> Path:
        return self.directory / "status.json"

    @property
    def lock(self) -> Path:
        return self.directory / "server.lock"


def encode_config(config: ServerConfig) -> bytes:
    """The bytes of `server.json`."""
    return msgspec.json.encode(config) + b"\n"


def parse_config(data: bytes) -> ServerConfig:
    """The addresses in a `server.json`; NotAServerError."""
    try:
        config = msgspec.json.decode(data, type=ServerConfig)
    except msgspec.DecodeError:
        raise NotAServerError from None
    onions = [address.endswith(_ONION_SUFFIX) for address in (config.portal, config.desk)]
    well_formed = all(_ADDRESS.fullmatch(address) for address in (config.portal, config.desk))
    if onions[0] != onions[1] or not well_formed:
        raise NotAServerError
    return config


def read_config(directory: Path) -> ServerConfig:
    """The addresses of the server in this directory; NotAServerError."""
    try:
        with Places(directory).config.open("rb") as file:
            return parse_config(file.read(_CONFIG_LEN_MAX))
    except OSError:
        raise NotAServerError from None
