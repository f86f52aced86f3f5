"""The headers of every answer that a browser may see, whoever serves it. Spec §10.2.

Constant but for policy, type and length; none tells the time, the software, or one visitor from
another.
"""

from typing import Final

Headers = list[tuple[bytes, bytes]]

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
