"""What can be dangerous about an attachment, in plain sentences, found in its bytes. Pure.

Signs are looked for, nothing is unpacked: no warning means that none of these signs was seen, not
that a file is harmless. What stands inside compressed parts of a file is not seen.
"""

import re
import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from silent_courier.desk.file_types import HEAD_LEN, FileType, ending_of, type_of

VERY_LARGE: Final = 100 * 1024 * 1024
TAIL_LEN: Final = 256 * 1024
EXPANDS_TIMES: Final = 200
EXPANDS_BYTES: Final = 4 * 1024 * 1024 * 1024

SENTENCES: Final = {
    "macros": "It holds macros: small programs that run when it is opened.",
    "archive": "It is an archive: what is inside is not shown, and can be anything.",
    "encrypted": "It is encrypted, so nobody but who has its key sees what is inside.",
    "mismatch": "Its name says one kind of file, its content another.",
    "two-kinds": "It is two kinds of file at once.",
    "scripts": "It can contain scripts that run when it is opened.",
    "starts": "It can start other programs, or send something, when it is opened.",
    "contains-files": "Other files are hidden inside.",
    "program": "It is a program.",
    "expands": "Unpacked it becomes very large.",
    "hidden-name": "Its name holds signs that nobody sees or that turn the writing around.",
    "very-large": "It is very large.",
}

_SIGNS: Final = (
    ("macros", re.compile(rb"vbaProject\.bin|" + "_VBA_PROJECT".encode("utf-16-le"))),
    ("encrypted-office", re.compile("EncryptedPackage".encode("utf-16-le"))),
    ("pdf-script", re.compile(rb"/(?:JavaScript|JS)[\s(<]")),
    ("pdf-start", re.compile(rb"/(?:Launch|GoToR|GoToE|SubmitForm)[\s(/<>]")),
    ("pdf-files", re.compile(rb"/(?:EmbeddedFiles?|RichMedia)[\s(/<>]")),
    ("pdf-locked", re.compile(rb"/Encrypt[\s(/<]")),
    ("odf-macros", re.compile(rb"Basic/[^/\0]{1,60}/script-lb\.xml|Basic/script-lc\.xml")),
)
_OVERLAP: Final = 64
_ZIP_ENTRY: Final = b"PK\x01\x02"
_ZIP_LOCAL: Final = b"PK\x03\x04"
_ZIP_END: Final = b"PK\x05\x06"
_DOCUMENTS: Final = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp", "ole", "rtf"})
_CONTAINERS: Final = frozenset({"zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "jar"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an attachment's content without opening it; warnings by their names."""

    type: FileType
    warnings: tuple[str, ...]


def examine(name: str, size: int, pieces: Iterable[bytes]) -> Facts:
    """Look at a file's bytes, a piece at a time, in its order. Holds a few hundred KiB."""
    head, tail, before = bytearray(), b"", b""
    signs: set[str] = set()
    for piece in pieces:
        if len(head) < HEAD_LEN:
            head += piece[: HEAD_LEN - len(head)]
        joined = before + piece
        signs |= {sign for sign, pattern in _SIGNS if sign not in signs and pattern.search(joined)}
        before = joined[-_OVERLAP:]
        tail = (tail + piece)[-TAIL_LEN:]
    kind = type_of(bytes(head), tail)
    found = _found(kind, bytes(head), tail, size, signs) | _by_name(kind, name)
    return Facts(kind, tuple(warning for warning in SENTENCES if warning in found))


def _found(kind: FileType, head: bytes, tail: bytes, size: int, signs: set[str]) -> set[str]:
    found = set(kind.traits)
    if kind.name in _DOCUMENTS and signs & {"macros", "odf-macros"}:
        found.add("macros")
    if kind.name == "ole" and "encrypted-office" in signs:
        found.add("encrypted")
    if kind.name == "pdf":
        named = {"pdf-script": "scripts", "pdf-start": "starts", "pdf-files": "contains-files"}
        found |= {warning for sign, warning in named.items() if sign in signs}
        found |= {"encrypted"} if "pdf-locked" in signs else set()
    if kind.name in _CONTAINERS:
        found |= _in_zip(head, tail, size)
    if _is_two_kinds(kind, head, tail):
        found.add("two-kinds")
    if size > VERY_LARGE:
        found.add("very-large")
    return found


def _by_name(kind: FileType, name: str) -> set[str]:
    found = set()
    if any(unicodedata.category(character) in {"Cf", "Cc", "Co", "Cn"} for character in name):
        found.add("hidden-name")
    ending = ending_of(name)
    if kind.name not in {"empty", "unknown"} and ending and ending not in kind.endings:
        found.add("mismatch")
    if ending.endswith("m") and kind.name in _DOCUMENTS and ending in kind.endings:
        found.add("macros")
    return found


def _in_zip(head: bytes, tail: bytes, size: int) -> set[str]:
    """From the table of contents at a ZIP's end, as far as it is there: what it says of itself."""
    found, expanded, at = set(), 0, tail.find(_ZIP_ENTRY)
    while 0 <= at <= len(tail) - 46:
        flags, unpacked, names, extra, comment = struct.unpack_from("<8xH14xIHHH", tail, at)
        found |= {"encrypted"} if flags & 1 else set()
        expanded += unpacked
        at = tail.find(_ZIP_ENTRY, at + 46 + names + extra + comment)
    local = head.find(_ZIP_LOCAL)
    if 0 <= local <= len(head) - 8 and head[local + 6] & 1:
        found.add("encrypted")
    if expanded > EXPANDS_BYTES or expanded > EXPANDS_TIMES * max(size, 1):
        found.add("expands")
    return found


def _is_two_kinds(kind: FileType, head: bytes, tail: bytes) -> bool:
    is_zip = kind.name in _CONTAINERS or kind.name == "apk"
    if not is_zip and kind.name != "iso" and _ZIP_END in tail[-65_557:]:
        return True
    if kind.name == "pdf":
        return not head.startswith(b"%PDF-")
    return b"%PDF-" in head[:1024] and kind.name not in {"text", "html", "xml"}
