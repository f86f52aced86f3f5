"""age's ASCII armor: strict PEM with one label. Spec §4.1.

Tolerates what mail programs do outside: blank space before and after, CRLF line ends.
Refuses everything else: headers, blank lines, lines of another length, base64 that is not
canonical.
"""

from base64 import b64encode
from binascii import Error, a2b_base64
from typing import Final

from silent_courier.protocol.errors import MalformedArmorError

_BEGIN: Final = b"-----BEGIN AGE ENCRYPTED FILE-----"
_END: Final = b"-----END AGE ENCRYPTED FILE-----"
_LINE_LEN: Final = 64
_BLANK: Final = b" \t\r\n"


def encode_armor(file: bytes) -> bytes:
    """Write an age file as text, lines of 64 characters, each ended by LF."""
    encoded = b64encode(file)
    lines = [encoded[i : i + _LINE_LEN] for i in range(0, len(encoded), _LINE_LEN)]
    return b"\n".join([_BEGIN, *lines, _END, b""])


def decode_armor(text: bytes) -> bytes:
    """The bytes inside; whether they are an age file is another question.

    Raises:
        MalformedArmorError: anything but strict armor.
    """
    lines = [line.removesuffix(b"\r") for line in text.strip(_BLANK).split(b"\n")]
    if lines[0] != _BEGIN or lines[-1] != _END:
        raise MalformedArmorError
    body = lines[1:-1]
    if any(len(line) != _LINE_LEN for line in body[:-1]):
        raise MalformedArmorError
    if body and not 0 < len(body[-1]) <= _LINE_LEN:
        raise MalformedArmorError
    return _decode_canonical(b"".join(body))


def _decode_canonical(encoded: bytes) -> bytes:
    try:
        raw = a2b_base64(encoded, strict_mode=True)
    except Error:
        raise MalformedArmorError from None
    if b64encode(raw) != encoded:
        raise MalformedArmorError
    return raw
