"""Manifests: of these files, of one device, under one charter, of these days."""

from dataclasses import replace

import pytest

from silent_courier.protocol.errors import (
    MalformedManifestError,
    ManifestOldError,
    ManifestSignatureError,
)
from silent_courier.protocol.manifest import (
    HTML,
    Difference,
    PortalFile,
    compare,
    describe,
    encode_manifest,
    fixed_part,
    parse_manifest,
    sign_manifest,
    verify_manifest,
)
from silent_courier.protocol.sizes import MANIFEST_DAYS_MAX, MANIFEST_LEN_MAX
from silent_courier.protocol.strict_headers import PORTAL_POLICY, Headers, strict_headers
from tests.unit.protocol.makers import TODAY, device_key, flip, make_organisation

ORG = make_organisation(2)
PAGE = b"<h1>Hello</h1><!--today--><p>Monday</p><!--/today-->"
FILES = (describe("/", 200, HTML, PAGE), describe("/static/a.css", 200, "text/css", b"a{}"))
GOOD = sign_manifest(FILES, TODAY, ORG.charter, device_key(0))
DATA = encode_manifest(GOOD)


def test_manifest_verifies_and_comes_back_whole() -> None:
    assert verify_manifest(DATA, ORG.charter, TODAY) == GOOD


def test_files_are_put_in_order() -> None:
    again = sign_manifest(reversed(FILES), TODAY, ORG.charter, device_key(0))

    assert encode_manifest(again) == DATA


def test_manifest_of_an_earlier_charter_or_another_organisation_is_refused() -> None:
    for other in (ORG.issue(), make_organisation(3)):
        with pytest.raises(ManifestSignatureError):
            verify_manifest(DATA, other.charter, TODAY)


def test_manifest_of_a_handler_who_left_is_refused() -> None:
    after = ORG.without(0)
    theirs = sign_manifest(FILES, TODAY, after.charter, device_key(0))

    with pytest.raises(ManifestSignatureError):
        verify_manifest(encode_manifest(theirs), after.charter, TODAY)


def test_manifest_of_long_ago_is_refused() -> None:
    verify_manifest(DATA, ORG.charter, TODAY + MANIFEST_DAYS_MAX)
    for today in (TODAY + MANIFEST_DAYS_MAX + 1, TODAY - 2):
        with pytest.raises(ManifestOldError):
            verify_manifest(DATA, ORG.charter, today)


def test_every_flipped_bit_is_noticed() -> None:
    for bit in range(0, 8 * len(DATA), 3):
        with pytest.raises((MalformedManifestError, ManifestSignatureError)):
            verify_manifest(flip(DATA, bit), ORG.charter, TODAY)


def test_every_cut_is_noticed() -> None:
    for length in range(len(DATA)):
        with pytest.raises(MalformedManifestError):
            parse_manifest(DATA[:length])


def test_longer_than_any_is_refused() -> None:
    many = tuple(PortalFile(f"/{n:0250}", 200, "a" * 200, 0, bytes(32)) for n in range(600))

    with pytest.raises(MalformedManifestError):
        parse_manifest(encode_manifest(replace(GOOD, files=many)))
    assert len(encode_manifest(replace(GOOD, files=many))) > MANIFEST_LEN_MAX


def test_what_changes_by_day_is_taken_out_and_its_place_is_kept() -> None:
    assert fixed_part(PAGE, HTML) == b"<h1>Hello</h1><!--today--><!--/today-->"
    assert fixed_part(PAGE, "text/css") == PAGE


@pytest.mark.parametrize(
    "evil",
    [
        b"<script src=/static/x.js></script>",
        b'<p onclick="x">y</p>',
        b"</main><main>",
        b"<!--/today--><b>x</b><!--today--",
        b"<p\x00>",
    ],
)
def test_what_changes_by_day_can_do_nothing(evil: bytes) -> None:
    with pytest.raises(MalformedManifestError):
        fixed_part(PAGE.replace(b"<p>Monday</p>", evil), HTML)


def _headers(body: bytes, kind: str = HTML) -> Headers:
    return strict_headers(PORTAL_POLICY, kind.encode(), len(body))


def test_answer_is_held_to_body_status_and_headers() -> None:
    page, other = FILES[0], PAGE.replace(b"Hello", b"Hullo")
    refresh = [*_headers(PAGE), (b"Refresh", b"0; url=/en/other")]
    monday = PAGE.replace(b"Monday", b"Tuesday, the 26th")

    assert compare(page, 200, _headers(PAGE), PAGE) is None
    assert compare(page, 200, _headers(monday), monday) is None
    assert compare(page, 200, refresh, PAGE) is Difference.HEADERS
    assert compare(page, 200, _headers(PAGE)[1:], PAGE) is Difference.CHANGED
    assert compare(page, 200, _headers(PAGE)[2:], PAGE) is Difference.CHANGED
    assert compare(page, 200, _headers(PAGE, "text/plain"), PAGE) is Difference.CHANGED
    assert compare(page, 200, _headers(other), other) is Difference.CHANGED
    assert compare(page, 302, _headers(PAGE), PAGE) is Difference.CHANGED
    assert compare(page, 404, _headers(PAGE), PAGE) is Difference.MISSING
    assert compare(None, 200, _headers(PAGE), PAGE) is Difference.FOREIGN


def test_a_page_that_moves_a_mark_is_another_page() -> None:
    moved = b"<!--today--><p>Monday</p><!--/today--><h1>Hello</h1>"

    assert describe("/", 200, HTML, moved).digest != describe("/", 200, HTML, PAGE).digest
