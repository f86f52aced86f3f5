"""The line that tor puts in front of every stream of the public onion. Spec §12.3.

It names the circuit: a budget, never an identity. It is taken off, never written anywhere, and
whatever is not exactly tor's form is refused.
"""

import re
from typing import Final

LINE_LEN_MAX: Final = 107
_END: Final = b"\r\n"
_LINE: Final = re.compile(
    rb"PROXY TCP6 fc00:dead:beef:4dad::([0-9a-f]{1,4}):([0-9a-f]{1,4}) ::1 \d{1,5} \d{1,5}"
)


class ProxyLineError(ValueError):
    """What stands in front of the stream is not tor's line."""


def split_proxy_line(data: bytes) -> tuple[int, bytes] | None:
    """The circuit's 32-bit number and what follows the line; None while it is not complete.

    Raises:
        ProxyLineError: this is not, and will not become, tor's line.
    """
    line, end, rest = data.partition(_END)
    if not end:
        if len(data) >= LINE_LEN_MAX:
            raise ProxyLineError
        return None
    match = _LINE.fullmatch(line)
    if match is None:
        raise ProxyLineError
    return int(match[1], 16) << 16 | int(match[2], 16), rest
