"""One stanza of an age header, and the unpadded base64 it is written in. Spec §4.1.

Refuses every second spelling of the same bytes: padding, stray bits after the last byte,
empty arguments, a body without its short last line.
"""

import re
from base64 import b64encode
from binascii import Error, a2b_base64
from dataclasses import dataclass
from typing import Final

from silent_courier.protocol.errors import MalformedAgeError

STANZA_LEN_MAX: Final = 4096
_BODY_LINE_LEN: Final = 64
_INTRODUCTION: Final = re.compile(rb"->(?: [!-~]+)+")


@dataclass(frozen=True, slots=True)
class Stanza:
    """A file key wrapped for one recipient: what kind of wrapping, arguments, body."""

    kind: str
    args: tuple[str, ...]
    body: bytes


def encode_base64(raw: bytes) -> str:
    """Standard base64 without padding."""
    return b64encode(raw).rstrip(b"=").decode("ascii")


def decode_base64(text: str) -> bytes:
    """The bytes that `encode_base64` would write as exactly this text.

    Raises:
        MalformedAgeError: not base64, padded, or not canonical.
    """
    try:
        raw = a2b_base64(text + "=" * (-len(text) % 4), strict_mode=True)
    except (Error, ValueError):
        raise MalformedAgeError from None
    if encode_base64(raw) != text:
        raise MalformedAgeError
    return raw


def read_line(file: bytes, start: int, limit: int) -> tuple[bytes, int]:
    """The line at `start` without its LF, and where the next begins; LF before `limit`.

    Raises:
        MalformedAgeError: no LF in that range.
    """
    end = file.find(b"\n", start, limit)
    if end < 0:
        raise MalformedAgeError
    return file[start:end], end + 1


def parse_stanza(file: bytes, start: int) -> tuple[Stanza, int]:
    """Read the stanza at `start`, at most STANZA_LEN_MAX bytes. Spec §4.1.

    Returns:
        The stanza, and where the next line of the header begins.

    Raises:
        MalformedAgeError: too long, or not the grammar of a stanza.
    """
    limit = start + STANZA_LEN_MAX
    line, position = read_line(file, start, limit)
    if _INTRODUCTION.fullmatch(line) is None:
        raise MalformedAgeError
    kind, *args = line.decode("ascii").split(" ")[1:]
    body, position = _parse_body(file, position, limit)
    return Stanza(kind, tuple(args), body), position


def _parse_body(file: bytes, position: int, limit: int) -> tuple[bytes, int]:
    lines: list[bytes] = []
    while not lines or len(lines[-1]) == _BODY_LINE_LEN:
        line, position = read_line(file, position, limit)
        if len(line) > _BODY_LINE_LEN or not line.isascii():
            raise MalformedAgeError
        lines.append(line)
    return decode_base64(b"".join(lines).decode("ascii")), position


def format_stanza(stanza: Stanza) -> bytes:
    """Write a stanza; a body of whole lines ends with an empty one."""
    body = encode_base64(stanza.body)
    lines = [" ".join(("->", stanza.kind, *stanza.args))]
    lines += [body[i : i + _BODY_LINE_LEN] for i in range(0, len(body) + 1, _BODY_LINE_LEN)]
    return "\n".join([*lines, ""]).encode("ascii")
