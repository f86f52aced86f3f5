"""The page's files, read once from the installed package."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from silent_courier.desk.app.answers import JSON
from silent_courier.desk.app.catalogue import catalogue_files
from silent_courier.protocol.errors import DeskNotBuiltError

_FILES: Final = {
    "index.html": ("/", b"text/html; charset=utf-8"),
    "desk.css": ("/desk.css", b"text/css; charset=utf-8"),
    "desk.js": ("/desk.js", b"text/javascript; charset=utf-8"),
    "icon.png": ("/icon.png", b"image/png"),
}


def load_assets() -> Mapping[str, tuple[bytes, bytes]]:
    """Path → content and its type; DeskNotBuiltError without the script."""
    folder = files("silent_courier.desk.app") / "static"
    if not (folder / "desk.js").is_file():
        raise DeskNotBuiltError
    pages = {path: ((folder / name).read_bytes(), kind) for name, (path, kind) in _FILES.items()}
    return pages | {path: (body, JSON) for path, body in catalogue_files().items()}
