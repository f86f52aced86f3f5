"""A form as a browser without script posts it: multipart, bounded, in memory alone. Spec §10.10.

Takes the fields that a form has and nothing else. What a browser says of a file beside its bytes,
its name and type, is passed over.
"""

import re
from collections.abc import Mapping
from typing import Final

from multipart import MultipartError, MultipartSegment, PushMultipartParser

from silent_courier.protocol.errors import RequestRefusedError
from silent_courier.server.bodies import Body

OVERHEAD: Final = 8192
"""Bytes of a form around its fields."""

_BAD_REQUEST: Final = 400
_KIND: Final = re.compile(rb'multipart/form-data; ?boundary="?([!-~]{1,70}?)"?')
_HEADER_LEN_MAX: Final = 4096
_HEADERS_MAX: Final = 4


async def read_form(body: Body, kind: bytes | None, fields: Mapping[str, int]) -> dict[str, bytes]:
    """The fields of a form whose type is `kind`, each at most so many bytes.

    Raises:
        RequestRefusedError: no form, another one, a field twice or too long (400, 413).
        BodyCutShortError: the other side left, or was too slow.
    """
    try:
        parser = _parser(kind, fields)
        found = _Fields(fields)
        async for piece in body.pieces():
            for event in parser.parse(piece):
                found.take(event)
        list(parser.parse(b""))
    except (MultipartError, UnicodeError):
        raise RequestRefusedError(_BAD_REQUEST) from None
    return found.whole()


def _parser(kind: bytes | None, fields: Mapping[str, int]) -> PushMultipartParser:
    multipart = _KIND.fullmatch(kind or b"")
    if multipart is None:
        raise RequestRefusedError(_BAD_REQUEST)
    return PushMultipartParser(
        multipart[1],
        max_header_size=_HEADER_LEN_MAX,
        max_header_count=_HEADERS_MAX,
        max_segment_size=max(fields.values()),
        max_segment_count=len(fields),
    )


class _Fields:
    def __init__(self, limits: Mapping[str, int]) -> None:
        self._limits = limits
        self._found: dict[str, bytearray] = {}
        self._open = bytearray()
        self._room = 0

    def take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        if isinstance(event, MultipartSegment):
            name = event.name or ""
            if name not in self._limits or name in self._found:
                raise RequestRefusedError(_BAD_REQUEST)
            self._open, self._room = bytearray(), self._limits[name]
            self._found[name] = self._open
        elif event:
            if len(self._open) + len(event) > self._room:
                raise RequestRefusedError(_BAD_REQUEST)
            self._open += event

    def whole(self) -> dict[str, bytes]:
        return {name: bytes(value) for name, value in self._found.items()}
