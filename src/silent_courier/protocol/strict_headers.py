"""The headers of every answer that a browser may see, whoever serves it. Spec §10.2.

Constant but for policy, type and length; none tells the time, the software, or one visitor from
another.
"""

from collections.abc import Iterable
from typing import Final

Headers = list[tuple[bytes, bytes]]

PORTAL_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    b"worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    b"require-trusted-types-for 'script'; trusted-types courier"
)
"""The content security policy of every answer of a server."""

OCTETS: Final = b"application/octet-stream"
"""The type of every answer below `/v1/`."""

MAY_BE_THERE: Final = (b"connection", b"close")
"""When the connection ends with the answer."""

_PERMISSIONS_POLICY: Final = (
    b"accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    b"magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)
SAME_EVERYWHERE: Final = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", _PERMISSIONS_POLICY),
)


def strict_headers(policy: bytes, kind: bytes, length: int) -> Headers:
    """All of them, in the order in which they are sent.

    Args:
        policy: the content security policy.
        kind: of the body, with its charset.
        length: of the body in bytes.
    """
    return [
        (b"content-type", kind),
        (b"content-security-policy", policy),
        *SAME_EVERYWHERE,
        (b"content-length", b"%d" % length),
    ]


def wrong_headers(given: Iterable[tuple[bytes, bytes]], kind: bytes, length: int) -> list[bytes]:
    """Which headers of a server's answer are too many, too few or other ones; none where all hold.

    Args:
        given: names and values as they came, names in any case and any order; untrusted.
        kind, length: what they have to say of the body.

    Returns:
        The names in small letters, in order, each once.
    """
    listed = [(name.lower(), value) for name, value in given]
    if listed.count(MAY_BE_THERE) == 1:
        listed.remove(MAY_BE_THERE)
    wrong = set()
    for header in strict_headers(PORTAL_POLICY, kind, length):
        if header in listed:
            listed.remove(header)
        else:
            wrong.add(header[0])
    return sorted(wrong | {name for name, _ in listed})
