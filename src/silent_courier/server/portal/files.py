"""Everything the portal serves that is the same bytes for everybody, as a manifest names it.

Made from the keyring and this release alone, so a desk or an outsider with the same release makes
the same. Spec §17.1.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from silent_courier.protocol.keyring import VerifiedKeyring
from silent_courier.protocol.manifest import HTML, STANDS_FOR_ALL, Bodies, Manifest
from silent_courier.server.portal.assets import Assets, load_assets
from silent_courier.server.portal.facts import collect_facts
from silent_courier.server.portal.pages import render_left, render_messages, render_pages


def portal_bodies(pages: Mapping[str, bytes], assets: Assets) -> Bodies:
    """What is served when these pages are shown.

    Args:
        pages: path → HTML, as `render_pages` makes them.
        assets: the files behind them.
    """
    shown = {(path, 200): (HTML, page) for path, page in {**pages, **render_left(assets)}.items()}
    behind = {
        (path, 200): (kind.decode("ascii"), body) for path, (kind, body) in assets.served().items()
    }
    missing = {
        (f"/{code}/", STANDS_FOR_ALL): (HTML, page)
        for (code, message), page in render_messages(assets).items()
        if message == "missing"
    }
    # A path below no language is answered in English.
    return shown | behind | missing | {("/", STANDS_FOR_ALL): missing["/en/", STANDS_FOR_ALL]}


def render_portal(keyring: VerifiedKeyring, manifest: Manifest | None) -> Bodies:
    """What a portal of this release serves while this keyring and manifest hold.

    Raises:
        PortalNotBuiltError: this installation has no scripts.
    """
    assets = load_assets()
    return portal_bodies(render_pages(collect_facts(keyring, manifest), assets), assets)


@cache
def portal_release() -> bytes:
    """32 bytes that change with whatever the pages are made from: templates, sentences, code."""
    digest = sha256()
    for name, content in sorted(_contents(files("silent_courier.server.portal"))):
        digest.update(sha256(name.encode()).digest() + sha256(content).digest())
    return digest.digest()


def _contents(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_dir():
            yield from _contents(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry.read_bytes()
