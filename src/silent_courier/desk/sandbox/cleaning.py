"""A file without the details that hide in it, as far as mat2 knows them. Spec §14.15.

mat2 is Debian's, and starts other programs, so this sandbox has more of the machine's programs in
it than that of the pictures, a place of its own to write to, and no list of system calls but a
number of processes; what it shares with that one: no network, no home, nobody else, limits, and an
end.
"""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Final

from silent_courier.desk.sandbox import cleaner
from silent_courier.desk.sandbox.bubblewrap import Limits, Program
from silent_courier.desk.sandbox.running import NoSandboxError, run

CONTENT_MAX: Final = 64 * 1024 * 1024
_MIB: Final = 1024 * 1024
_LIMITS: Final = Limits(
    memory_bytes=2048 * _MIB,
    processor_s=90,
    wall_s=120.0,
    output_bytes=CONTENT_MAX + 4 * _MIB,
    files=256,
    scratch_bytes=512 * _MIB,
    processes=64,
)
_PYTHON: Final = "/usr/bin/python3"
MAT2: Final = Path("/usr/lib/python3/dist-packages/libmat2")
ENDINGS: Final = {
    **{"jpeg": "jpg", "png": "png", "gif": "gif", "tiff": "tiff", "pdf": "pdf"},
    **{"docx": "docx", "xlsx": "xlsx", "pptx": "pptx"},
    **{"odt": "odt", "ods": "ods", "odp": "odp", "epub": "epub"},
    **{"mp3": "mp3", "flac": "flac", "ogg": "ogg"},
}
"""Kinds of file that mat2 cleans, by our names, and what it calls them by."""


class NotCleaned(StrEnum):
    """Why there is no cleaned file."""

    NO_CLEANER = "no-cleaner"
    OTHER_KIND = "other-kind"
    TOO_LARGE = "too-large"
    FAILED = "failed"


SENTENCES: Final = {
    NotCleaned.NO_CLEANER: "This computer has no mat2 and bubblewrap, so nothing can be cleaned.",
    NotCleaned.OTHER_KIND: "Files of this kind cannot be cleaned.",
    NotCleaned.TOO_LARGE: "This is too large to be cleaned.",
    NotCleaned.FAILED: "This could not be cleaned, so nothing was saved.",
}
NO_PROMISE: Final = (
    "Hidden details that mat2 knows are gone. What can be seen or heard is still there: faces,"
    " names, handwriting, a printer's dots. The file can still be made to attack the program that"
    " opens it."
)


def clean(kind: str, content: Iterable[bytes]) -> bytes | NotCleaned:
    """The file without hidden details. `kind`: the name of its type.

    Raises:
        Whatever `content` raises; nothing of it was cleaned then.
    """
    if kind not in ENDINGS:
        return NotCleaned.OTHER_KIND
    if not MAT2.is_dir():
        return NotCleaned.NO_CLEANER
    # As text: where root runs this, it becomes nobody, who may not read our own files.
    program = Path(cleaner.__file__).read_text("utf-8")
    command = (_PYTHON, "-I", "-B", "-c", program, ENDINGS[kind])
    binds = ((Path("/usr"), "/usr"),)
    try:
        said = run(Program(command, binds, _LIMITS, has_filter=False), content)
    except NoSandboxError:
        return NotCleaned.NO_CLEANER
    return read_cleaned(said) or NotCleaned.FAILED


def read_cleaned(said: bytes) -> bytes | None:
    """The file in what the program said; None when it is not exactly of the form."""
    head, content = said[: cleaner.HEADER.size], said[cleaner.HEADER.size :]
    if len(head) != cleaner.HEADER.size:
        return None
    magic, answer, length = cleaner.HEADER.unpack(head)
    is_whole = magic == cleaner.MAGIC and answer == cleaner.CLEANED and length == len(content)
    return content if is_whole and 0 < length <= CONTENT_MAX else None
