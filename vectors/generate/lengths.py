"""Cases of documents as long as they may be, and a byte longer. Spec §8.1, §8.6, §9.4.

JSON may hold spaces, so a document of any length is sound in everything else. The spaces are
left out of the case and put in again by its `insert` line.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from silent_courier.protocol.access import MAGIC, SIGNED_LABEL
from silent_courier.protocol.keyring import encode_keyring
from silent_courier.protocol.primitives import ed25519_sign, sha256
from silent_courier.protocol.root import parse_signed_body
from silent_courier.protocol.sizes import (
    CHARTER_LEN_MAX,
    ED25519_SIGNATURE_LEN,
    KEYRING_LEN_MAX,
    ROOT_SIGNATURE_LEN,
)
from vectors.generate import access
from vectors.generate.case import OK, Case, fields
from vectors.generate.charter import charter_fields
from vectors.generate.keyring import keyring, verified_fields
from vectors.generate.organisation import (
    FIRST_ROOT,
    TODAY,
    Chain,
    device_key,
    first_body,
    signed_file,
    to_json,
)

MALFORMED: Final = "malformed_charter"
_CHARTER_OVERHEAD: Final = 5 + 4 + ROOT_SIGNATURE_LEN
_HERE: Final = b"{"


def cases() -> Iterator[Case]:
    """Cases that go into the folders of what they are about."""
    yield from _charters()
    yield from _keyrings()
    yield from _access_lists()
    yield from _requests()


def _spaced(body: bytes, length: int) -> bytes:
    """A JSON object with so many spaces after its first brace that it has this length."""
    return _HERE + b" " * (length - len(body)) + body[1:]


def _without_spaces(data: bytes) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """The data without its one long run of spaces, and the line that puts it in again."""
    start = data.index(b" " * 64)
    rest = data[start:].lstrip(b" ")
    count = len(data) - start - len(rest)
    return data[:start] + rest, fields(("insert", f"{start} {count} 20"))


def _case(
    name: str,
    construction: str,
    given: tuple[tuple[str, str], ...],
    data: bytes,
    expect: str = OK,
) -> Case:
    body, insert = _without_spaces(data)
    return Case(name, construction, insert + given, body, expect)


def _chain(length: int) -> Chain:
    """A first charter whose file has this length."""
    body = _spaced(to_json(first_body()), length - _CHARTER_OVERHEAD)
    return Chain((signed_file(body, (FIRST_ROOT,)),), sha256(body))


def _charters() -> Iterator[Case]:
    longest, longer = _chain(CHARTER_LEN_MAX), _chain(CHARTER_LEN_MAX + 1)
    given = fields(("org-id", longest.org_id)) + charter_fields(longest)
    yield _case("charter/is-of-256-kib", "charter.verify", given, longest.file)
    name, given = "charter/refuses-a-byte-above-256-kib", fields(("org-id", longer.org_id))
    yield _case(name, "charter.verify", given, longer.file, MALFORMED)


def _keyrings() -> Iterator[Case]:
    longest = _chain(CHARTER_LEN_MAX)
    data = encode_keyring(keyring(longest))
    given = fields(("org-id", longest.org_id), ("today", TODAY))
    given += verified_fields(data, longest.org_id, TODAY)
    yield _case("keyring/holds-a-charter-of-256-kib", "keyring.verify", given, data)
    rest = len(_around(b""))
    # The keyring's own length is looked at first; at 2 MiB it is the charter that is too long.
    for name, length, expect in (
        ("holds-a-charter-a-byte-above-256-kib", CHARTER_LEN_MAX + 1 + rest, MALFORMED),
        ("is-of-2-mib", KEYRING_LEN_MAX, MALFORMED),
        ("is-a-byte-above-2-mib", KEYRING_LEN_MAX + 1, "malformed_keyring"),
    ):
        chain = _chain(length - rest)
        given = fields(("org-id", chain.org_id), ("today", TODAY))
        data = _around(*chain.files)
        yield _case(f"keyring/{name}", "keyring.verify", given, data, expect)


def _around(charter: bytes) -> bytes:
    """A keyring that is in order but for its charter."""
    return encode_keyring(replace(keyring(), charters=(charter,)))


def _access_lists() -> Iterator[Case]:
    good = _case_called("access/list")
    body = parse_signed_body(good.body, MAGIC).body
    for name, length, given, expect in (
        ("list-of-256-kib", CHARTER_LEN_MAX, good.fields, OK),
        ("list-is-a-byte-above-256-kib", CHARTER_LEN_MAX + 1, good.fields[:2], MALFORMED),
    ):
        spaced = _spaced(body, length - _CHARTER_OVERHEAD)
        data = signed_file(spaced, (FIRST_ROOT,), MAGIC, SIGNED_LABEL)
        yield _case(f"access/{name}", "access.verify", given, data, expect)


def _requests() -> Iterator[Case]:
    good = _case_called("access/request")
    magic, body = good.body[:5], good.body[5:-ED25519_SIGNATURE_LEN]
    for name, length, given, expect in (
        ("request-of-256-kib", CHARTER_LEN_MAX, good.fields, OK),
        ("request-is-a-byte-above-256-kib", CHARTER_LEN_MAX + 1, (), MALFORMED),
    ):
        spaced = _spaced(body, length - len(magic) - ED25519_SIGNATURE_LEN)
        signature = ed25519_sign(device_key(12).seed, b"courier/request\0" + spaced)
        data = magic + spaced + signature
        yield _case(f"access/{name}", "request.parse", given, data, expect)


def _case_called(name: str) -> Case:
    return next(case for case in access.cases() if case.name == name)
