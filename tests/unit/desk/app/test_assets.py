import gzip
import re
from pathlib import Path

from silent_courier.desk.app.assets import load_assets

SOURCE = Path(__file__).parents[4] / "src" / "silent_courier"
PAGE_MAX = 64_000


def test_the_page_and_its_parts_are_there_and_small() -> None:
    assets = load_assets()
    assert set(assets) == {"/", "/desk.css", "/desk.js", "/icon.png", "/ru.json"}
    assert sum(len(gzip.compress(content, 9)) for content, _ in assets.values()) <= PAGE_MAX


def test_nothing_is_fetched_from_elsewhere_nothing_kept_and_no_markup_made() -> None:
    page, script = (load_assets()[path][0] for path in ("/", "/desk.js"))
    assert not re.search(rb"(src|href)=\"(?!/)", page)
    for forbidden in (b"https://", b"localStorage", b"sessionStorage", b"indexedDB", b"eval("):
        assert forbidden not in script
    assert b"<script>" not in page
    assert b"style=" not in page


def test_the_desk_and_the_portal_are_one_family() -> None:
    def tokens(path: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, value in re.findall(r"(--[a-z-]+): ([^;]+);", (SOURCE / path).read_text("utf-8")):
            found.setdefault(name, []).append(value)
        return found

    desk, portal = tokens("desk/app/static/desk.css"), tokens("server/portal/static/portal.css")
    assert {name: desk.get(name) for name in portal} == portal
