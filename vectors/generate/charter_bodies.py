"""Bodies of charters that break the schema or the rules between fields. Spec §8.2, §8.3."""

from collections.abc import Iterator

from vectors.generate.organisation import ANCHOR_DAY, Json, device_key, first_body, to_json


def bad_bodies() -> Iterator[tuple[str, Json]]:
    """A name and the body of a first charter that is wrong in one way."""
    yield from ((name, {**first_body(), **changes}) for name, changes in _bad_fields())
    for missing in ("name", "kind", "version", "org_id"):
        body = {key: value for key, value in first_body().items() if key != missing}
        yield f"a-missing-{missing.replace('_', '-')}", body
    yield from ((name, _with_parameter(**changes)) for name, changes in _bad_parameters())
    yield "a-board-too-long-by-default", _too_long_by_default()
    yield from ((name, {**first_body(), **changes}) for name, changes in _bad_rosters())
    yield from ((name, {**first_body(), **changes}) for name, changes in _bad_names())


def bad_spellings() -> Iterator[tuple[str, bytes]]:
    """A name and bytes that are no strict JSON."""
    good = to_json(first_body())
    serial = b'"serial":1'
    yield "a-field-twice", good.replace(serial, serial + b"," + serial)
    yield "a-fraction", good.replace(serial, b'"serial":1.0')
    yield "a-surrogate-in-the-name", good.replace(b'"name":"', rb'"name":"\ud800')
    yield "a-byte-order-mark", b"\xef\xbb\xbf" + good
    yield "a-body-of-nothing", b""


def _bad_fields() -> Iterator[tuple[str, Json]]:
    root = first_body()["root"]
    yield "version-2", {"version": 2}
    yield "another-kind", {"kind": "access"}
    yield "an-unknown-field", {"motto": ""}
    yield "an-empty-name", {"name": ""}
    yield "a-name-too-long", {"name": "я" * 121}
    yield "serial-0", {"serial": 0}
    yield "a-first-serial-of-2", {"serial": 2}
    yield "a-first-charter-with-a-predecessor", {"previous": "00" * 32}
    yield "an-end-before-the-beginning", {"expires": ANCHOR_DAY - 1}
    yield "no-generation", {"generation_days": []}
    yield "generations-out-of-order", {"generation_days": [ANCHOR_DAY, ANCHOR_DAY - 1]}
    yield "an-address-in-capitals", {"portal": "PORTAL.onion"}
    yield "an-address-with-a-newline", {"portal": "portal.onion\n"}
    yield "an-empty-address", {"desk": ""}
    yield "a-root-key-in-capitals", {"root": {**root, "ed25519": root["ed25519"].upper()}}
    yield "a-root-key-too-short", {"root": {**root, "ml_dsa_65": root["ml_dsa_65"][:-2]}}
    yield "a-root-without-ml-dsa", {"root": {"ed25519": root["ed25519"]}}


def _bad_names() -> Iterator[tuple[str, Json]]:
    anna, *others = first_body()["handlers"]
    for name, character in (
        ("a-zero-width-space", "\u200b"),
        ("a-zero-width-joiner", "\u200d"),
        ("a-mark-of-direction", "\u200f"),
        ("a-turn-of-direction", "\u202e"),
        ("an-isolate", "\u2066"),
        ("a-byte-order-mark", "\ufeff"),
        ("a-soft-hyphen", "\u00ad"),
        ("a-tag", "\U000e0041"),
        ("an-escape", "\x1b"),
        ("a-newline", "\n"),
        ("a-c1-control", "\x9b"),
        ("a-line-separator", "\u2028"),
        ("a-paragraph-separator", "\u2029"),
        ("a-private-character", "\ue000"),
    ):
        label = f"An{character}na"
        yield f"a-label-with-{name}", {"handlers": [{**anna, "label": label}, *others]}
        yield f"a-name-with-{name}", {"name": label}


def _too_long_by_default() -> Json:
    """The body of a first charter that leaves its births out, and so has two."""
    body = _with_parameter(cell_life_epochs_max=32_769)
    del body["parameters"]["births_per_epoch"]
    return body


def _with_parameter(**changes: object) -> Json:
    body = first_body()
    return {**body, "parameters": {**body["parameters"], **changes}}


def _bad_parameters() -> Iterator[tuple[str, Json]]:
    yield "no-letter-slots", {"letter_slots": 0}
    yield "65-letter-slots", {"letter_slots": 65}
    yield "no-minimum-of-handlers", {"minimum_handlers": 0}
    yield "an-epoch-longer-than-a-day", {"epoch_seconds": 86_401}
    yield "a-life-that-ends-before-it-begins", {"cell_life_epochs_min": 1057}
    yield "a-board-that-grows-too-long", {"births_per_epoch": 63}
    yield "a-board-a-little-too-long", {"births_per_epoch": 64, "cell_life_epochs_max": 1025}
    yield "births-that-fill-a-board-too-soon", _board(256, 257)
    yield "cells-that-live-too-long", _board(1, 65_537)
    yield "cells-that-live-for-ever", _board(1, 2**20)
    yield "no-births", _board(0, 1056)
    yield "257-births", _board(257, 100)
    yield "a-parameter-that-is-true", {"births_per_epoch": True}
    yield "an-unknown-parameter", {"retention": 30}


def _board(births: int, life: int) -> Json:
    return {
        "births_per_epoch": births,
        "cell_life_epochs_min": 1,
        "cell_life_epochs_max": life,
    }


def largest_boards() -> Iterator[tuple[str, Json]]:
    """A name and the body of a first charter whose board holds exactly 65,536 cells."""
    for births, life in ((1, 65_536), (64, 1024), (256, 256)):
        yield f"of-{births}-births-and-{life}-epochs", _with_parameter(**_board(births, life))
    defaults = first_body()
    parameters = defaults["parameters"]
    del parameters["births_per_epoch"], parameters["cell_life_epochs_min"]
    longest = {**parameters, "cell_life_epochs_max": 32_768}
    yield "of-two-births-by-default", {**defaults, "parameters": longest}


def _bad_rosters() -> Iterator[tuple[str, Json]]:
    anna, boris, nur = first_body()["handlers"]
    devices = first_body()["devices"]
    spare = {"device": 12, "key": device_key(12).public.hex()}
    beyond = {"device": 256, "key": device_key(12).public.hex()}
    gone = [{**handler, "left_generation": 2} for handler in (anna, boris, nur)]
    yield "nobody", {"handlers": [], "devices": []}
    yield "handlers-out-of-order", {"handlers": [boris, anna, nur]}
    yield "a-handler-twice", {"handlers": [anna, anna, boris, nur]}
    yield "a-handler-without-a-device", {"devices": devices[:-1]}
    yield "a-device-without-a-handler", {"devices": [*devices, spare]}
    yield "devices-out-of-order", {"devices": devices[::-1]}
    yield "a-slot-twice", {"devices": [devices[0], *devices]}
    yield "a-slot-beyond-the-last", {"devices": [*devices, beyond]}
    yield "no-devices", {"devices": []}
    yield "a-label-too-long", {"handlers": [{**anna, "label": "я" * 61}, boris, nur]}
    yield (
        "a-handler-who-left-before-anyone-could",
        {"handlers": [anna, boris, {**nur, "left_generation": 1}]},
    )
    yield (
        "a-handler-who-left-in-the-future",
        {"handlers": [anna, boris, {**nur, "left_generation": 2}]},
    )
    days = [ANCHOR_DAY, ANCHOR_DAY + 1]
    yield "nobody-who-is-left", {"handlers": gone, "generation_days": days}
