"""What lies where in the demo's directory, and whether there is a demo in it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

HANDLERS: Final = ("anna", "boris")
NAME: Final = "Sample Ombudsman"


@dataclass(frozen=True, slots=True)
class Places:
    """The paths in a demo's directory."""

    directory: Path

    @property
    def server(self) -> Path:
        return self.directory / "server"

    @property
    def org(self) -> Path:
        return self.directory / "org"

    @property
    def charter(self) -> Path:
        return self.directory / "charter"

    @property
    def access(self) -> Path:
        return self.directory / "access"

    @property
    def samples(self) -> Path:
        return self.directory / "samples"

    @property
    def network(self) -> Path:
        return self.directory / "private-tor"

    @property
    def tor_config(self) -> Path:
        return self.directory / "tor.conf"

    @property
    def tor(self) -> Path:
        return self.directory / "tor"

    @property
    def marker(self) -> Path:
        return self.directory / "demo.json"

    def desk(self, handler: str) -> Path:
        """The vault of this handler."""
        return self.directory / handler

    def passphrase_file(self, who: str) -> Path:
        """The passphrase of `org` or of a handler's desk."""
        return self.directory / "passphrases" / who

    def passphrase(self, who: str) -> str:
        """The passphrase itself."""
        return self.passphrase_file(who).read_text(encoding="utf-8").strip()


@dataclass(frozen=True, slots=True)
class Ports:
    """The loopback addresses that this demo keeps to."""

    portal: str
    desk: str


def is_finished(places: Places) -> bool:
    """Whether a demo was set up here.

    Raises:
        click.UsageError: there is something else, or a demo that was broken off.
    """
    if places.marker.is_file():
        return True
    if places.directory.is_dir() and any(places.directory.iterdir()):
        raise click.UsageError(
            "DIR holds other files, or a demo that was broken off while it was set up. "
            "Remove it, or name another directory."
        )
    return False


def write_ports(places: Places, ports: Ports) -> None:
    """Keep the addresses; the last step of setting up, and the sign that it was finished."""
    content = {"portal": ports.portal, "desk": ports.desk}
    places.marker.write_text(json.dumps(content), encoding="utf-8")


def read_ports(places: Places) -> Ports:
    """The addresses again."""
    content = json.loads(places.marker.read_text(encoding="utf-8"))
    return Ports(str(content["portal"]), str(content["desk"]))
