"""The files behind the pages, each under a name that holds its hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Final

from silent_courier.protocol.errors import PortalNotBuiltError

_TYPES: Final = {
    "css": b"text/css; charset=utf-8",
    "js": b"text/javascript; charset=utf-8",
    "png": b"image/png",
    "txt": b"text/plain; charset=utf-8",
}
_BUILT: Final = frozenset({"portal.js", "worker.js"})


@dataclass(frozen=True, slots=True)
class Assets:
    """File name → content, as built into the package."""

    contents: Mapping[str, bytes]

    @property
    def digests(self) -> tuple[tuple[str, str], ...]:
        """Name and SHA-256 in hex, sorted by name."""
        return tuple((n, sha256(data).hexdigest()) for n, data in sorted(self.contents.items()))

    def path(self, name: str) -> str:
        """Where the file is served: `/static/NAME-HASH.EXT`."""
        stem, _, extension = name.rpartition(".")
        return f"/static/{stem}-{sha256(self.contents[name]).hexdigest()[:16]}.{extension}"

    def served(self) -> dict[str, tuple[bytes, bytes]]:
        """Path → content type and content."""
        return {
            self.path(name): (_TYPES[name.rpartition(".")[2]], data)
            for name, data in self.contents.items()
        }


def load_assets() -> Assets:
    """Everything in `static/` of the installed package; PortalNotBuiltError without its scripts."""
    folder = files("silent_courier.server.portal") / "static"
    contents = {f.name: f.read_bytes() for f in folder.iterdir() if f.name[0] != "."}
    if not contents.keys() >= _BUILT:
        raise PortalNotBuiltError
    return Assets(contents)
