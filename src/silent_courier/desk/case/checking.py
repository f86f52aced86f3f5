"""Holding an export against the organisation's charter: who made it, and what was changed since.

Reads untrusted files: names in the list that would lead out of the folder are refused, and nothing
but hashes is made of what the files hold.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from silent_courier.desk.case.writing import SEAL, SUMS
from silent_courier.desk.dates import iso_date
from silent_courier.protocol.case_seal import parse_case_seal, verify_case_seal
from silent_courier.protocol.chain import parse_chain
from silent_courier.protocol.charter import MAGIC, verify_chain
from silent_courier.protocol.errors import FolderError, MalformedCaseError

_SUMS_MAX: Final = 16 * 1024 * 1024
_SEAL_MAX: Final = 4096
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([^\0\n\\]+)")
_AT_ONCE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Checked:
    """Whose export it is, and what in it is not as it was signed."""

    organisation: str
    by: str
    has_left: bool
    date: str
    files: int
    altered: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Nothing was altered, taken away or put in."""
        return not (self.altered or self.missing or self.added)


def check_export(folder: Path, chain: bytes, org_id: bytes) -> Checked:
    """Check an export in a folder.

    Args:
        folder: untrusted.
        chain: what `courier org charter` wrote, or the first charter alone; untrusted.
        org_id: the organisation's fingerprint, which the caller trusts.

    Raises:
        ProtocolError: the charter does not verify, or is another organisation's.
        MalformedCaseError, CaseSignatureError
        FolderError: the folder cannot be read.
    """
    charter = verify_chain((chain,) if chain[: len(MAGIC)] == MAGIC else parse_chain(chain), org_id)
    sums = _read(folder / SUMS, _SUMS_MAX)
    seal = parse_case_seal(_read(folder / SEAL, _SEAL_MAX))
    verify_case_seal(seal, charter, sums)
    listed = _parse_sums(sums)
    here = _files(folder)
    found = {path: _digest(here[path]) for path in listed if path in here}
    return Checked(
        organisation=charter.body.name,
        by=charter.label_of(seal.device),
        has_left=seal.device not in charter.current_devices,
        date=iso_date(seal.day),
        files=len(listed),
        altered=tuple(path for path, digest in found.items() if digest != listed[path]),
        missing=tuple(path for path in listed if path not in here),
        added=tuple(sorted(here.keys() - listed.keys() - {SUMS, SEAL})),
    )


def _read(path: Path, length_max: int) -> bytes:
    try:
        if path.is_symlink() or not path.is_file():
            raise MalformedCaseError
        with path.open("rb") as file:
            data = file.read(length_max + 1)
    except OSError as error:
        raise FolderError from error
    if len(data) > length_max:
        raise MalformedCaseError
    return data


def _parse_sums(sums: bytes) -> Mapping[str, str]:
    try:
        lines = sums.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise MalformedCaseError from None
    listed: dict[str, str] = {}
    for line in lines[:-1]:
        match = _LINE.fullmatch(line)
        if match is None or match[2] in listed:
            raise MalformedCaseError
        listed[match[2]] = match[1]
    if lines[-1]:
        raise MalformedCaseError
    return listed


def _files(folder: Path) -> dict[str, Path]:
    """Every file in the folder by its path in it; links are no files of it, but are seen."""
    try:
        return {path.relative_to(folder).as_posix(): path for path in _walk(folder)}
    except OSError as error:
        raise FolderError from error


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        else:
            yield path


def _digest(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return ""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_AT_ONCE):
                digest.update(piece)
    except OSError as error:
        raise FolderError from error
    return digest.hexdigest()
