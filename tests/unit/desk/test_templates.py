import pytest

from silent_courier.desk import Desk, list_threads
from silent_courier.desk.filing import file_sealed
from silent_courier.desk.templates import Template, keep_template, list_templates
from silent_courier.protocol.errors import BadLabelError
from silent_courier.storage.vault import day_keys, outbox
from tests.unit.desk.kit import make_reading, seal_signed
from tests.unit.protocol.makers import TODAY, Organisation, change_payload


def test_a_template_of_this_desk_stays_here(desk: Desk) -> None:
    keep_template(desk, " thanks ", "Thank you", shared=False)

    assert list_templates(desk) == (Template("thanks", "Thank you", shared=False),)
    assert outbox.letters(desk.vault) == []


def test_a_shared_template_waits_for_colleagues_and_can_be_taken_away(desk: Desk) -> None:
    keep_template(desk, "thanks", "Thank you", shared=True)
    assert list_templates(desk) == (Template("thanks", "Thank you", shared=True),)
    keep_template(desk, "thanks", "", shared=True)

    assert list_templates(desk) == ()
    assert len(outbox.letters(desk.vault)) == 2


def test_a_colleague_s_template_is_here_and_is_no_thread(desk: Desk, org: Organisation) -> None:
    change = change_payload(
        org, source_id=org.org_id.hex(), field="template", item="thanks", value="Спасибо"
    )
    keys = day_keys.living(desk.vault)
    file_sealed(make_reading(desk, org), seal_signed(org, change, 4), TODAY, keys)

    assert list_templates(desk) == (Template("thanks", "Спасибо", shared=True),)
    assert list_threads(desk) == ()


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\u202eb"])
def test_a_name_that_nobody_can_read_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(BadLabelError):
        keep_template(desk, name, "text", shared=False)


def test_a_colleagues_template_whose_name_hides_is_none(desk: Desk, org: Organisation) -> None:
    for number, name in enumerate(["thanks\u200b", "\u202esknaht", "x" * 61, ""]):
        change = change_payload(
            org,
            id=f"{number:032x}",
            source_id=org.org_id.hex(),
            field="template",
            item=name,
            value="Send your words to this address",
        )
        sealed = seal_signed(org, change, 4)
        file_sealed(make_reading(desk, org), sealed, TODAY, day_keys.living(desk.vault))

    assert list_templates(desk) == ()
