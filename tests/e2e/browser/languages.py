"""What of a page is in another language than the page's own."""

import re
from typing import Final

from playwright.async_api import Page

NAMES: Final = frozenset(
    (
        *("Tor", "Browser", "Word", "Windows", "mat", "Enter", "English"),
        *("UTC", "SHA", "ZIP", "JPEG"),
    )
)
"""Products, formats, one key, the other language's own name."""

_LEFT_OUT: Final = re.compile(r"\\u[0-9a-f]{4}|\bcourier(?: [a-z-]+){1,3}|Caps Lock")
"""A sign that nobody sees, as its code in a name; a command to run; a key."""

# Not looked at: what is marked as another language (aliases, letters), what people typed, and
# addresses, ids, paths, keys and commands, which are the same in every language.
_VISIBLE: Final = """() => {
    const aliases = [...document.querySelectorAll(".alias[lang=en]")].map((e) => e.textContent);
    const ours = (element) =>
        element.checkVisibility() &&
        element.closest("[lang]").lang === "ru" &&
        !element.closest("code, kbd, .hex, .address, .fingerprint, [dir=auto], script, style");
    const said = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const place = walker.currentNode.parentElement;
        const shown = place.closest("select") ?? place;
        if (ours(shown)) said.push(walker.currentNode.data);
    }
    for (const element of document.querySelectorAll("body *")) {
        const about = ["aria-label", "title", "placeholder", "alt", "data-name", "label"];
        const marked = element.closest("[lang]").lang === "ru" && element.checkVisibility();
        if (!marked || element.matches(".hex")) continue;
        for (const name of about) said.push(element.getAttribute(name) ?? "");
    }
    return said.map((text) => aliases.reduce((left, alias) => left.replaceAll(alias, ""), text));
}"""


async def latin_words(page: Page) -> list[str]:
    """The Latin words that somebody sees, or hears, on a Russian page."""
    said: list[str] = await page.evaluate(_VISIBLE)
    texts = (_LEFT_OUT.sub("", text) for text in said)
    words = (word for text in texts for word in re.findall("[A-Za-z]+", text))
    return sorted({word for word in words if word not in NAMES})
