"""For tests of the pages: facts to render, and the words of a page."""

from html.parser import HTMLParser

from silent_courier.server.portal.facts import Facts

DAY = 20_780


def facts(**changes: object) -> Facts:
    values: dict[str, object] = {
        "name": "Example Herald",
        "portal": "a" * 56 + ".onion",
        "org_id": "0123456789abcdef" * 4,
        "fingerprint_words": ("abandon",) * 24,
        "serial": 3,
        "issued": DAY - 30,
        "expires": DAY + 365,
        "day": DAY,
        "readers": ("Anna", "Boris"),
        "missing": (),
        "emptied": DAY,
        "closed_until": None,
        "refusal": None,
        "signer": None,
        "signed": None,
    }
    return Facts(**{**values, **changes})  # type: ignore[arg-type]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "br", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


class Page:
    """A page, read strictly: every element that opens also closes."""

    def __init__(self, html: bytes) -> None:
        reader = _Reader()
        reader.feed(html.decode("utf-8"))
        reader.close()
        assert reader.open == []
        self.text = " ".join(" ".join(reader.text).split())
        self.tags = reader.tags

    def attributes(self, name: str) -> list[str]:
        """Every value of this attribute."""
        return [value for _, attributes in self.tags if (value := attributes.get(name)) is not None]
