"""Cases of access lists and of desks' requests to be enrolled. Spec §8.5, §8.6."""

from collections.abc import Iterator

from silent_courier.protocol.access import MAGIC, SIGNED_LABEL
from silent_courier.protocol.primitives import ed25519_sign
from silent_courier.protocol.root import RootKey
from vectors.generate.case import OK, Case, fields
from vectors.generate.draw import draw
from vectors.generate.organisation import (
    FIRST,
    FIRST_ROOT,
    ORG_ID,
    OTHER_ORG_ID,
    OTHER_ROOT,
    SLOTS,
    Json,
    device_key,
    signed_file,
    to_json,
)
from vectors.generate.sealing import flip

MALFORMED, SIGNATURE, WRONG = "malformed_charter", "charter_signature", "wrong_organisation"
_REQUEST_MAGIC, _REQUEST_LABEL = b"SCRQ\x01", b"courier/request\0"


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    yield from _lists()
    yield from _requests()


def _body(**changes: object) -> Json:
    devices = [
        {
            "device": slot,
            "tor_client_key": draw(f"tor-client/{slot}", 32).hex(),
            "token_hash": draw(f"token-hash/{slot}", 32).hex(),
        }
        for slot in SLOTS
    ]
    charter = FIRST.charter.hash.hex()
    body = {"kind": "access", "version": 1, "org_id": ORG_ID.hex(), "charter": charter}
    return {**body, "devices": devices, **changes}


def _list(body: Json, *keys: RootKey, magic: bytes = MAGIC, label: bytes = SIGNED_LABEL) -> bytes:
    return signed_file(to_json(body), keys or (FIRST_ROOT,), magic, label)


def _without(name: str, body: Json) -> Json:
    return {key: value for key, value in body.items() if key != name}


def _lists() -> Iterator[Case]:
    good = _list(_body())
    given = fields(("charter", "charter/first"), ("org-id", ORG_ID))
    devices = (f"{d['device']} {d['tor_client_key']} {d['token_hash']}" for d in _body()["devices"])
    yield Case("access/list", "access.verify", given + fields(("device", devices)), good)
    yield Case("access/list-of-nobody", "access.verify", given, _list(_body(devices=[])))
    stranger = {**_body()["devices"][0], "device": 255}
    shown = fields(("device", f"255 {stranger['tor_client_key']} {stranger['token_hash']}"))
    why = "which devices are current is not the list's to say"
    data = _list(_body(devices=[stranger]))
    yield Case("access/list-of-a-device-of-nobody", "access.verify", given + shown, data, OK, why)
    yield from _list_refused(given, good)


def _list_refused(given: tuple[tuple[str, str], ...], good: bytes) -> Iterator[Case]:
    beyond = {**_body()["devices"][0], "device": 256}
    for name, data, expect in (
        ("is-nothing", b"", MALFORMED),
        ("is-a-byte-short", good[:-1], MALFORMED),
        ("has-another-magic", flip(good, 2), MALFORMED),
        ("is-a-charter", FIRST.files[0], MALFORMED),
        ("has-a-bit-flipped", flip(good, 300), SIGNATURE),
        ("has-a-bit-flipped-in-ml-dsa", flip(good, -9), SIGNATURE),
        ("is-signed-by-another-root", _list(_body(), OTHER_ROOT), SIGNATURE),
        ("is-signed-twice", _list(_body(), FIRST_ROOT, FIRST_ROOT), SIGNATURE),
        ("is-signed-as-a-charter", _list(_body(), label=b"courier/charter\0"), SIGNATURE),
        ("is-for-another-organisation", _list(_body(org_id=OTHER_ORG_ID.hex())), WRONG),
        ("is-for-another-charter", _list(_body(charter="00" * 32)), WRONG),
        ("has-an-unknown-field", _list(_body(note="")), MALFORMED),
        ("has-an-impossible-device", _list(_body(devices=[beyond])), MALFORMED),
        ("has-no-kind", _list(_without("kind", _body())), MALFORMED),
        ("has-no-version", _list(_without("version", _body())), MALFORMED),
        ("is-malformed-and-signed-by-another-root", _list({}, OTHER_ROOT), SIGNATURE),
        ("is-malformed-and-signed-twice", _list({}, FIRST_ROOT, FIRST_ROOT), SIGNATURE),
        ("is-anothers-and-malformed", _list(_body(org_id=OTHER_ORG_ID.hex(), note="")), MALFORMED),
    ):
        yield Case(f"access/list-{name}", "access.verify", given, data, expect)


def _request(body: Json, seed: bytes, label: bytes = _REQUEST_LABEL) -> bytes:
    data = to_json(body)
    return _REQUEST_MAGIC + data + ed25519_sign(seed, label + data)


def _requests() -> Iterator[Case]:
    key = device_key(12)
    values = {
        "label": "Olena",
        "signing_key": key.public.hex(),
        "tor_client_key": draw("tor-client/12", 32).hex(),
        "token_hash": draw("token-hash/12", 32).hex(),
    }
    body: Json = {"kind": "request", "version": 1, **values}
    good = _request(body, key.seed)
    out = fields(*((name.replace("_", "-"), value) for name, value in values.items()))
    yield Case("access/request", "request.parse", out, good, OK)
    for name, data, expect in (
        ("is-nothing", b"", MALFORMED),
        ("is-a-magic-alone", good[:5], MALFORMED),
        ("has-another-magic", flip(good, 4), MALFORMED),
        ("is-a-byte-short", good[:-1], MALFORMED),
        ("has-a-bit-flipped-in-the-label", flip(good, good.index(b"Olena")), SIGNATURE),
        ("has-a-bit-flipped-in-the-signature", flip(good, -3), SIGNATURE),
        ("is-signed-by-another", _request(body, device_key(0).seed), SIGNATURE),
        ("is-signed-without-a-label", _request(body, key.seed, b""), SIGNATURE),
        ("has-no-label", _request({**body, "label": ""}, key.seed), MALFORMED),
        (
            "has-a-label-with-a-zero-width-space",
            _request({**body, "label": "Ole\u200bna"}, key.seed),
            MALFORMED,
        ),
        ("has-version-2", _request({**body, "version": 2}, key.seed), MALFORMED),
        ("has-no-kind", _request(_without("kind", body), key.seed), MALFORMED),
        ("has-no-version", _request(_without("version", body), key.seed), MALFORMED),
        (
            "has-no-label-and-is-signed-by-another",
            _request({**body, "label": ""}, device_key(0).seed),
            MALFORMED,
        ),
    ):
        yield Case(f"access/request-{name}", "request.parse", (), data, expect)
