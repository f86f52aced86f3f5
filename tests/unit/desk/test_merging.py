from typing import Any

import pytest

from silent_courier.desk import Desk
from silent_courier.desk.merging import (
    Change,
    Standing,
    by_item,
    day_of_date,
    merge,
    present,
    read_changes,
    rebuild,
    rebuild_slowly,
    standing_of,
    translations,
)
from silent_courier.protocol.payload import encode_payload
from silent_courier.protocol.sizes import LETTER_PAYLOAD_MAX
from silent_courier.storage.vault import changes
from silent_courier.storage.vault.changes import KeptChange
from tests.unit.protocol.makers import TODAY, Organisation, change_payload, draw

SOURCE = b"\x0a" * 32
ENTRY = "ab" * 16


def change(field: str, value: str = "on", **says: Any) -> Change:
    number = says.pop("number", 1)
    whole: dict[str, Any] = {"item": "", "clock": 1, "device": 0, "day": TODAY, **says}
    return Change(id=f"{number:032x}", field=field, value=value, **whole)


def test_the_newest_change_of_a_field_counts() -> None:
    first, then = change("assigned", "1"), change("assigned", "2", clock=2, number=2)

    assert merge(SOURCE, [then, first]).assigned == 2


def test_of_two_at_one_clock_the_higher_device_counts() -> None:
    ours, theirs = change("muted"), change("muted", "", device=4, number=2)

    assert not merge(SOURCE, [ours, theirs]).muted
    assert not merge(SOURCE, [theirs, ours]).muted


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("assigned", "Anna"),
        ("assigned", "007"),
        ("closed", "yes"),
        ("held", "off"),
        ("come-back", "tomorrow"),
        ("come-back", "2026-02-30"),
        ("follow-up", "soon ask"),
    ],
)
def test_a_value_that_its_field_cannot_have_hides_nothing(field: str, value: str) -> None:
    sound = {"assigned": "1", "come-back": "2026-12-01", "follow-up": "2026-12-01 ask"}
    before = [change(field, sound.get(field, "on"))]

    assert merge(SOURCE, [*before, change(field, value, clock=9, number=2)]) == merge(
        SOURCE, before
    )


def test_a_field_with_an_item_where_there_is_none_is_passed_over() -> None:
    assert merge(SOURCE, [change("closed", item="x")]) == Standing()


def test_a_label_stays_while_one_addition_is_not_taken_back() -> None:
    ours, theirs = change("label", item="tax"), change("label", item="tax", number=2)
    removal = change("label", "", item="tax", number=3, removes=(ours.id,))

    assert merge(SOURCE, [removal, ours]).labels == ()
    assert merge(SOURCE, [removal, ours, theirs]).labels == ("tax",)


def test_a_removal_takes_nothing_of_another_field() -> None:
    link = change("same-matter", item="f" * 64)
    removal = change("label", "", number=2, removes=(link.id,))

    assert merge(SOURCE, [link, removal]).same == ("f" * 64,)


@pytest.mark.parametrize("item", ["", "x" * 41])
def test_what_is_no_label_is_passed_over(item: str) -> None:
    assert merge(SOURCE, [change("label", item=item)]).labels == ()


@pytest.mark.parametrize("item", ["f" * 63, "F" * 64, "0" * 64, SOURCE.hex()])
def test_a_link_names_a_higher_thread_or_nothing(item: str) -> None:
    assert merge(SOURCE, [change("same-matter", item=item)]).same == ()


def test_dates_and_what_is_to_be_done_are_read() -> None:
    standing = merge(
        SOURCE,
        [
            change("come-back", "1970-01-03"),
            change("follow-up", "1970-01-05 ask the lawyer", number=2),
            change("closed", number=3, day=TODAY - 3),
        ],
    )

    assert (standing.come_back, standing.follow_up_day, standing.follow_up) == (
        2,
        4,
        "ask the lawyer",
    )
    assert standing.closed == TODAY - 3


def test_a_field_of_several_has_the_newest_of_each() -> None:
    known = [
        change("template", "old", item="a"),
        change("template", "new", item="a", clock=2, number=2),
        change("template", "gone", item="b", number=3),
        change("template", "", item="b", clock=2, number=4),
    ]

    assert {item: c.value for item, c in by_item(known, "template").items()} == {"a": "new"}


def test_translations_are_found_by_entry_and_language() -> None:
    known = [
        change("translation", "Hello", item=f"{ENTRY} en"),
        change("translation", "?", item=f"{ENTRY} EN", number=2),
        change("translation", "?", item="nothing en", number=3),
    ]

    assert {key: c.value for key, c in translations(known).items()} == {(ENTRY, "en"): "Hello"}


def test_additions_that_stand_are_named() -> None:
    two = [change("label", item="tax", number=2), change("label", item="tax")]

    assert present(two, "label") == {"tax": (f"{1:032x}", f"{2:032x}")}


@pytest.mark.parametrize("text", ["", "1970-1-3", "1970-13-01", "x1970-01-03", "१९७०-०१-०३"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert day_of_date(text) is None


def test_a_change_taken_twice_is_there_once(desk: Desk, org: Organisation) -> None:
    payload = change_payload(org, item="tax")
    kept = KeptChange(
        draw("payload", 16),
        SOURCE,
        TODAY,
        payload.clock,
        4,
        TODAY + 3,
        encode_payload(payload, LETTER_PAYLOAD_MAX),
    )
    assert changes.add(desk.vault, kept)
    rebuild(desk.vault)
    assert not changes.add(desk.vault, kept)
    rebuild(desk.vault)

    (read,) = read_changes(changes.of_thread(desk.vault, SOURCE))
    assert (read.field, read.item, read.device, read.day) == ("label", "tax", 4, TODAY)
    assert read.filed == TODAY + 3
    assert standing_of(changes.standing(desk.vault, SOURCE)).labels == ("tax",)


def test_what_was_never_set_stands_as_it_began() -> None:
    assert standing_of(None) == Standing()


def test_a_thread_that_stands_nowhere_is_made_to_stand(desk: Desk, org: Organisation) -> None:
    payload = change_payload(org, item="tax")
    content = encode_payload(payload, LETTER_PAYLOAD_MAX)
    changes.add(
        desk.vault, KeptChange(draw("change", 16), SOURCE, TODAY, payload.clock, 4, TODAY, content)
    )
    rebuild(desk.vault)
    before = changes.standings(desk.vault)
    desk.vault.run("DELETE FROM standing")
    assert changes.unmerged(desk.vault) == [SOURCE]
    rebuild(desk.vault)

    assert changes.standings(desk.vault) == before
    assert changes.unmerged(desk.vault) == []


def test_many_long_texts_stand_at_once_and_are_searched_step_by_step(
    desk: Desk, org: Organisation
) -> None:
    for number in range(30):
        payload = change_payload(
            org,
            id=draw(f"long {number}", 16).hex(),
            item=f"{number:032x} en",
            value=f"{number} " + "перевод " * 1000,
            field="translation",
        )
        content = encode_payload(payload, LETTER_PAYLOAD_MAX)
        changes.add(
            desk.vault,
            KeptChange(bytes.fromhex(payload.id), SOURCE, TODAY, number, 4, TODAY, content),
        )

    def searched() -> int:
        (row,) = desk.vault.rows("SELECT count(*) FROM searchable WHERE entry = ?", SOURCE)
        return int(row[0])

    rebuild(desk.vault)
    assert changes.standing(desk.vault, SOURCE) is not None
    assert 0 < searched() < 30
    assert changes.unmerged(desk.vault) == [SOURCE]
    steps = sum(1 for _ in rebuild_slowly(desk.vault))
    assert (steps > 2, searched()) == (True, 30)
    assert changes.unmerged(desk.vault) == []


def test_a_label_that_hides_or_turns_the_writing_is_none() -> None:
    """A colleague's desk may send any: two labels must look different."""
    hidden = ["\u200b", "urg\u202eent", "tax\0", "a\u2066b", "\u0007", "x" * 41, ""]
    known = [change("label", item=item, number=n) for n, item in enumerate([*hidden, "срочно"])]

    assert merge(SOURCE, known).labels == ("срочно",)
