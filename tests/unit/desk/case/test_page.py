import re
from html.parser import HTMLParser
from pathlib import Path

from silent_courier.desk import Desk
from silent_courier.desk.case.page import POLICY, visible
from silent_courier.tor.transport import Transport
from tests.unit.desk.case.kit import TEXT, export, make_case
from tests.unit.desk.kit import SmallServer

ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "bdi"),
    *("time", "section", "article", "div", "dl", "dt", "dd", "table", "tbody", "tr", "td", "a"),
    *("br", "span", "code", "figure", "img", "figcaption"),
}


class Reader(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


async def read(
    desk: Desk, server: SmallServer, transport: Transport, folder: Path
) -> tuple[Reader, Path]:
    written = export(desk, await make_case(desk, server, transport), folder / "case")
    reader = Reader()
    reader.feed(written.text("index.html"))
    return reader, written.path


async def test_nothing_that_was_written_becomes_markup(
    desk: Desk, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    reader, _ = await read(desk, server, transport, tmp_path)
    assert {tag for tag, _ in reader.elements} <= ELEMENTS
    assert not any(
        name.startswith("on") for _, attributes in reader.elements for name in attributes
    )
    assert TEXT in reader.text
    assert "<b>вчера</b>" in reader.text
    assert '<img src=x onerror="x">' in reader.text


async def test_the_page_runs_no_script_and_loads_nothing_from_elsewhere(
    desk: Desk, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    reader, folder = await read(desk, server, transport, tmp_path)
    policies = [a["content"] for tag, a in reader.elements if tag == "meta" and "http-equiv" in a]
    assert policies == [POLICY]
    assert POLICY.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in POLICY
    pictures = [a["src"] or "" for tag, a in reader.elements if tag == "img"]
    links = [a for tag, a in reader.elements if tag == "a"]
    assert len(pictures) == 4
    assert all((folder / picture).is_file() for picture in pictures)
    assert len(links) == 4
    assert all("download" in link and (link["href"] or "").startswith("files/") for link in links)
    assert not re.search(r"https?:", folder.joinpath("index.html").read_text(encoding="utf-8"))


async def test_each_text_has_its_own_direction_and_language(
    desk: Desk, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    reader, _ = await read(desk, server, transport, tmp_path)
    said = [a for tag, a in reader.elements if tag == "div" and a["class"] == "said"]
    assert [a["dir"] for a in said] == ["auto"] * 3
    assert [a.get("lang") for a in said] == ["ru", "ru", None]


def test_a_name_cannot_turn_itself_around() -> None:
    assert visible("cod\u202efdp.exe\0") == "cod\\u202efdp.exe\\u0000"
    assert visible("смета (2).pdf") == "смета (2).pdf"
