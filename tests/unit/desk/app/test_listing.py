import pytest

from silent_courier.desk import Desk, note, reply
from silent_courier.desk.alias import alias_of
from silent_courier.desk.app.listing import Filter, Listing
from silent_courier.desk.filing import file_sealed
from silent_courier.desk.reading import list_threads, read_thread
from silent_courier.protocol.errors import UnknownThreadError
from silent_courier.storage.vault import day_keys, drafts
from tests.unit.desk.app.kit import letter_of
from tests.unit.desk.kit import make_reading, seal
from tests.unit.protocol.makers import TODAY, Organisation

EVERY = Filter()


@pytest.fixture
def listing(desk: Desk, org: Organisation) -> Listing:
    reading = make_reading(desk, org)
    for number in range(4):
        language = "ru" if number else "en"
        sealed = seal(org, letter_of(org, number, language=language))
        file_sealed(reading, sealed, TODAY, day_keys.living(desk.vault))
    listing = Listing()
    listing.refresh(desk, 1)
    return listing


def names(listing: Listing, desk: Desk, wanted: Filter = EVERY) -> list[object]:
    return [row["thread"] for row in listing.window(desk, wanted, 0, 10).rows]


def test_it_is_the_list_that_the_vault_tells(listing: Listing, desk: Desk) -> None:
    assert names(listing, desk) == [row.thread for row in list_threads(desk)]
    assert (listing.threads, listing.unread, listing.languages) == (4, 4, ("en", "ru"))


def test_rows_carry_the_alias_and_whether_a_draft_lies_there(
    listing: Listing, desk: Desk, org: Organisation
) -> None:
    (first, *_) = names(listing, desk)
    source = bytes.fromhex(str(first))
    drafts.keep(desk.vault, source, "note", "a")
    row = listing.window(desk, EVERY, 0, 1).rows[0]
    assert (row["alias"], row["draft"]) == (alias_of(org.org_id, source), True)
    assert names(listing, desk, Filter("drafts")) == [first]


def test_after_an_act_one_row_is_read_anew_and_it_stands_where_the_vault_puts_it(
    listing: Listing, desk: Desk
) -> None:
    last = str(names(listing, desk)[-1])
    reply(desk, last, "Спасибо", "ru")
    listing.changed(desk, last)
    assert names(listing, desk)[0] == last
    assert names(listing, desk) == [row.thread for row in list_threads(desk)]
    assert last not in names(listing, desk, Filter("unanswered"))

    second = str(names(listing, desk)[1])
    read_thread(desk, second)
    assert listing.changed(desk, second).unread == 0
    assert names(listing, desk)[1] == second
    assert second not in names(listing, desk, Filter("unread"))
    note(desk, second, "a")
    listing.changed(desk, second)
    assert names(listing, desk) == [row.thread for row in list_threads(desk)]


def test_a_filter_lets_through_what_it_names(listing: Listing, desk: Desk) -> None:
    assert len(names(listing, desk, Filter(language="en"))) == 1
    assert len(names(listing, desk, Filter("unread", "ru"))) == 3
    assert names(listing, desk, Filter("disputed")) == []


def test_it_is_read_once_for_each_version_and_nothing_stays_when_the_desk_locks(
    listing: Listing, desk: Desk
) -> None:
    desk.vault.run("DELETE FROM entry")
    listing.refresh(desk, 1)
    assert listing.threads == 4
    listing.refresh(desk, 2)
    assert listing.threads == 0
    listing.forget()
    listing.refresh(desk, 2)
    assert (listing.threads, listing.languages) == (0, ())


def test_a_thread_that_is_not_there_is_refused(listing: Listing, desk: Desk) -> None:
    with pytest.raises(UnknownThreadError):
        listing.changed(desk, "00" * 32)
