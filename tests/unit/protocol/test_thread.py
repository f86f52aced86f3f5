"""What words derive: bound to the organisation, one way in generations and in weeks."""

import pytest

from silent_courier.protocol.primitives import hkdf_sha256, hmac_sha256, sha256
from silent_courier.protocol.sizes import DEVICES_MAX, GENERATIONS, TAG_LEN, TAGS_PER_WEEK
from silent_courier.protocol.thread import (
    derive_auth,
    derive_cell_key,
    derive_source_id,
    derive_tag,
    derive_tags,
    derive_thread_key,
)
from tests.unit.protocol.makers import ENTROPY, draw

ORG_ID = draw("org")
KEY = derive_thread_key(ENTROPY, ORG_ID, 1, 5)


@pytest.mark.parametrize("generation", [1, 2, 3, 255, 256])
def test_every_generation_leads_down_to_one_source_id(generation: int) -> None:
    auth = derive_auth(ENTROPY, ORG_ID, generation)

    assert derive_source_id(auth, generation) == derive_auth(ENTROPY, ORG_ID, 0)


def test_auth_is_hashed_down_under_its_own_label() -> None:
    above, below = (derive_auth(ENTROPY, ORG_ID, generation) for generation in (8, 7))

    assert below == sha256(b"courier/auth" + above)
    assert derive_auth(ENTROPY, ORG_ID, 256) == hkdf_sha256(ENTROPY, ORG_ID, b"courier/auth", 32)


def test_thread_key_is_stepped_under_its_own_label() -> None:
    assert KEY.step_to(6).key == hmac_sha256(KEY.key, b"courier/next")


def test_auth_of_a_generation_is_not_that_of_another() -> None:
    auths = {derive_auth(ENTROPY, ORG_ID, g) for g in range(GENERATIONS + 1)}

    assert len(auths) == GENERATIONS + 1


def test_leavers_auth_does_not_speak_for_the_next_generation() -> None:
    """Whoever saw a_1 can offer it as a_2, and becomes somebody else by it."""
    stolen = derive_auth(ENTROPY, ORG_ID, 1)

    assert derive_source_id(stolen, 2) != derive_auth(ENTROPY, ORG_ID, 0)


@pytest.mark.parametrize("generation", [-1, 257])
def test_generation_out_of_bounds_has_no_auth(generation: int) -> None:
    with pytest.raises(ValueError, match="generation"):
        derive_auth(ENTROPY, ORG_ID, generation)


def test_two_organisations_know_two_strangers() -> None:
    other = draw("other org")

    assert derive_auth(ENTROPY, ORG_ID, 0) != derive_auth(ENTROPY, other, 0)
    assert KEY.key != derive_thread_key(ENTROPY, other, 1, 5).key


def test_generations_have_unrelated_thread_keys() -> None:
    assert derive_thread_key(ENTROPY, ORG_ID, 2, 5).key != KEY.key


def test_stepping_is_the_same_in_one_go_and_week_by_week() -> None:
    stepped = derive_thread_key(ENTROPY, ORG_ID, 1, 0)
    for week in range(1, 6):
        stepped = stepped.step_to(week)

    assert stepped == KEY
    assert KEY.step_to(5) == KEY


def test_thread_key_never_steps_back() -> None:
    with pytest.raises(ValueError, match="forward"):
        KEY.step_to(4)


def test_all_tags_of_a_week_differ() -> None:
    tags = derive_tags(KEY)
    each = {tags[i : i + TAG_LEN] for i in range(0, len(tags), TAG_LEN)}

    assert len(each) == DEVICES_MAX * TAGS_PER_WEEK


@pytest.mark.parametrize(("device", "number"), [(0, 0), (0, 255), (1, 0), (255, 255)])
def test_tag_stands_at_slot_times_256_plus_number(device: int, number: int) -> None:
    start = (device * TAGS_PER_WEEK + number) * TAG_LEN

    assert derive_tag(KEY, device, number) == derive_tags(KEY)[start : start + TAG_LEN]


@pytest.mark.parametrize(("device", "number"), [(-1, 0), (256, 0), (0, -1), (0, 256)])
def test_position_beyond_the_weeks_tags_has_none(device: int, number: int) -> None:
    with pytest.raises(ValueError, match="range"):
        derive_tag(KEY, device, number)


def test_tags_of_two_weeks_have_nothing_in_common() -> None:
    this, following = (derive_tags(key, 4) for key in (KEY, KEY.step_to(6)))
    cut = [{tags[i : i + 16] for i in range(0, len(tags), 16)} for tags in (this, following)]

    assert cut[0].isdisjoint(cut[1])


def test_cell_key_hangs_on_tag_salt_and_week() -> None:
    keys = {
        derive_cell_key(KEY, bytes(16), bytes(16)),
        derive_cell_key(KEY, draw("tag", 16), bytes(16)),
        derive_cell_key(KEY, bytes(16), draw("salt", 16)),
        derive_cell_key(KEY.step_to(6), bytes(16), bytes(16)),
    }

    assert len(keys) == 4
