"""The one total JSON parser. Spec §5.1.

Takes strict UTF-8 with no floats, integers below 2^53, depth at most 4, no
duplicate keys and no surrogates; everything else is MalformedPayloadError and
nothing is ever repaired.
"""

import json
import re
from typing import Any, Final, NoReturn

from silent_courier.protocol.errors import MalformedPayloadError

DEPTH_MAX: Final = 4
INTEGER_MAX: Final = 2**53 - 1
_INTEGER_CHARS_MAX: Final = 17
# The closing quote is optional so that a string without one is passed over once, not once for
# each quote in it: a peer's 256 KiB of escaped quotes took minutes.
_STRING_OR_BRACKET: Final = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

JsonObject = dict[str, Any]
_HEAD: Final = frozenset({"version", "kind"})


def parse_document(data: bytes) -> JsonObject:
    """Parse one JSON object that says its version and kind, as every one of ours does. Spec §5.1.

    Raises:
        MalformedPayloadError: any rule is broken.
    """
    value = parse_object(data)
    if not value.keys() >= _HEAD:
        raise MalformedPayloadError
    return value


def parse_object(data: bytes) -> JsonObject:
    """Parse one JSON object under the rules of §5.1.

    Raises:
        MalformedPayloadError: any rule is broken.
    """
    _check_depth(data)
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique_keys,
            parse_float=_refuse,
            parse_int=_bounded_integer,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        raise MalformedPayloadError from None
    if not isinstance(value, dict):
        raise MalformedPayloadError
    return value


def _check_depth(data: bytes) -> None:
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(data):
        if token[0] in (b"{", b"["):
            depth += 1
            if depth > DEPTH_MAX:
                raise MalformedPayloadError
        elif token[0] in (b"}", b"]"):
            depth -= 1


def _unique_keys(pairs: list[tuple[str, Any]]) -> JsonObject:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise MalformedPayloadError
    for key, value in pairs:
        _refuse_surrogates(key)
        _refuse_surrogates(value)
    return result


def _refuse_surrogates(value: object) -> None:
    if isinstance(value, str) and _SURROGATE.search(value):
        raise MalformedPayloadError
    if isinstance(value, list):
        for item in value:
            _refuse_surrogates(item)


def _bounded_integer(text: str) -> int:
    if len(text) > _INTEGER_CHARS_MAX or abs(int(text)) > INTEGER_MAX:
        raise MalformedPayloadError
    return int(text)


def _refuse(_: str) -> NoReturn:
    raise MalformedPayloadError
