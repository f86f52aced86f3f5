import pytest

from silent_courier.desk import Desk, note, search_all, sync
from silent_courier.desk.alias import alias_of
from silent_courier.desk.retention import delete_thread
from silent_courier.desk.searching import AFTER, BEFORE, index_more, snippet
from silent_courier.desk.team import add_label, translate
from silent_courier.storage.vault.search import terms_of
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import SmallServer, make_file, seal
from tests.unit.protocol.makers import Organisation, letter_payload, source_id


def marked(text: str, looked_for: str) -> str:
    pieces = snippet(text, terms_of(looked_for))
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "looked_for", "shown"),
    [
        ("Дали взятку.", "взят", "Дали [взятку]."),
        ("Ёлка и елки", "елк", "[Ёлка] и [елки]"),
        ("在北京市行贿", "北京", "在[北京]市行贿"),
        ("<b>взятка</b>", "взятка", "<b>[взятка]</b>"),
        ("one two three", "three one", "[one] two [three]"),
        ("abc", "zzz", "abc"),
        ("", "x", ""),
    ],
)
def test_a_snippet_marks_what_was_found_and_changes_nothing(
    text: str, looked_for: str, shown: str
) -> None:
    assert marked(text, looked_for) == shown


def test_a_long_text_is_cut_around_the_first_place() -> None:
    shown = marked("а" * 500 + " взятка " + "б" * 500, "взятка")

    assert shown.startswith("…а")
    assert shown.endswith("б…")
    assert "[взятка]" in shown
    assert len(shown) <= BEFORE + AFTER + 4


async def test_the_two_words_of_a_source_find_its_thread_first(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    thread = source_id(org).hex()
    words = words_for(org)
    server.put(seal(org, letter_payload(org, text=f"They call me {words}, why?")))
    await sync(desk, transport)
    for looked_for in (words, words.upper(), words.replace(" ", "-")):
        named, letter = search_all(desk, looked_for).hits
        assert (named.kind, named.thread, named.alias, named.entry) == ("thread", thread, words, "")
        assert letter.kind == "letter"
    assert [hit.kind for hit in search_all(desk, words.split()[0]).hits] == ["letter"]


def words_for(org: Organisation) -> str:
    return alias_of(org.org_id, source_id(org))


async def test_everything_is_found_with_whose_it_is(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    file = make_file(org, "Тендер.pdf", b"%PDF-")
    server.chunks |= file.chunks
    letter = letter_payload(org, text="О тендере", attachments=(file.attachment,))
    server.put(seal(org, letter))
    await sync(desk, transport)
    thread = source_id(org).hex()
    note(desk, thread, "тендер проверен")
    results = search_all(desk, "тендер")

    assert [(hit.kind, hit.by, hit.file) for hit in results.hits] == [
        ("note", "Handler 0", None),
        ("letter", None, "Тендер.pdf"),
        ("letter", None, None),
    ]
    assert {hit.thread for hit in results.hits} == {thread}
    assert not results.more
    assert search_all(desk, "тендер", 2).more
    assert index_more(desk) == results.left_to_index == 0
    assert search_all(desk, "  ").hits == ()
    add_label(desk, thread, "Срочное")
    translate(desk, thread, results.hits[2].entry, "en", "About a tender")
    for looked_for in ("срочн", "tender"):
        (hit,) = search_all(desk, looked_for).hits
        assert (hit.kind, hit.thread, hit.entry, hit.date) == ("about", thread, "", "")
    desk.vault.run("DELETE FROM outbox_letter")
    delete_thread(desk, thread)
    assert search_all(desk, "срочн").hits == search_all(desk, "тендер").hits == ()
