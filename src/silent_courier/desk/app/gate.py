"""Who may ask at all: only the desk's own page, at the desk's own address.

A foreign page whose name was turned to 127.0.0.1 (DNS rebinding) has another Host; a foreign page
that asks across sites has another Origin, or the browser says `Sec-Fetch-Site: cross-site`.
"""

from collections.abc import Sequence
from typing import Final

Headers = Sequence[tuple[bytes, bytes]]

_OWN_SITES: Final = (b"same-origin", b"none")


def is_own_request(method: str, headers: Headers, host: str) -> bool:
    """Whether a request comes from the page at `host` (HOST:PORT), or opens it.

    Every header that is looked at may stand there once at most. What changes or tells anything is
    a POST, and a POST names its origin.
    """
    hosts, origins, sites, kinds = (
        [value for name, value in headers if name == wanted]
        for wanted in (b"host", b"origin", b"sec-fetch-site", b"content-type")
    )
    own = host.encode("ascii")
    if hosts != [own] or len(sites) > 1:
        return False
    if any(site not in _OWN_SITES for site in sites):
        return False
    if method == "POST":
        return origins == [b"http://" + own] and kinds == [b"application/json"]
    return origins in ([], [b"http://" + own])
