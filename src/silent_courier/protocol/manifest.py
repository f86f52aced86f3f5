"""The manifest: what the portal's files are, signed by a device in the charter. Spec §17.

Of a page only the part that does not change by day is signed; what stands between the marks may
be text and a few tags that can do nothing. Headers are not signed: they are the same for all.
Refuses to say anything about a body it was not shown.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from silent_courier.protocol.charter import Charter
from silent_courier.protocol.errors import (
    MalformedManifestError,
    ManifestOldError,
    ManifestSignatureError,
)
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.signing import DeviceKey, DevicePublic, sign, verify
from silent_courier.protocol.sizes import (
    DAY_LEN,
    DEVICE_LEN,
    ED25519_SIGNATURE_LEN,
    HASH_LEN,
    LENGTH_PREFIX_LEN,
    MANIFEST_DAYS_MAX,
    MANIFEST_LEN_MAX,
)
from silent_courier.protocol.strict_headers import wrong_headers

HTML: Final = "text/html; charset=utf-8"
STANDS_FOR_ALL: Final = 404
"""The status of a page that stands for every path below its own that is not named."""

TODAY, END_OF_TODAY = b"<!--today-->", b"<!--/today-->"

_MAGIC: Final = b"SCMF\x01"
_LABEL: Final = "portal"
_COUNT_LEN: Final = 2
_STATUS_LEN: Final = 2
_DAYS_AHEAD_MAX: Final = 1
_MARK: Final = re.compile(b"(%b|%b)" % (re.escape(TODAY), re.escape(END_OF_TODAY)))
_HARMLESS: Final = re.compile(
    r'(?:[^<>]|</?(?:p|strong|dt|dd)>|<(?:p|strong|dt|dd) class="[a-z -]+">)*'
)
_PATH: Final = re.compile(rb"/[!-~]*")
_KIND: Final = re.compile(rb"[ -~]+")


@dataclass(frozen=True, slots=True, order=True)
class PortalFile:
    """One answer of the portal: where, with what status and type, and its fixed part's hash."""

    path: str
    status: int
    kind: str
    length: int
    digest: bytes


Bodies = Mapping[tuple[str, int], tuple[str, bytes]]
"""Path and status → content type and body: everything that a portal serves."""


class Difference(StrEnum):
    """How an answer is not the one that was signed."""

    CHANGED = "changed"
    MISSING = "missing"
    FOREIGN = "foreign"
    HEADERS = "served with other headers"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Who signed it, on which day, and the files in order of path and status."""

    device: int
    day: int
    files: tuple[PortalFile, ...]
    signature: bytes = b""

    def named(self, path: str, status: int = 200) -> PortalFile | None:
        """What it says of this path."""
        return next((f for f in self.files if (f.path, f.status) == (path, status)), None)


def fixed_part(body: bytes, kind: str) -> bytes:
    """A body without what changes by day. Spec §17.2.

    Raises:
        MalformedManifestError: marks that do not alternate, or between them more than text.
    """
    if kind != HTML:
        return body
    pieces = _MARK.split(body)
    kept = [pieces[0]]
    for before, between, after, rest in zip(
        pieces[1::4], pieces[2::4], pieces[3::4], pieces[4::4], strict=False
    ):
        if (before, after) != (TODAY, END_OF_TODAY) or not _is_harmless(between):
            raise MalformedManifestError
        kept += [before, after, rest]
    if len(pieces) % 4 != 1:
        raise MalformedManifestError
    return b"".join(kept)


def describe(path: str, status: int, kind: str, body: bytes) -> PortalFile:
    """What a manifest says of this answer; MalformedManifestError as `fixed_part`."""
    part = fixed_part(body, kind)
    return PortalFile(path, status, kind, len(part), sha256(part))


def name_files(bodies: Bodies) -> tuple[PortalFile, ...]:
    """What a manifest says of all these answers, in order; MalformedManifestError."""
    return tuple(
        sorted(
            describe(path, status, kind, body) for (path, status), (kind, body) in bodies.items()
        )
    )


def same_release(bodies: Bodies, manifest: Manifest) -> Bodies:
    """These bodies where they are of the release that was signed; else none. Spec §17.5."""
    return bodies if name_files(bodies) == manifest.files else {}


def compare(
    named: PortalFile | None, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes
) -> Difference | None:
    """Hold an answer against what a manifest says of its path. Spec §17.6.

    Args:
        named: None where the manifest does not say anything of this path.
        status, headers, body: the answer; untrusted.
    """
    if named is None:
        return Difference.FOREIGN
    if status == STANDS_FOR_ALL != named.status:
        return Difference.MISSING
    wrong = wrong_headers(headers, named.kind.encode("ascii"), len(body))
    try:
        same = describe(named.path, status, named.kind, body) == named
    except MalformedManifestError:
        same = False
    if not same or b"content-type" in wrong:
        return Difference.CHANGED
    return Difference.HEADERS if wrong else None


def sign_manifest(
    files: Iterable[PortalFile], day: int, charter: Charter, key: DeviceKey
) -> Manifest:
    """A manifest of these files, signed by this device under this charter. Spec §17.3."""
    unsigned = Manifest(key.device, day, tuple(sorted(files)))
    signature = sign(_LABEL, charter.org_id, key, charter.hash + _content(unsigned))
    return Manifest(key.device, day, unsigned.files, signature)


def encode_manifest(manifest: Manifest) -> bytes:
    """The manifest's bytes. Spec §17.3."""
    device = manifest.device.to_bytes(DEVICE_LEN, "big")
    return _MAGIC + device + _content(manifest) + manifest.signature


def parse_manifest(data: bytes) -> Manifest:
    """Take a manifest apart; nothing is verified yet.

    Raises:
        MalformedManifestError: other magic, lengths that do not add up, files out of order.
    """
    if not data.startswith(_MAGIC) or len(data) > MANIFEST_LEN_MAX:
        raise MalformedManifestError
    reader = _Reader(data, len(_MAGIC))
    device, day = reader.number(DEVICE_LEN), reader.number(DAY_LEN)
    files = tuple(_read_file(reader) for _ in range(reader.number(_COUNT_LEN)))
    signature = reader.take(ED25519_SIGNATURE_LEN)
    places = [(file.path, file.status) for file in files]
    if not reader.is_at_end or places != sorted(set(places)):
        raise MalformedManifestError
    return Manifest(device, day, files, signature)


def verify_manifest(data: bytes, charter: Charter, today: int) -> Manifest:
    """Verify a manifest. Spec §17.4.

    Args:
        data: untrusted.
        charter: the one that holds.
        today: the day by the reader's own clock.

    Raises:
        MalformedManifestError: its form.
        ManifestSignatureError: no current device signed it under this charter.
        ManifestOldError: signed too long ago, or in the future.
    """
    manifest = parse_manifest(data)  # 1
    public = charter.current_devices.get(manifest.device)
    if public is None or not verify(  # 2
        _LABEL,
        charter.org_id,
        DevicePublic(manifest.device, public),
        charter.hash + _content(manifest),
        manifest.signature,
    ):
        raise ManifestSignatureError
    if not today - MANIFEST_DAYS_MAX <= manifest.day <= today + _DAYS_AHEAD_MAX:  # 3
        raise ManifestOldError
    return manifest


def _is_harmless(between: bytes) -> bool:
    try:
        return _HARMLESS.fullmatch(between.decode("utf-8")) is not None
    except UnicodeDecodeError:
        return False


def _content(manifest: Manifest) -> bytes:
    count = len(manifest.files).to_bytes(_COUNT_LEN, "big")
    return manifest.day.to_bytes(DAY_LEN, "big") + count + _encode_files(manifest.files)


def _encode_files(files: Sequence[PortalFile]) -> bytes:
    return b"".join(
        file.status.to_bytes(_STATUS_LEN, "big")
        + _prefixed(file.path)
        + _prefixed(file.kind)
        + file.length.to_bytes(LENGTH_PREFIX_LEN, "big")
        + file.digest
        for file in files
    )


def _prefixed(text: str) -> bytes:
    data = text.encode("ascii")
    return bytes([len(data)]) + data


def _read_file(reader: "_Reader") -> PortalFile:
    status = reader.number(_STATUS_LEN)
    path, kind = reader.take(reader.number(1)), reader.take(reader.number(1))
    if status not in {200, STANDS_FOR_ALL} or not (_PATH.fullmatch(path) and _KIND.fullmatch(kind)):
        raise MalformedManifestError
    length, digest = reader.number(LENGTH_PREFIX_LEN), reader.take(HASH_LEN)
    return PortalFile(path.decode("ascii"), status, kind.decode("ascii"), length, digest)


class _Reader:
    """Where in the bytes the parser stands."""

    def __init__(self, data: bytes, position: int) -> None:
        self._data = data
        self._position = position

    def take(self, length: int) -> bytes:
        end = self._position + length
        if end > len(self._data):
            raise MalformedManifestError
        taken, self._position = self._data[self._position : end], end
        return taken

    def number(self, length: int) -> int:
        return int.from_bytes(self.take(length), "big")

    @property
    def is_at_end(self) -> bool:
        return self._position == len(self._data)
