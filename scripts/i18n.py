"""Keep the translations of the portal and of the desk's page in step with what they say.

`python -m scripts.i18n` collects every sentence into each domain's .pot file and brings each .po
file beside it up to it: new sentences are empty, old ones go. `python -m scripts.i18n CODE` begins
a new language of the portal. `--check` writes nothing and fails on what a reader would meet as a
fault.
"""

import io
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from scripts.tracked import ROOT, shown
from silent_courier.desk.app.sentences import every_sentence

PORTAL: Final = ROOT / "src" / "silent_courier" / "server" / "portal"
DESK: Final = ROOT / "src" / "silent_courier" / "desk" / "app"
PAGE: Final = ROOT / "web" / "src" / "desk"
SAME_MAX: Final = 0.05
_MARKUP: Final = re.compile(r"[<>]|&\w+;")
_LITERAL: Final = r'"(?:[^"\\\n]|\\.)*"'
_SENTENCE: Final = rf"{_LITERAL}(?:\s*\+\s*{_LITERAL})*"
_CALL: Final = re.compile(
    rf"(?<!function )\b(t|mark|counted)\(\s*(?:({_SENTENCE})(?:\s*,\s*({_SENTENCE}))?)?"
)


@dataclass(frozen=True, slots=True)
class Domain:
    """Sentences that are translated together, and how a placeholder looks in them."""

    name: str
    locale: Path
    collect: Callable[[], Catalog]
    placeholder: re.Pattern[str]

    @property
    def template(self) -> Path:
        return self.locale / f"{self.name}.pot"


class UnmarkedError(Exception):
    """A call that has to name its sentence does not."""


def collect_portal() -> Catalog:
    """Every sentence of the templates, in the order of its first page."""
    catalogue = Catalog()
    found = extract_from_dir(
        PORTAL / "templates", method_map=[("**.html", "jinja2")], options_map={}
    )
    for name, _, sentence, _, _ in sorted(found, key=lambda each: (each[0], each[1])):
        if isinstance(sentence, str):
            catalogue.add(sentence, locations=[(name, 0)])
    return catalogue


def collect_desk() -> Catalog:
    """Every sentence of the desk's page, then those that Python says to it."""
    catalogue = Catalog()
    for path in sorted(PAGE.rglob("*.ts*")):
        where = [(path.relative_to(PAGE).as_posix(), 0)]
        for sentence in sentences_of(path.read_text(encoding="utf-8")):
            catalogue.add(sentence, locations=where)
    for said in dict.fromkeys(every_sentence()):
        catalogue.add(said, locations=[("Python", 0)])
    return catalogue


def sentences_of(source: str) -> Iterator[str | tuple[str, str]]:
    """What a script of the page says: `t("…")`, `mark("…")`, `counted("one", "many", number)`.

    Raises:
        UnmarkedError: `t(` without a literal; a translator would never be asked for it.
    """
    for call in _CALL.finditer(source):
        kind, one, many = call.groups()
        if (one is None) or (kind == "counted" and many is None):
            raise UnmarkedError(source[call.start() : call.start() + 80])
        yield (_text(one), _text(many)) if kind == "counted" else _text(one)


def _text(literals: str) -> str:
    parts = re.findall(_LITERAL, literals)
    joined = "".join(part[1:-1] for part in parts)
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), joined)
    return plain.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


DOMAINS: Final = (
    Domain("portal", PORTAL / "locale", collect_portal, re.compile(r"%\(\w+\)\w?|%")),
    Domain("desk", DESK / "locale", collect_desk, re.compile(r"\{\w+\}")),
)


def encode(catalogue: Catalog, code: str | None = None) -> bytes:
    """The bytes of a .pot or .po file: no dates, no names, so the same sentences make the same."""
    output = io.BytesIO()
    write_po(output, catalogue, width=0, include_lineno=False, omit_header=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    if code is not None and any(message.pluralizable for message in catalogue):
        head += f'"Plural-Forms: {get_plural(code).plural_forms}\\n"\n'
    return f"{head}\n".encode() + output.getvalue()


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=_code(path))


def updated(old: Catalog, template: Catalog, code: str) -> Catalog:
    """The template with the translations that still fit."""
    catalogue = Catalog(locale=code.replace("-", "_"))
    for message in template:
        if message.id:
            before = old.get(_key(message))
            fits = (
                before is not None
                and not before.fuzzy
                and before.pluralizable == (message.pluralizable)
            )
            string = before.string if before is not None and fits else ""
            catalogue.add(message.id, string, locations=message.locations, flags=message.flags)
    return catalogue


def problems(domain: Domain, path: Path, template: Catalog) -> Iterator[str]:
    """One sentence for each thing a reader of this language would stumble over."""
    translated = read(path)
    wanted = [message for message in template if message.id]
    same = 0
    for message in wanted:
        found = translated.get(_key(message))
        yield from (f"{shown(path)}: {fault}" for fault in _faults(domain, message, found))
        same += found is not None and found.string == message.id
    if same > SAME_MAX * len(wanted):
        yield f"{shown(path)}: {same} of {len(wanted)} sentences are still in English"


def _faults(domain: Domain, message: Message, found: Message | None) -> Iterator[str]:
    english = _forms(message.id)[-1]
    forms = _forms(found.string) if found is not None and not found.fuzzy else ()
    if not forms or not all(forms) or (found and found.pluralizable != message.pluralizable):
        yield f"not translated: {english}"
        return
    for string in forms:
        if _in_order(domain.placeholder, english) != _in_order(domain.placeholder, string):
            yield f"other placeholders than in: {english}"
        if _MARKUP.findall(english) != _MARKUP.findall(string):
            yield f"other markup than in: {english}"


def _in_order(pattern: re.Pattern[str], text: str) -> list[str]:
    return sorted(pattern.findall(text))


def _forms(said: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (said or "",) if isinstance(said, str | None) else tuple(said)


def _key(message: Message) -> str:
    return _forms(message.id)[0]


def _code(path: Path) -> str:
    return path.stem.replace("-", "_")


def check() -> int:
    """Whether each template is current and every translation whole."""
    faults: list[str] = []
    for domain in DOMAINS:
        template = domain.collect()
        current = domain.template.exists() and domain.template.read_bytes() == encode(template)
        if not current:
            faults.append(f"{shown(domain.template)} is not what is said; run `make i18n`")
        for path in sorted(domain.locale.glob("*.po")):
            faults += problems(domain, path, template)
    print("\n".join(faults))
    return bool(faults)


def write(codes: list[str]) -> None:
    """Write the templates, update what is there, begin what is asked for."""
    for domain in DOMAINS:
        template = domain.collect()
        domain.locale.mkdir(exist_ok=True)
        domain.template.write_bytes(encode(template))
        begun = {domain.locale / f"{code}.po" for code in codes if domain.name == "portal"}
        for path in {*domain.locale.glob("*.po"), *begun}:
            old = read(path) if path.exists() else Catalog(locale=_code(path))
            new = updated(old, template, path.stem)
            path.write_bytes(encode(new, _code(path)))


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        return check()
    write(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
