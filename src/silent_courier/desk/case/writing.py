"""Writing a case: page, JSON, originals, pictures, the list of files and its signature. §14.20.

Works from what was collected and touches no vault but its chunks, so it may run in a thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from silent_courier.desk.case.collecting import Case, CaseFile
from silent_courier.desk.case.page import case_page
from silent_courier.desk.case.places import Place, new_place
from silent_courier.desk.case.record import WrittenFile, case_json
from silent_courier.desk.case.sentences import READ_ME, Say
from silent_courier.desk.contents import open_content
from silent_courier.desk.filenames import numbered, safe_name
from silent_courier.desk.previewing import draw_page
from silent_courier.desk.sandbox.pixels import Picture
from silent_courier.protocol.case_seal import seal_case
from silent_courier.protocol.errors import ProtocolError, VaultDamagedError

SUMS: Final = "SHA256SUMS"
SEAL: Final = "signature.json"
PAGES_MAX: Final = 20
"""Pictures of so many pages of each file."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """Where a case was written, how many files, and the names of those that could not be.

    size: bytes on the disk.
    """

    path: str
    files: int
    size: int
    missing: tuple[str, ...]


def write_case(
    case: Case, out: Path, say: Say, language: str, progress: Progress = lambda *_: None
) -> Exported:
    """Write a case to a new folder, or a new ZIP where the name ends so.

    Raises:
        FolderExistsError, FolderError
    """
    with new_place(out) as place:
        written = _write_files(case, place, progress)
        place.write("index.html", [case_page(case, written, say, language).encode()])
        place.write("case.json", [case_json(case, written)])
        place.write("README.txt", [_read_me(say).encode()])
        sums = place.sums_file()
        count = len(place.sums)
        place.write(SUMS, [sums])
        place.write(SEAL, [seal_case(case.charter, case.key, case.day, sums)])
    missing = tuple(name for name, file in _all(case, written) if file.path is None)
    return Exported(str(out), count, _size(out), missing)


def _size(out: Path) -> int:
    files = [out] if out.is_file() else out.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file())


def _write_files(case: Case, place: Place, progress: Progress) -> dict[int, WrittenFile]:
    """By the attachment's number in the vault: where its content and pictures stand."""
    files = [f for thread in case.threads for e in thread.entries for f in e.files]
    written: dict[int, WrittenFile] = {}
    for done, file in enumerate(files):
        progress(done, len(files))
        path = _write_original(case, place, file)
        pictures = _write_pictures(place, file, done + 1) if path else ()
        written[file.kept.seq] = WrittenFile(path, pictures)
    return written


def _write_original(case: Case, place: Place, file: CaseFile) -> str | None:
    if not file.is_here:
        return None
    org_id = case.charter.org_id
    try:
        # Read twice: what has been written to a ZIP cannot be taken back.
        for _ in open_content(case.directory, org_id, file.kept):
            pass
    except (ProtocolError, VaultDamagedError):
        return None
    path = _free(place, "files", safe_name(file.view.name))
    place.write(path, open_content(case.directory, org_id, file.kept))
    return path


def _write_pictures(place: Place, file: CaseFile, number: int) -> tuple[str, ...]:
    """The first pages as pixels, where there is a sandbox and it can draw them."""
    paths: list[str] = []
    pages = PAGES_MAX if file.drawable else 0
    while file.drawable and len(paths) < pages:
        drawn = draw_page(file.drawable, len(paths))
        if not isinstance(drawn, Picture):
            break
        pages = min(drawn.pages, PAGES_MAX)
        path = f"pictures/{number}-{len(paths) + 1}.png"
        place.write(path, [drawn.png])
        paths.append(path)
    return tuple(paths)


def _free(place: Place, folder: str, name: str) -> str:
    number, taken = 1, {path.casefold() for path in place.sums}
    while f"{folder}/{numbered(name, number)}".casefold() in taken:
        number += 1
    return f"{folder}/{numbered(name, number)}"


def _all(case: Case, written: dict[int, WrittenFile]) -> list[tuple[str, WrittenFile]]:
    files = (f for thread in case.threads for e in thread.entries for f in e.files)
    return [(file.view.name, written[file.kept.seq]) for file in files]


def _read_me(say: Say) -> str:
    return "\n\n".join(say(sentence) for sentence in READ_ME) + "\n"
