"""`python -m vectors.generate` writes every case; `--check` compares and writes nothing."""

import sys
from collections.abc import Iterator
from pathlib import Path

from vectors.generate import (
    access,
    attachments,
    board,
    cells,
    charter,
    kept,
    keyring,
    keys,
    lengths,
    letters,
    mailbox,
    manifest,
    payload,
    receipts,
    signatures,
    statements,
    tickets,
    typescript,
    words,
)
from vectors.generate.case import ROOT, SUFFIX, Case, format_case
from vectors.generate.recorded import SIGNATURES, STANZAS

FAMILIES = (
    words,
    receipts,
    keys,
    signatures,
    payload,
    letters,
    kept,
    cells,
    board,
    attachments,
    charter,
    mailbox,
    statements,
    keyring,
    tickets,
    access,
    manifest,
    lengths,
)


def files() -> dict[Path, bytes]:
    """Everything the generator makes: cases, records, and the constants of the TypeScript."""
    made: dict[Path, bytes] = {}
    for case in _cases():
        path = ROOT / f"{case.name}{SUFFIX}"
        if path in made:
            raise ValueError(f"two cases are called {case.name}")
        made[path] = format_case(case)
    records = {record.path: record.file for record in (STANZAS, SIGNATURES)}
    return made | records | typescript.files()


def _cases() -> Iterator[Case]:
    for family in FAMILIES:
        yield from family.cases()


def differences(made: dict[Path, bytes]) -> Iterator[str]:
    """One line for each file that the tree has otherwise than it is made."""
    for path, content in sorted(made.items()):
        if not path.exists():
            yield f"missing: {_shown(path)}"
        elif path.read_bytes() != content:
            yield f"changed: {_shown(path)}"
    yield from (f"left over: {_shown(path)}" for path in sorted(_cases_in_tree() - made.keys()))


def _cases_in_tree() -> set[Path]:
    return set(ROOT.glob(f"*/*{SUFFIX}"))


def _shown(path: Path) -> str:
    return path.relative_to(ROOT.parent).as_posix()


def write(made: dict[Path, bytes]) -> None:
    """Make the tree so."""
    for path in _cases_in_tree() - made.keys():
        path.unlink()
    for path, content in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def main(arguments: list[str]) -> int:
    made = files()
    found = list(differences(made))
    print("\n".join(found) or f"{len(made)} files, all as they are made")
    if "--check" in arguments:
        return bool(found)
    write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
