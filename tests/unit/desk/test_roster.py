from silent_courier.desk.roster import Roster, make_roster
from silent_courier.protocol.keyring import verify_keyring_statements
from tests.unit.protocol.makers import TODAY, Organisation, make_organisation, recipient


def roster_of(org: Organisation, data: bytes, own: int = 0) -> Roster:
    return make_roster(verify_keyring_statements(data, org.org_id, TODAY), data, own)


def test_who_has_a_day_key_is_present_and_sealed_to(org: Organisation) -> None:
    roster = roster_of(org, org.keyring(day_statements=org.day_statements(devices=[0])))

    assert roster.present == {0}
    assert roster.recipients == {0: recipient(0)}


def test_who_has_not_emptied_the_letterbox_lately_is_not_live(org: Organisation) -> None:
    old = org.charter.body.parameters.sign_of_life_days
    signs = (*org.signs_of_life(TODAY - old, [0]), *org.signs_of_life(TODAY - old - 1, [4]))
    roster = roster_of(org, org.keyring(signs_of_life=signs))

    assert roster.live == {0}
    assert roster.present == {0, 4}


def test_who_is_alive_without_a_day_key_is_not_live(org: Organisation) -> None:
    roster = roster_of(org, org.keyring(day_statements=org.day_statements(devices=[4])))

    assert roster.live == {4}


def test_our_own_key_is_among_the_recipients_even_where_there_is_no_room() -> None:
    org = make_organisation(2, devices_each=3, letter_slots=4)
    roster = roster_of(org, org.keyring(), own=6)

    assert 6 in roster.recipients
    assert len(roster.recipients) == 4
    assert len(roster.present) == 6
