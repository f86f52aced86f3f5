import pytest

from silent_courier.protocol.kept import encode_kept, keep_letter
from silent_courier.protocol.payload import Attachment, FormAnswer, encode_payload
from silent_courier.protocol.sizes import LETTER_PAYLOAD_MAX
from silent_courier.storage.vault import Vault, attachments, search, threads
from silent_courier.storage.vault.threads import Entry
from tests.unit.protocol.makers import letter_payload, make_organisation, note_payload
from tests.unit.storage.vault.kit import SOURCE, TODAY, reopened

ORG = make_organisation()
NAME = "Смета-2026.pdf"


def entry_id(number: int) -> bytes:
    return number.to_bytes(16, "big")


def add(vault: Vault, number: int, text: str, *, form: tuple[FormAnswer, ...] = ()) -> bytes:
    payload = encode_kept(keep_letter(letter_payload(ORG, text=text, form=form)))
    entry = Entry(entry_id(number), SOURCE, "letter", TODAY, None, payload)
    threads.add(vault, entry, unread=True)
    return entry.id


def attach(vault: Vault, entry: bytes, name: str) -> int:
    described = Attachment(
        id="11" * 16, name=name, size=5, sha256="22" * 32, key="33" * 32, chunks=1
    )
    attachments.add(vault, entry, [described])
    return attachments.of_thread(vault, SOURCE)[-1].seq


def found(vault: Vault, looked_for: str) -> list[bytes]:
    return [hit.entry for hit in search.find(vault, search.terms_of(looked_for), 50)]


@pytest.mark.parametrize(
    "looked_for",
    ["взятк", "ВЗЯТКУ", "елк", "ё", "взят елк", "елки взятку", "賂", "北京市", "2026 賄賂", "café"],
)
def test_words_are_found_by_their_beginning_whatever_their_case_and_accents(
    vault: Vault, looked_for: str
) -> None:
    wanted = add(vault, 1, "Взятку прятали под ёлкой. Ёлки! 北京市の賄賂 Cafe 2026")
    add(vault, 2, "Ничего")

    assert found(vault, looked_for) == [wanted]


@pytest.mark.parametrize("looked_for", ["зятку", "京北", "взятка", "взятку ничего", "", "—!"])
def test_what_is_not_there_is_not_found(vault: Vault, looked_for: str) -> None:
    add(vault, 1, "Взятку 北京市")

    assert found(vault, looked_for) == []


def test_forms_notes_and_file_names_are_found_the_newest_first(vault: Vault) -> None:
    first = add(vault, 1, "Одно", form=(FormAnswer(question="when", answer="Смета вчера"),))
    note = encode_payload(note_payload(ORG, text="смета у меня"), LETTER_PAYLOAD_MAX)
    threads.add(vault, Entry(entry_id(2), SOURCE, "note", TODAY, 4, note), unread=False)
    third = add(vault, 3, "Другое")
    attach(vault, third, NAME)

    assert found(vault, "смета") == [third, entry_id(2), first]
    assert found(vault, "when") == []
    (file, *_) = search.find(vault, search.terms_of("смета pdf"), 9)
    assert (file.file, file.entry, file.kind) == (NAME, third, "letter")


def test_the_text_of_a_preview_takes_the_place_of_the_one_before(vault: Vault) -> None:
    entry = add(vault, 1, "Письмо")
    seq = attach(vault, entry, NAME)
    search.put_file(vault, entry, seq, NAME, "страница первая")
    search.put_file(vault, entry, seq, NAME, "страница вторая")

    assert found(vault, "первая") == []
    assert found(vault, "вторая смета") == [entry]


@pytest.mark.parametrize(
    "hostile",
    [
        '"',
        '" OR 1',
        "a* OR b*",
        "body:x",
        "NEAR(a b)",
        "^",
        "-x",
        "'; DROP TABLE entry; --",
        "(" * 200,
        "\0",
        "{a b} : c",
        "AND",
        "a" * 5000,
        "а " * 5000,
        "\udcff".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    ],
)
def test_no_syntax_of_any_kind_reaches_the_person_or_the_index(vault: Vault, hostile: str) -> None:
    wanted = add(vault, 1, "or and near body x a b")
    found(vault, hostile)

    assert found(vault, "near") == [wanted]
    assert found(vault, "a OR zzz") == []


def test_what_is_forgotten_is_in_no_answer_and_not_in_the_files(vault: Vault) -> None:
    entry = add(vault, 1, "совершенно секретно")
    seq = attach(vault, entry, NAME)
    search.put_file(vault, entry, seq, NAME, "тайнопись")
    kept = add(vault, 2, "совершенно обычно")
    with vault.transaction():
        search.forget(vault, [entry])
        vault.run("DELETE FROM entry WHERE id = ?", entry)
    vault.forget()

    assert found(vault, "секретно") == found(vault, "тайнопись") == found(vault, "смета") == []
    assert found(vault, "совершенно") == [kept]
    pages = b"".join(bytes(row[0]) for row in vault.rows("SELECT block FROM search_data"))
    assert "обычно".encode() in pages
    assert "секретно".encode() not in pages
    assert "тайнопись".encode() not in pages


def test_an_entry_that_is_not_filed_after_all_is_not_in_the_index(vault: Vault) -> None:
    def fail() -> None:
        with vault.transaction():
            add(vault, 1, "полузаписано")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert found(vault, "полузаписано") == []


def test_a_vault_from_before_the_index_is_taken_in_piece_by_piece(vault: Vault) -> None:
    ids = [add(vault, number, f"старое письмо {number}") for number in range(1, 6)]
    attach(vault, ids[0], NAME)
    vault.run("DELETE FROM searchable")
    vault.run("DELETE FROM search")
    vault.run("INSERT INTO unsearched SELECT seq FROM entry")

    assert search.left_to_index(vault) == 5
    assert search.index_some(vault, 2) == 2
    assert found(vault, "старое") == ids[1::-1]
    again = reopened(vault)
    with again:
        assert search.index_some(again, 9) == 3
        assert search.index_some(again, 9) == search.left_to_index(again) == 0
        assert found(again, "старое") == ids[::-1]
        assert found(again, "смета") == ids[:1]


def test_what_is_no_payload_has_no_words_and_stops_nothing(vault: Vault) -> None:
    threads.add(vault, Entry(entry_id(1), SOURCE, "letter", TODAY, None, b"junk"), unread=True)

    assert search.left_to_index(vault) == 0
    assert found(vault, "junk") == []


def test_what_was_set_on_a_thread_is_found_as_long_as_the_thread_is_here(vault: Vault) -> None:
    search.put_about(vault, SOURCE, ["срочно"])
    assert found(vault, "срочно") == []
    add(vault, 1, "Письмо")
    search.put_about(vault, SOURCE, ["срочно, больница"])
    (hit,) = search.find(vault, search.terms_of("больниц"), 9)
    assert (hit.kind, hit.source, hit.entry, hit.day) == (search.ABOUT, SOURCE, b"", 0)
    search.put_about(vault, SOURCE, [""])
    assert found(vault, "больница") == []
    search.put_about(vault, SOURCE, ["снова", "перевод"])
    before = vault.rows("SELECT seq FROM searchable WHERE shown = 'снова'")
    search.put_about(vault, SOURCE, ["снова", "другой", "другой"])
    # What did not change is not indexed again.
    assert vault.rows("SELECT seq FROM searchable WHERE shown = 'снова'") == before
    assert found(vault, "перевод") == []
    assert len(search.find(vault, search.terms_of("другой"), 9)) == 1
    search.forget(vault, [SOURCE])
    assert found(vault, "снова") == []


def test_what_was_set_is_taken_in_and_out_piece_by_piece(vault: Vault) -> None:
    add(vault, 1, "Письмо")
    texts = [f"слово{number} " * 100 for number in range(5)]
    rounds = 0
    while search.put_about(vault, SOURCE, texts, room=1000) < 0:
        rounds += 1
        assert len(search.find(vault, search.terms_of("слово"), 99)) == 2 * rounds
    assert rounds == 2
    assert search.put_about(vault, SOURCE, texts, room=7) == 7
    rounds = 0
    while search.put_about(vault, SOURCE, [], room=1000) < 0:
        rounds += 1
    assert rounds == 2
    assert found(vault, "слово0") == []
