"""One case, and the file it stands in: header lines, a blank line, the raw bytes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
SUFFIX: Final = ".case"
OK: Final = "ok"
_HEAD: Final = ("expect", "construction", "comment")


@dataclass(frozen=True, slots=True)
class Case:
    """What to do (`construction`), with what, and how it must end.

    expect: `ok`, the error's name in snake case without its ending, or `caller_mistake`.
    fields: inputs and, where something comes out, outputs; a name may stand several times.
    """

    name: str
    construction: str
    fields: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    expect: str = OK
    comment: str = ""


def lengthened(body: bytes, inserts: Iterable[str]) -> bytes:
    """The body with what `insert` lines put in, one after another: position, count, byte in hex."""
    for line in inserts:
        position, count, byte = line.split(" ")
        place = int(position)
        body = body[:place] + bytes.fromhex(byte) * int(count) + body[place:]
    return body


def fields(*pairs: tuple[str, bytes | int | str | Iterable[str]]) -> tuple[tuple[str, str], ...]:
    """Header lines: bytes as hex, numbers in decimal, one line for each of several texts."""
    lines: list[tuple[str, str]] = []
    for name, value in pairs:
        match value:
            case bytes():
                lines.append((name, value.hex()))
            case int() | str():
                lines.append((name, str(value)))
            case _:
                lines.extend((name, each) for each in value)
    return tuple(lines)


def format_case(case: Case) -> bytes:
    """The bytes of the case's file."""
    head = zip(_HEAD, (case.expect, case.construction, case.comment), strict=True)
    lines = [*((name, value) for name, value in head if value), *case.fields]
    if any("\n" in name + value or ": " in name for name, value in lines):
        raise ValueError("a header line is one line")
    return "".join(f"{name}: {value}\n" for name, value in lines).encode() + b"\n" + case.body


def parse_case(name: str, file: bytes) -> Case:
    """Read a case's file."""
    end = file.index(b"\n\n")
    lines = [line.split(": ", 1) for line in file[:end].decode().split("\n")]
    head = {key: value for key, value in lines if key in _HEAD}
    return Case(
        name=name,
        construction=head["construction"],
        fields=tuple((key, value) for key, value in lines if key not in _HEAD),
        body=file[end + 2 :],
        expect=head["expect"],
        comment=head.get("comment", ""),
    )


def read_cases() -> dict[str, Case]:
    """Every case in the tree, by its name: folder and file without the suffix."""
    found: dict[str, Case] = {}
    for path in sorted(ROOT.glob(f"*/*{SUFFIX}")):
        name = path.relative_to(ROOT).with_suffix("").as_posix()
        found[name] = parse_case(name, path.read_bytes())
    return found
