"""What a file really is, by its bytes and not by its name: a small table of our own. Pure.

Bytes are compared and counted, never decoded, unpacked or run, so this is safe on the handler's own
machine; docs/adr/0055 says why no library does it. What is said is what the bytes begin like:
a file can be two things at once, and a lie that is told well enough is believed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

HEAD_LEN: Final = 64 * 1024
"""As much of a file's beginning as these rules look at."""


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file: what people call it, its usual endings, and how the sandbox draws it."""

    name: str
    label: str
    endings: tuple[str, ...]
    drawn_as: str = ""
    traits: tuple[str, ...] = ()


def _type(name: str, label: str, endings: str, drawn: str = "", traits: str = "") -> FileType:
    return FileType(name, label, tuple(endings.split()), drawn, tuple(traits.split()))


_ALL: Final = (
    _type("empty", "empty file", ""),
    _type("unknown", "unknown", ""),
    _type(
        "text", "plain text", "txt md csv tsv log json yml yaml ini srt vtt eml asc sql tex", "text"
    ),
    _type("jpeg", "JPEG picture", "jpg jpeg jpe jfif", "JPEG"),
    _type("png", "PNG picture", "png", "PNG"),
    _type("gif", "GIF picture", "gif", "GIF"),
    _type("webp", "WebP picture", "webp", "WEBP"),
    _type("bmp", "BMP picture", "bmp dib", "BMP"),
    _type("tiff", "TIFF picture", "tif tiff dng nef cr2 arw", "TIFF"),
    _type("heif", "HEIF picture", "heic heif avif hif"),
    _type("svg", "SVG drawing", "svg", "", "scripts"),
    _type("pdf", "PDF document", "pdf ai", "pdf"),
    _type("html", "web page", "html htm xhtml mht mhtml hta", "", "scripts"),
    _type("xml", "XML file", "xml xsl rss gpx kml svg fb2", "", ""),
    _type("rtf", "RTF document", "rtf doc"),
    _type("docx", "Word document", "docx docm dotx dotm"),
    _type("xlsx", "Excel sheet", "xlsx xlsm xltx xltm xlsb"),
    _type("pptx", "PowerPoint slides", "pptx pptm ppsx ppsm potx"),
    _type("odt", "OpenDocument text", "odt ott"),
    _type("ods", "OpenDocument sheet", "ods ots"),
    _type("odp", "OpenDocument slides", "odp otp"),
    _type("epub", "EPUB book", "epub", "", "scripts"),
    _type("ole", "old Office document", "doc xls ppt dot xlt pps msg mpp vsd"),
    _type("zip", "ZIP archive", "zip cbz", "", "archive"),
    _type("jar", "Java program", "jar war", "", "program archive"),
    _type("apk", "Android program", "apk", "", "program archive"),
    _type("7z", "7-Zip archive", "7z", "", "archive"),
    _type("rar", "RAR archive", "rar cbr", "", "archive"),
    _type("gzip", "gzip archive", "gz tgz", "", "archive"),
    _type("bzip2", "bzip2 archive", "bz2 tbz tbz2", "", "archive"),
    _type("xz", "xz archive", "xz txz", "", "archive"),
    _type("zstd", "Zstandard archive", "zst", "", "archive"),
    _type("tar", "tar archive", "tar", "", "archive"),
    _type("cab", "Cabinet archive", "cab", "", "archive"),
    _type("iso", "disk image", "iso img", "", "archive"),
    _type("exe", "Windows program", "exe dll scr com sys msi cpl", "", "program"),
    _type("elf", "Linux program", "elf so bin o", "", "program"),
    _type("macho", "macOS program", "dylib", "", "program"),
    _type("script", "script", "sh py pl rb bat cmd ps1 js vbs", "", "program"),
    _type("link", "Windows shortcut", "lnk", "", "program"),
    _type("mp3", "MP3 sound", "mp3"),
    _type("wav", "WAV sound", "wav"),
    _type("flac", "FLAC sound", "flac"),
    _type("ogg", "Ogg sound or film", "ogg oga ogv opus"),
    _type("amr", "AMR sound", "amr"),
    _type("mp4", "MP4 film or sound", "mp4 m4v m4a mov 3gp 3g2 qt"),
    _type("avi", "AVI film", "avi"),
    _type("matroska", "Matroska or WebM film", "mkv webm mka"),
    _type("sqlite", "SQLite database", "sqlite sqlite3 db"),
    _type("age", "file sealed by age", "age", "", "encrypted"),
    _type("pgp", "file sealed by OpenPGP", "asc gpg pgp", "", "encrypted"),
)
TYPES: Final[Mapping[str, FileType]] = {kind.name: kind for kind in _ALL}

_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"{\\rtf", "rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"MSCF", "cab"),
    (b"MZ", "exe"),
    (b"\x7fELF", "elf"),
    (b"\xcf\xfa\xed\xfe", "macho"),
    (b"\xce\xfa\xed\xfe", "macho"),
    (b"\xca\xfe\xba\xbe", "macho"),
    (b"#!", "script"),
    (b"L\0\0\0\x01\x14\x02\0", "link"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"#!AMR", "amr"),
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"SQLite format 3\0", "sqlite"),
    (b"age-encryption.org/", "age"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "age"),
    (b"-----BEGIN PGP MESSAGE-----", "pgp"),
)
_RIFF: Final = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}
_HEIF: Final = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"})
_IN_ZIP: Final = (
    (b"AndroidManifest.xml", "apk"),
    (b"META-INF/MANIFEST.MF", "jar"),
    (b"word/", "docx"),
    (b"xl/", "xlsx"),
    (b"ppt/", "pptx"),
)
_MIMETYPES: Final = (
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "odt"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"mimetypeapplication/vnd.oasis.opendocument.presentation", "odp"),
    (b"mimetypeapplication/epub+zip", "epub"),
)
_MARKUP: Final = (
    (b"<svg", "svg"),
    (b"<html", "html"),
    (b"<!doctype html", "html"),
    (b"<script", "html"),
    (b"<body", "html"),
    (b"<iframe", "html"),
    (b"<?xml", "xml"),
)
_PDF_WITHIN: Final = 1024
_TAR_AT: Final = 257
_ISO_AT: Final = 32_769
_TEXT_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")


def type_of(head: bytes, tail: bytes = b"") -> FileType:
    """What a file is that begins and ends so; `head` has at least HEAD_LEN bytes of it, or all."""
    rules: tuple[Callable[[bytes], str | None], ...] = (
        lambda head: None if head else "empty",
        _by_beginning,
        _by_container,
        lambda head: _by_zip(head, tail) if head.startswith(b"PK\x03\x04") else None,
        lambda head: "pdf" if b"%PDF-" in head[:_PDF_WITHIN] else None,
        _by_place,
        _by_markup,
        lambda head: "text" if _is_text(head) else None,
    )
    return TYPES[next((name for rule in rules if (name := rule(head))), "unknown")]


def ending_of(name: str) -> str:
    """What stands after a name's last dot, in small letters."""
    stem, dot, ending = name.rpartition(".")
    return ending.strip().lower() if dot and stem else ""


def _by_beginning(head: bytes) -> str | None:
    amr = b"#!AMR"
    if head.startswith(amr):
        return "amr"
    return next((name for magic, name in _BEGINNINGS if head.startswith(magic)), None)


def _by_container(head: bytes) -> str | None:
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return "heif" if head[8:12] in _HEIF else "mp4"
    return None


def _by_zip(head: bytes, tail: bytes) -> str:
    for start, name in _MIMETYPES:
        if head[30 : 30 + len(start)] == start:
            return name
    names = head + tail
    return next((name for member, name in _IN_ZIP if member in names), "zip")


def _by_place(head: bytes) -> str | None:
    if head[_TAR_AT : _TAR_AT + 5] == b"ustar":
        return "tar"
    return "iso" if head[_ISO_AT : _ISO_AT + 5] == b"CD001" else None


def _by_markup(head: bytes) -> str | None:
    start = head[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start.startswith(b"<") and b"<script" not in start:
        return None
    return next((name for tag, name in _MARKUP if tag in start), None)


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not _TEXT_CONTROLS.intersection(head)
