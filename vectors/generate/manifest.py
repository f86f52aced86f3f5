"""Cases of manifests, and of the parts of pages that they are about. Spec §17."""

from collections.abc import Iterator
from dataclasses import replace

from silent_courier.protocol.charter import Charter
from silent_courier.protocol.manifest import (
    END_OF_TODAY,
    HTML,
    TODAY,
    Manifest,
    PortalFile,
    describe,
    encode_manifest,
    sign_manifest,
)
from silent_courier.protocol.primitives import ed25519_sign, sha256
from silent_courier.protocol.signing import signed_text
from vectors.generate import organisation
from vectors.generate.case import OK, Case, fields
from vectors.generate.organisation import FIRST, ORG_ID, OTHER_ORG_ID, REVOKED, device_key
from vectors.generate.sealing import flip

MALFORMED, UNSIGNED, OLD = "malformed_manifest", "manifest_signature", "manifest_old"
NOW = organisation.TODAY
LEFT = 8
"""A device of whoever leaves with the charter `REVOKED`."""

_PAGE = b"<p>Hello</p>" + TODAY + b"<p>Emptied on Monday</p>" + END_OF_TODAY + b"<p>Bye</p>"
FILES = (
    describe("/", 200, HTML, _PAGE),
    describe("/en/", 200, HTML, _PAGE),
    describe("/en/", 404, HTML, b"<p>Nothing here</p>"),
    describe("/static/portal-0123456789abcdef.js", 200, "text/javascript; charset=utf-8", b"1\n"),
)


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    yield from _parts()
    yield from _manifests()


def _parts() -> Iterator[Case]:
    given = fields(("kind", HTML))
    for name, kind, body, part in (
        ("of-a-page", HTML, _PAGE, b"<p>Hello</p><!--today--><!--/today--><p>Bye</p>"),
        ("of-a-page-without-marks", HTML, b"<p>Hello</p>", b"<p>Hello</p>"),
        ("of-two-marked-parts", HTML, _PAGE * 2, _fixed(_PAGE) * 2),
        ("of-a-script-is-the-whole", "text/javascript; charset=utf-8", _PAGE, _PAGE),
        ("with-classes-and-terms", HTML, _today(b'<dt class="a b-c">A</dt><dd>B</dd>'), _today()),
        (
            "with-words-of-all-kinds",
            HTML,
            _today("Почта &lt;b&gt; \u2068x\u2069".encode()),
            _today(),
        ),
    ):
        out = fields(("sha256", sha256(part)))
        yield Case(f"manifest/part-{name}", "page.fixed-part", fields(("kind", kind)) + out, body)
    for name, body in _malformed_pages():
        yield Case(f"manifest/part-{name}", "page.fixed-part", given, body, MALFORMED)


def _fixed(page: bytes) -> bytes:
    head, rest = page.split(TODAY)
    return head + _today() + rest.split(END_OF_TODAY)[1]


def _today(between: bytes = b"") -> bytes:
    return TODAY + between + END_OF_TODAY


def _malformed_pages() -> Iterator[tuple[str, bytes]]:
    yield "does-not-end", TODAY + b"x"
    yield "ends-before-it-begins", END_OF_TODAY + TODAY
    yield "ends-twice", _today() + END_OF_TODAY
    yield "begins-within-itself", TODAY + _today() + END_OF_TODAY
    yield "has-a-script", _today(b"<script src=/static/evil.js></script>")
    yield "has-a-link", _today(b'<p><a href="/en/write">Write</a></p>')
    yield "has-a-form", _today(b"<form>")
    yield "has-an-attribute", _today(b'<p id="app">x</p>')
    yield "has-a-class-without-quotes", _today(b"<p class=a>x</p>")
    yield "has-a-class-that-ends-early", _today(b'<p class="a" onclick="b">x</p>')
    yield "has-an-empty-class", _today(b'<p class="">x</p>')
    yield "has-a-tag-in-capitals", _today(b"<P>x</P>")
    yield "has-a-tag-with-a-space", _today(b"<p >x</p>")
    yield "has-a-closed-tag-with-a-class", _today(b'</p class="a">')
    yield "has-a-comment", _today(b"<!-- x -->")
    yield "has-half-a-tag", _today(b"<p")
    yield "has-a-bracket", _today(b"a > b")
    yield "is-no-utf-8", _today(b"\xff")


def _manifests() -> Iterator[Case]:
    good = _signed(FIRST.charter)
    yield _verify("is-verified", good)
    yield _verify("names-nothing", _signed(FIRST.charter, files=()))
    yield _verify("is-of-30-days-ago", _signed(FIRST.charter, day=NOW - 30))
    yield _verify("is-of-tomorrow", _signed(FIRST.charter, day=NOW + 1))
    for name, data in _malformed(good):
        yield _refused(name, data, MALFORMED)
    for name, data in _unsigned(good):
        yield _refused(name, data, UNSIGNED)
    yield _refused("is-of-31-days-ago", _encoded(day=NOW - 31), OLD)
    yield _refused("is-of-the-day-after-tomorrow", _encoded(day=NOW + 2), OLD)
    left = encode_manifest(_signed(REVOKED.charter, LEFT))
    yield _refused("is-signed-by-a-former-handler", left, UNSIGNED, "charter/revoked")


def _signed(
    charter: Charter, device: int = 4, day: int = NOW, files: tuple[PortalFile, ...] = FILES
) -> Manifest:
    return sign_manifest(files, day, charter, device_key(device))


def _encoded(**changes: int) -> bytes:
    return encode_manifest(_signed(FIRST.charter, **changes))  # type: ignore[arg-type]


def _given(charter: str = "charter/first") -> tuple[tuple[str, str], ...]:
    return fields(("charter", charter), ("org-id", ORG_ID), ("today", NOW))


def _verify(name: str, manifest: Manifest) -> Case:
    shown = (f"{f.status} {f.length} {f.digest.hex()} {f.path} {f.kind}" for f in manifest.files)
    out = fields(("device", manifest.device), ("day", manifest.day), ("file", shown))
    data = encode_manifest(manifest)
    return Case(f"manifest/{name}", "manifest.verify", _given() + out, data, OK)


def _refused(name: str, data: bytes, expect: str, charter: str = "charter/first") -> Case:
    return Case(f"manifest/{name}", "manifest.verify", _given(charter), data, expect)


def _malformed(good: Manifest) -> Iterator[tuple[str, bytes]]:
    data = encode_manifest(good)
    yield "is-nothing", b""
    yield "is-a-magic-alone", data[:5]
    yield "has-another-magic", flip(data, 2)
    yield "has-version-2", data[:4] + b"\x02" + data[5:]
    yield "is-a-byte-short", data[:-1]
    yield "is-a-byte-long", data + b"\0"
    yield "counts-one-too-many", data[:11] + b"\0\x05" + data[13:]
    yield "counts-65535", data[:11] + b"\xff\xff" + data[13:]
    yield "is-out-of-order", _resigned(good, tuple(reversed(FILES)))
    yield "names-a-file-twice", _resigned(good, (FILES[0], FILES[0]))
    yield (
        "names-a-file-with-two-hashes",
        _resigned(good, (FILES[0], replace(FILES[0], digest=bytes(32)))),
    )
    yield "names-a-redirect", _resigned(good, (replace(FILES[0], status=301),))
    for what, path in (("no-path", ""), ("no-slash", "en/"), ("a-space", "/a b"), ("del", "/\x7f")):
        yield f"names-{what}", _resigned(good, (replace(FILES[0], path=path),))
    yield "names-no-type", _resigned(good, (replace(FILES[0], kind=""),))
    yield "names-a-type-with-a-line", _resigned(good, (replace(FILES[0], kind="a\nb"),))


def _resigned(good: Manifest, files: tuple[PortalFile, ...]) -> bytes:
    """Well signed, whatever it names, in whatever order."""
    shaped = encode_manifest(replace(good, files=files))[:-64]
    text = signed_text("portal", ORG_ID, good.device, FIRST.charter.hash + shaped[7:])
    return shaped + ed25519_sign(device_key(good.device).seed, text)


def _unsigned(good: Manifest) -> Iterator[tuple[str, bytes]]:
    data = encode_manifest(good)
    yield "has-a-bit-flipped-in-the-signature", flip(data, -5)
    yield "has-a-bit-flipped-in-the-day", flip(data, 10)
    yield "has-a-bit-flipped-in-a-hash", flip(data, -70)
    yield "is-put-under-another-device", data[:5] + b"\0\0" + data[7:]
    yield "is-of-a-device-that-is-none", _encoded(device=9)
    yield "is-of-an-impossible-device", data[:5] + b"\xff\xff" + data[7:]
    yield "is-of-another-charter", encode_manifest(_signed(REVOKED.charter))
    other = replace(FIRST.charter, org_id=OTHER_ORG_ID)
    yield "is-of-another-organisation", encode_manifest(_signed(other))
    yield "leaves-a-file-out", encode_manifest(replace(good, files=FILES[1:]))
    content = data[7:-64]
    alive = signed_text("alive", ORG_ID, 4, FIRST.charter.hash + content)
    yield "is-signed-as-a-sign-of-life", data[:-64] + ed25519_sign(device_key(4).seed, alive)
