"""Keep the portal's translations in step with its templates.

`python -m scripts.i18n` collects every sentence into locale/portal.pot and brings each .po file
there up to it: new sentences are empty, old ones go. `python -m scripts.i18n CODE` begins a new
language. `--check` writes nothing and fails on what a reader would meet as a fault.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from scripts.tracked import ROOT, shown

PORTAL: Final = ROOT / "src" / "silent_courier" / "server" / "portal"
LOCALE: Final = PORTAL / "locale"
TEMPLATE: Final = LOCALE / "portal.pot"
SAME_MAX: Final = 0.05
_PLACEHOLDER: Final = re.compile(r"%\(\w+\)\w?|%")
_MARKUP: Final = re.compile(r"[<>]|&\w+;")


def collect() -> Catalog:
    """Every sentence of the templates, in the order of its first page."""
    catalogue = Catalog()
    found = extract_from_dir(
        PORTAL / "templates", method_map=[("**.html", "jinja2")], options_map={}
    )
    for name, _, sentence, _, _ in sorted(found, key=lambda each: (each[0], each[1])):
        if isinstance(sentence, str):
            catalogue.add(sentence, locations=[(name, 0)])
    return catalogue


def encode(catalogue: Catalog) -> bytes:
    """The bytes of a .pot or .po file: no dates, no names, so the same sentences make the same."""
    output = io.BytesIO()
    write_po(output, catalogue, width=0, include_lineno=False, omit_header=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return head.encode() + output.getvalue()


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def updated(old: Catalog, template: Catalog) -> Catalog:
    """The template with the translations that still fit."""
    catalogue = Catalog()
    for message in template:
        if message.id:
            before = old.get(message.id)
            string = before.string if before is not None and not before.fuzzy else ""
            catalogue.add(message.id, string, locations=message.locations, flags=message.flags)
    return catalogue


def problems(path: Path, template: Catalog) -> Iterator[str]:
    """One sentence for each thing a reader of this language would stumble over."""
    translated = read(path)
    wanted = [message for message in template if message.id]
    same = 0
    for message in wanted:
        found = translated.get(message.id)
        yield from (f"{shown(path)}: {fault}" for fault in _faults(message, found))
        same += found is not None and found.string == message.id
    if same > SAME_MAX * len(wanted):
        yield f"{shown(path)}: {same} of {len(wanted)} sentences are still in English"


def _faults(message: Message, found: Message | None) -> Iterator[str]:
    english = str(message.id)
    if found is None or not found.string or found.fuzzy:
        yield f"not translated: {english}"
        return
    string = str(found.string)
    if sorted(_PLACEHOLDER.findall(english)) != sorted(_PLACEHOLDER.findall(string)):
        yield f"other placeholders than in: {english}"
    if _MARKUP.findall(english) != _MARKUP.findall(string):
        yield f"other markup than in: {english}"


def check() -> int:
    """Whether the template is current and every translation whole."""
    template = collect()
    faults = (
        []
        if TEMPLATE.exists() and TEMPLATE.read_bytes() == encode(template)
        else [f"{shown(TEMPLATE)} is not what the templates say; run `make i18n`"]
    )
    for path in sorted(LOCALE.glob("*.po")):
        faults += problems(path, template)
    print("\n".join(faults))
    return bool(faults)


def write(codes: list[str]) -> None:
    """Write the template, update what is there, begin what is asked for."""
    template = collect()
    LOCALE.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(encode(template))
    for path in {*LOCALE.glob("*.po"), *(LOCALE / f"{code}.po" for code in codes)}:
        old = read(path) if path.exists() else Catalog()
        path.write_bytes(encode(updated(old, template)))


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        return check()
    write(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
