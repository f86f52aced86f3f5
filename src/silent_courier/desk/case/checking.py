"""Holding an export against the organisation's charter: who made it, and what was changed since.

Reads untrusted files: only what lies in the folder or ZIP is looked at, whatever the list names,
and nothing but hashes is made of what the files hold.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from silent_courier.desk.case.reading import Files, open_files
from silent_courier.desk.case.writing import SEAL, SUMS
from silent_courier.desk.dates import iso_date
from silent_courier.protocol.case_seal import parse_case_seal, verify_case_seal
from silent_courier.protocol.chain import parse_chain
from silent_courier.protocol.charter import MAGIC, verify_chain
from silent_courier.protocol.errors import MalformedCaseError

_SUMS_MAX: Final = 16 * 1024 * 1024
_SEAL_MAX: Final = 4096
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([^\0\n\\]+)")


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


def check_export(place: Path, chain: bytes, org_id: bytes) -> Checked:
    """Check an export.

    Args:
        place: a folder or a ZIP; untrusted.
        chain: what `courier org charter` wrote, or the first charter alone; untrusted.
        org_id: the organisation's fingerprint, which the caller trusts.

    Raises:
        ProtocolError: the charter does not verify, or is another organisation's.
        MalformedCaseError, CaseSignatureError
        FolderError: it cannot be read.
    """
    charter = verify_chain((chain,) if chain[: len(MAGIC)] == MAGIC else parse_chain(chain), org_id)
    with open_files(place) as files:
        here = files.paths()
        sums = _read(files, here, SUMS, _SUMS_MAX)
        seal = parse_case_seal(_read(files, here, SEAL, _SEAL_MAX))
        verify_case_seal(seal, charter, sums)
        listed = _parse_sums(sums)
        found = {path: _digest(files, path) for path in listed if path in here}
    return Checked(
        organisation=charter.body.name,
        by=charter.label_of(seal.device),
        has_left=seal.device not in charter.current_devices,
        date=iso_date(seal.day),
        files=len(listed),
        altered=tuple(path for path, digest in found.items() if digest != listed[path]),
        missing=tuple(path for path in listed if path not in here),
        added=tuple(sorted(here - listed.keys() - {SUMS, SEAL})),
    )


def _read(files: Files, here: frozenset[str], path: str, length_max: int) -> bytes:
    if path not in here:
        raise MalformedCaseError
    data = bytearray()
    for piece in files.pieces(path):
        data += piece
        if len(data) > length_max:
            raise MalformedCaseError
    return bytes(data)


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


def _digest(files: Files, path: str) -> str:
    """Empty for what cannot be read as a file: a link, an entry that does not unpack."""
    digest = hashlib.sha256()
    try:
        for piece in files.pieces(path):
            digest.update(piece)
    except MalformedCaseError:
        return ""
    return digest.hexdigest()
