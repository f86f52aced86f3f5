"""Charters: believed at the end of a chain that begins at the id we were told, and only there."""

import json
from typing import Any

import msgspec
import pytest

from silent_courier.protocol.charter import (
    CharterBody,
    Device,
    Handler,
    check_dates,
    encode_body,
    handler_of,
    verify_chain,
)
from silent_courier.protocol.errors import (
    CharterExpiredError,
    CharterSerialError,
    CharterSignatureError,
    MalformedCharterError,
    ProtocolError,
    WrongOrganisationError,
)
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.root import RootKey
from silent_courier.protocol.sizes import CHARTER_LEN_MAX, ROOT_SIGNATURE_LEN
from tests.unit.protocol.makers import (
    ANCHOR_DAY,
    TODAY,
    Organisation,
    charter_file,
    device_key,
    draw,
    first_body,
    flip,
    make_organisation,
    root_key,
)

ORG = make_organisation(3, devices_each=2)
NEW_ROOT = root_key("second")
Fields = dict[str, Any]


def refuse(files: list[bytes], kind: type[ProtocolError], org: Organisation = ORG) -> None:
    with pytest.raises(kind):
        verify_chain(files, org.org_id)


def test_first_charter_is_its_own_chain() -> None:
    charter = verify_chain(ORG.files, ORG.org_id)

    assert charter.hash == charter.org_id == ORG.org_id
    assert charter.body.name == "Редакция"


def test_chain_may_leave_out_charters_that_changed_no_root() -> None:
    third = ORG.issue().issue(skip=True)

    assert third.charter.body.serial == 3
    assert len(third.files) == 2


def test_no_charter_is_no_chain() -> None:
    refuse([], MalformedCharterError)


def test_other_id_is_another_organisation() -> None:
    with pytest.raises(WrongOrganisationError):
        verify_chain(ORG.files, draw("other"))


def test_chain_of_another_organisation_does_not_continue_ours() -> None:
    other = make_organisation(2).issue()

    refuse([ORG.files[0], other.files[1]], WrongOrganisationError)


def test_chain_that_lacks_its_beginning_is_refused() -> None:
    refuse([ORG.issue().files[1]], WrongOrganisationError)


def test_second_first_charter_is_refused() -> None:
    refuse([*ORG.files, *ORG.files], WrongOrganisationError)


@pytest.mark.parametrize("serial", [1, 2, 3])
def test_serial_that_does_not_rise_is_refused(serial: int) -> None:
    third = ORG.issue(serial=3)
    again = third.next_file(serial=serial)

    kind = MalformedCharterError if serial == 1 else CharterSerialError
    refuse([*third.files, again], kind)


def test_serials_may_have_gaps() -> None:
    assert ORG.issue(serial=1000).charter.body.serial == 1000


def test_anchor_day_never_changes() -> None:
    refuse([*ORG.files, ORG.next_file(anchor_day=ANCHOR_DAY + 7)], CharterSerialError)


def test_charter_by_another_root_is_refused() -> None:
    refuse([*ORG.files, ORG.next_file(signers=[NEW_ROOT])], CharterSignatureError)


def test_first_charter_signed_by_another_root_is_refused() -> None:
    file = charter_file(first_body(), [NEW_ROOT])
    org = make_organisation()

    refuse([file], CharterSignatureError, org)


def test_root_changes_by_old_and_new_together() -> None:
    changed = ORG.issue(roots=[NEW_ROOT])
    after = charter_file(changed.next_body(), [NEW_ROOT])

    assert verify_chain([*changed.files, after], ORG.org_id).body.serial == 3


@pytest.mark.parametrize(
    "signers",
    [
        [NEW_ROOT],
        [root_key()],
        [NEW_ROOT, root_key()],
        [root_key(), root_key()],
        [NEW_ROOT, NEW_ROOT],
        [root_key(), root_key("third")],
    ],
    ids=["new alone", "old alone", "swapped", "old twice", "new twice", "another new"],
)
def test_root_change_without_both_is_refused(signers: list[RootKey]) -> None:
    refuse([*ORG.files, ORG.next_file(roots=[NEW_ROOT], signers=signers)], CharterSignatureError)


def test_old_root_signs_nothing_after_a_change() -> None:
    changed = ORG.issue(roots=[NEW_ROOT])

    refuse([*changed.files, charter_file(changed.next_body(), [root_key()])], CharterSignatureError)


def test_second_signature_where_no_root_changes_is_refused() -> None:
    file = ORG.next_file(signers=[root_key(), root_key("third")])

    refuse([*ORG.files, file], CharterSignatureError)


def test_chain_that_leaves_a_root_change_out_is_refused() -> None:
    changed = ORG.issue(roots=[NEW_ROOT])
    after = charter_file(changed.next_body(), [NEW_ROOT])

    refuse([ORG.files[0], after], CharterSignatureError)


def test_bit_flipped_anywhere_is_refused() -> None:
    (file,) = ORG.files
    body_end = len(file) - ROOT_SIGNATURE_LEN
    for place in [*range(0, body_end, 17), *range(body_end, len(file), 101)]:
        refuse([flip(file, 8 * place + place % 8)], ProtocolError)


def test_same_body_spelled_otherwise_is_another_charter() -> None:
    body = encode_body(ORG.charter.body)

    refuse([charter_file(body + b" ", [root_key()])], WrongOrganisationError)


def test_file_beyond_the_bound_is_refused_unread() -> None:
    refuse([ORG.files[0] + bytes(CHARTER_LEN_MAX)], MalformedCharterError)


@pytest.mark.parametrize(
    ("day", "holds"),
    [(-2, False), (-1, True), (0, True), (365, True), (366, False)],
)
def test_charter_holds_from_the_day_before_to_its_last_day(day: int, holds: bool) -> None:
    if holds:
        check_dates(ORG.charter, ANCHOR_DAY + day)
    else:
        with pytest.raises(CharterExpiredError):
            check_dates(ORG.charter, ANCHOR_DAY + day)


def test_handler_who_left_keeps_slot_and_key_and_is_current_no_more() -> None:
    after = ORG.without(1).charter

    assert sorted(after.all_devices) == [0, 1, 4, 5, 8, 9]
    assert sorted(after.current_devices) == [0, 1, 8, 9]
    assert [h.handler for h in after.current_handlers] == [0, 2]
    assert (after.body.generation, after.label_of(5)) == (2, "Handler 1")


@pytest.mark.parametrize(("device", "handler"), [(0, 0), (3, 0), (4, 1), (255, 63)])
def test_four_slots_belong_to_a_handler(device: int, handler: int) -> None:
    assert handler_of(device) == handler


GONE = (Handler(handler=0, label="A", left_generation=2), Handler(handler=1, label="B"))
INCONSISTENT: dict[str, Fields] = {
    "first with an id": {"org_id": "ab" * 32},
    "first with a previous": {"previous": "ab" * 32},
    "first with serial 2": {"serial": 2},
    "ends before it begins": {"expires": ANCHOR_DAY - 1},
    "generations fall": {"generation_days": (TODAY, ANCHOR_DAY)},
    "no generation": {"generation_days": ()},
    "too many generations": {"generation_days": (ANCHOR_DAY,) * 257},
    "no handler": {"handlers": (), "devices": ()},
    "no device": {"devices": ()},
    "handler twice": {"handlers": (Handler(handler=0, label="A"), Handler(handler=0, label="B"))},
    "handlers unsorted": {
        "handlers": (Handler(handler=1, label="B"), Handler(handler=0, label="A")),
    },
    "handler without a device": {
        "handlers": (*first_body().handlers, Handler(handler=2, label="C"))
    },
    "device without a handler": {
        "devices": (*first_body().devices, Device(device=8, key=device_key(8).public.hex()))
    },
    "device twice": {"devices": (*first_body().devices, first_body().devices[1])},
    "everybody left": {
        "handlers": tuple(msgspec.structs.replace(h, left_generation=2) for h in GONE),
        "generation_days": (ANCHOR_DAY, TODAY),
    },
    "left in a generation to come": {"handlers": GONE},
    "left in the first generation": {
        "handlers": (msgspec.structs.replace(GONE[0], left_generation=1), GONE[1])
    },
    "handler beyond the last": {"handlers": (Handler(handler=64, label="A"),)},
    "label empty": {"handlers": (Handler(handler=0, label=""),)},
    "address with a slash": {"portal": "http://x/"},
    "address empty": {"desk": ""},
    "name too long": {"name": "x" * 121},
}


@pytest.mark.parametrize("name", INCONSISTENT)
def test_body_that_breaks_a_rule_is_refused_by_writer_and_reader(name: str) -> None:
    body = msgspec.structs.replace(first_body(), **INCONSISTENT[name])
    data = msgspec.json.encode(body)

    with pytest.raises(MalformedCharterError):
        encode_body(body)
    _refuse_as_first(data)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("epoch_seconds", 0),
        ("epoch_seconds", 86_401),
        ("births_per_epoch", 0),
        ("births_per_epoch", 257),
        ("cell_life_epochs_min", 1057),
        ("cell_life_epochs_max", 0),
        ("cell_life_epochs_max", 32_769),
        ("cells_per_day", 0),
        ("minimum_handlers", 0),
        ("minimum_handlers", 65),
        ("sign_of_life_days", 0),
        ("sign_of_life_days", 31),
        ("letter_slots", 0),
        ("letter_slots", 65),
        ("letter_slots", True),
        ("colour", 1),
    ],
)
def test_parameter_out_of_bounds_is_refused(field: str, value: object) -> None:
    fields = _fields()
    fields["parameters"][field] = value
    _refuse_as_first(json.dumps(fields).encode())


def test_fullest_board_that_fits_is_taken() -> None:
    org = make_organisation(2, births_per_epoch=2, cell_life_epochs_max=32_768)

    assert org.charter.body.parameters.cell_life_epochs_max == 32_768


@pytest.mark.parametrize("field", sorted(CharterBody.__struct_fields__))
def test_every_field_of_a_body_is_needed(field: str) -> None:
    fields = _fields()
    del fields[field]
    _refuse_as_first(json.dumps(fields).encode())


def test_body_of_another_kind_is_refused() -> None:
    _refuse_as_first(json.dumps({**_fields(), "kind": "access"}).encode())
    without = _fields()
    del without["kind"]
    _refuse_as_first(json.dumps(without).encode())


def _fields() -> Fields:
    fields: Fields = json.loads(encode_body(first_body()))
    return fields


def _refuse_as_first(data: bytes) -> None:
    with pytest.raises(MalformedCharterError):
        verify_chain([charter_file(data, [root_key()])], sha256(data))


@pytest.mark.parametrize(
    "character", ["\u200b", "\u202e", "\u2066", "\x1b", "\n", "\u2028", "\ue000"]
)
def test_what_nobody_sees_is_in_no_name_and_no_label(character: str) -> None:
    body = first_body()
    name = f"An{character}na"
    labelled = msgspec.structs.replace(body.handlers[0], label=name)

    for changed in (
        msgspec.structs.replace(body, name=name),
        msgspec.structs.replace(body, handlers=(labelled, *body.handlers[1:])),
    ):
        with pytest.raises(MalformedCharterError):
            encode_body(changed)
