"""A case as a page to read and print: no script, one style, nothing from elsewhere.

Everything that anybody wrote goes through `escape`, and stands in an element of its own whose
direction its own letters decide.
"""

import base64
import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from html import escape
from typing import Final
from urllib.parse import quote

from silent_courier.desk.case.collecting import Case, CaseEntry, CaseFile, CaseThread
from silent_courier.desk.case.record import WrittenFile
from silent_courier.desk.case.sentences import PAGE, QUESTIONS, Say

STYLE: Final = """
:root{color-scheme:light dark;--paper:#fbfaf7;--ink:#1b2733;--quiet:#5a6672;--rule:#d9d6cf;
--accent:#0b5563;--care:#8a5a00;--care-paper:#fff6e0;--note:#f1efe8}
@media (prefers-color-scheme:dark){:root{--paper:#14181c;--ink:#e8e6e1;--quiet:#9aa5af;
--rule:#2b333b;--accent:#6fc3d0;--care:#f2c56b;--care-paper:#2a2312;--note:#1b2026}}
*{box-sizing:border-box}
body{margin:0 auto;padding:32px 16px;max-width:42rem;background:var(--paper);color:var(--ink);
font:1rem/1.6 system-ui,sans-serif;overflow-wrap:anywhere}
h1,h2{font-weight:600;line-height:1.25}
h2{margin-block-start:48px;border-block-end:1px solid var(--rule);padding-block-end:8px}
a{color:var(--accent)}
.quiet{color:var(--quiet)}
.care{color:var(--care);background:var(--care-paper);border-radius:6px;padding:12px 16px}
article{margin-block:24px;padding-block:4px}
article.reply{margin-inline-start:24px;border-inline-start:2px solid var(--rule);
padding-inline-start:16px}
article.note{background:var(--note);border:1px dashed var(--rule);border-radius:6px;
padding:8px 16px}
h3{font-size:.95rem;font-weight:600;margin-block:8px;color:var(--quiet)}
.said{white-space:pre-wrap;unicode-bidi:plaintext}
dt{font-weight:600}
dd{margin:0 0 12px}
figure{margin:16px 0}
img{max-width:100%;height:auto;border:1px solid var(--rule)}
table{border-collapse:collapse;width:100%;font-size:.95rem}
td:last-child{white-space:nowrap;text-align:end}
.warning{color:var(--care)}
td{border-block-start:1px solid var(--rule);padding:8px 8px 8px 0;vertical-align:top}
code{display:block;font-size:.8rem;color:var(--quiet)}
@media print{:root{--paper:#fff;--ink:#000;--quiet:#444;--accent:#000}body{max-width:none}
article,figure{break-inside:avoid}}
""".strip()
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# `file:` is where the pictures are when the folder lies on a disk, 'self' when it is served.
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src 'self' file:;"
    " base-uri 'none'; form-action 'none'"
)


def case_page(case: Case, written: Mapping[int, WrittenFile], say: Say, language: str) -> str:
    """The whole page; `say` turns our own sentences into its language."""
    words = {name: escape(say(sentence)) for name, sentence in PAGE.items()}
    head = f'<!doctype html>\n<html lang="{escape(language, quote=True)}">\n'
    return head + "\n".join(_page(case, written, words, say)) + "\n"


def _page(
    case: Case, written: Mapping[int, WrittenFile], words: Mapping[str, str], say: Say
) -> Iterator[str]:
    title = f"{words['title']}: {escape(case.charter.body.name)}"
    yield '<head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
    yield '<meta name="viewport" content="width=device-width">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{title}</title><style>{STYLE}</style></head>"
    yield f"<body><main><h1>{title}</h1>"
    yield f'<p class="quiet">{words["by"]} <bdi>{escape(case.by)}</bdi>, {_day(case.date)}</p>'
    yield f'<p class="care">{words["reveals"]} {words["warning"] if case.has_files else ""}</p>'
    if not case.has_notes:
        yield f'<p class="quiet">{words["no-notes"]}</p>'
    if not case.has_files:
        yield f'<p class="quiet">{words["no-files"]}</p>'
    for thread in case.threads:
        yield from _thread(thread, written, words, say)
    yield "</main></body></html>"


def _thread(
    thread: CaseThread, written: Mapping[int, WrittenFile], words: Mapping[str, str], say: Say
) -> Iterator[str]:
    yield f"<section><h2>{escape(thread.alias)}</h2>"
    if any(item.entry.state == "disputed" for item in thread.entries):
        yield f'<p class="care">{words["disputed"]}</p>'
    if not thread.entries:
        yield f'<p class="quiet">{words["empty"]}</p>'
    for item in thread.entries:
        yield from _entry(item, written, words, say)
    yield "</section>"


def _entry(
    item: CaseEntry, written: Mapping[int, WrittenFile], words: Mapping[str, str], say: Say
) -> Iterator[str]:
    entry = item.entry
    language = f' lang="{escape(entry.language, quote=True)}"' if entry.language else ""
    by = f" <bdi>{escape(entry.by)}</bdi>" if entry.by else ""
    yield f'<article class="{entry.kind}"><h3>{words[entry.kind]}{by}, {_day(entry.date)}</h3>'
    yield f'<div class="said" dir="auto"{language}>{escape(entry.text)}</div>'
    if entry.form:
        yield "<dl>"
        for question, answer in entry.form:
            yield f"<dt>{escape(say(QUESTIONS.get(question, question)))}</dt>"
            yield f'<dd class="said" dir="auto"{language}>{escape(answer)}</dd>'
        yield "</dl>"
    if item.files:
        yield f"<h3>{words['files']}</h3><table><tbody>"
        for file in item.files:
            yield _row(file, written[file.kept.seq], words, say)
        yield "</tbody></table>"
        for file in item.files:
            yield from _pictures(file, written[file.kept.seq], words)
    yield "</article>"


def _row(file: CaseFile, written: WrittenFile, words: Mapping[str, str], say: Say) -> str:
    name = f"<bdi>{escape(visible(file.view.name))}</bdi>"
    if written.path is None:
        name += f" ({words['missing']})"
    else:
        # Saved, not opened, when somebody clicks: a page of the source's is not shown beside ours.
        name = f'<a href="{quote(written.path)}" download>{name}</a>'
    warnings = "".join(
        f'<div class="warning">{escape(say(warning))}</div>' for warning in file.view.warnings
    )
    kind = escape(say(file.view.label)) if file.view.label else ""
    size = f"{file.view.size:,}".replace(",", "\u202f") + f"\u00a0{words['bytes']}"
    return (
        f"<tr><td>{name}{warnings}<code>SHA-256 {file.view.sha256}</code></td>"
        f"<td>{kind}</td><td>{size}</td></tr>"
    )


def _pictures(file: CaseFile, written: WrittenFile, words: Mapping[str, str]) -> Iterator[str]:
    for number, path in enumerate(written.pictures, start=1):
        told = f"{visible(file.view.name)}, {words['page']} {number}"
        yield (
            f'<figure><img src="{quote(path)}" alt="{escape(told, quote=True)}">'
            f'<figcaption class="quiet"><bdi>{escape(told)}</bdi></figcaption></figure>'
        )


def visible(name: str) -> str:
    """A file's name with what nobody would see, or what turns the writing, as its code."""
    return "".join(
        f"\\u{ord(sign):04x}" if unicodedata.category(sign)[0] == "C" else sign for sign in name
    )


def _day(date: str) -> str:
    return f'<time datetime="{date}">{date}</time>'
