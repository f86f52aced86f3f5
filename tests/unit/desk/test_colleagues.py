from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from silent_courier.desk import Desk, list_quarantine, list_threads, read_thread
from silent_courier.desk.filing import file_sealed
from silent_courier.desk.judging import Reading
from silent_courier.desk.merging import Change, Standing, merge, rebuild, standing_of
from silent_courier.protocol.kept import encode_kept, keep_letter
from silent_courier.protocol.letter import letter_hash, open_letter
from silent_courier.protocol.payload import (
    HISTORY_PART_LEN,
    HistoryPayload,
    ResealedLetter,
    ResealPayload,
)
from silent_courier.protocol.sizes import TRAILER_LEN
from silent_courier.storage.vault import changes, day_keys, letters, passing, presence, threads
from silent_courier.storage.vault.letters import State
from tests.unit.desk.kit import make_reading, seal, seal_signed
from tests.unit.protocol.makers import (
    TODAY,
    WEEK,
    Organisation,
    change_payload,
    day_identity,
    draw,
    letter_payload,
    note_payload,
    source_id,
    thread_key,
)


@pytest.fixture
def reading(desk: Desk, org: Organisation) -> Reading:
    return make_reading(desk, org)


def head(org: Organisation, label: str) -> dict[str, Any]:
    note = note_payload(org, id=draw(label, 16).hex())
    return {name: getattr(note, name) for name in ("id", "org_id", "charter", "day", "generation")}


def reseal(org: Organisation, *pairs: tuple[bytes, bytes]) -> ResealPayload:
    passed = tuple(ResealedLetter(letter=h.hex(), file_key=k.hex()) for h, k in pairs)
    return ResealPayload(**head(org, "reseal"), letters=passed)


def parts_of(org: Organisation, letter: bytes, content: bytes) -> list[HistoryPayload]:
    pieces = [content[i : i + HISTORY_PART_LEN] for i in range(0, len(content), HISTORY_PART_LEN)]
    return [
        HistoryPayload(
            **head(org, f"part {part}"),
            letter=letter.hex(),
            part=part,
            parts=len(pieces),
            data=piece.hex(),
        )
        for part, piece in enumerate(pieces)
    ]


def take_in(reading: Reading, org: Organisation, payload: Any, signer: int = 4) -> State:
    sealed = seal_signed(org, payload, signer)
    letters.note_listing(reading.vault, TODAY, [letter_hash(sealed)], 0)
    return file_sealed(reading, sealed, TODAY, day_keys.living(reading.vault)).state


def frame_of(org: Organisation, **changes: Any) -> bytes:
    letter = letter_payload(org, **changes)
    kept = msgspec.structs.replace(
        keep_letter(letter), thread_key=letter.thread_key, week=letter.week
    )
    return encode_kept(kept) + bytes(TRAILER_LEN)


def test_file_keys_of_letters_we_lack_are_kept(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    ours = seal(org, letter_payload(org))
    letters.note_listing(desk.vault, TODAY, [letter_hash(ours)], 0)
    file_sealed(reading, ours, TODAY, day_keys.living(desk.vault))
    take_in(reading, org, reseal(org, (letter_hash(ours), b"a" * 16), (b"x" * 32, b"b" * 16)))

    (key,) = passing.file_keys(desk.vault)
    assert (key.hash, key.device, key.file_key) == (b"x" * 32, 4, b"b" * 16)


@pytest.mark.parametrize("text", ["short", "Слово " * 1300])
def test_a_letter_in_parts_is_put_together_in_any_order(
    desk: Desk, org: Organisation, reading: Reading, text: str
) -> None:
    parts = parts_of(org, b"h" * 32, frame_of(org, text=text))
    for part in reversed(parts):
        assert list_threads(desk) == ()
        assert take_in(reading, org, part) is State.FILED

    (entry,) = read_thread(desk, source_id(org).hex())
    assert (entry.text, entry.resealed_by, entry.letter) == (text, "Handler 1", "68" * 32)
    assert desk.vault.rows("SELECT 1 FROM history") == []


def test_a_colleague_s_reply_in_parts_keeps_its_signature(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    from silent_courier.protocol.signing import sign
    from tests.unit.protocol.makers import device_key

    note = msgspec.json.encode(note_payload(org))
    trailer = (4).to_bytes(2, "big") + sign("letter", org.org_id, device_key(4), note)
    (part,) = parts_of(org, b"h" * 32, note + trailer)
    take_in(reading, org, part, signer=0)

    (entry,) = read_thread(desk, source_id(org).hex())
    assert (entry.by, entry.resealed_by) == ("Handler 1", "Handler 0")


def test_a_forged_signature_in_parts_is_kept_apart(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    note = msgspec.json.encode(note_payload(org))
    (part,) = parts_of(org, b"h" * 32, note + b"\0\4" + bytes(TRAILER_LEN - 2))
    take_in(reading, org, part)

    assert [row.reason for row in list_quarantine(desk)] == ["unknown-signer"]


def test_parts_of_two_colleagues_are_not_mixed(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    first, second, *_ = parts_of(org, b"h" * 32, frame_of(org, text="Слово " * 1300))
    take_in(reading, org, first, signer=4)
    take_in(reading, org, second, signer=0)

    assert list_threads(desk) == ()


@pytest.mark.parametrize("content", [b"x", bytes(TRAILER_LEN)])
def test_parts_that_make_no_frame_make_no_letter(
    desk: Desk, org: Organisation, reading: Reading, content: bytes
) -> None:
    for part in parts_of(org, b"h" * 32, content):
        assert take_in(reading, org, part) is State.FILED

    assert (list_threads(desk), list_quarantine(desk)) == ((), ())


def test_a_letter_that_is_here_is_not_replaced_by_parts(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    ours = seal(org, letter_payload(org))
    letters.note_listing(desk.vault, TODAY, [letter_hash(ours)], 0)
    file_sealed(reading, ours, TODAY, day_keys.living(desk.vault))
    (part,) = parts_of(org, letter_hash(ours), frame_of(org, id="ab" * 16, text="подмена"))
    take_in(reading, org, part)

    (entry,) = read_thread(desk, source_id(org).hex())
    assert entry.text == "Здравствуйте"


def test_parts_within_parts_are_kept_apart(desk: Desk, org: Organisation, reading: Reading) -> None:
    from silent_courier.protocol.signing import sign
    from tests.unit.protocol.makers import device_key

    inner = msgspec.json.encode(parts_of(org, b"i" * 32, frame_of(org))[0])
    trailer = (4).to_bytes(2, "big") + sign("letter", org.org_id, device_key(4), inner)
    parts = parts_of(org, b"h" * 32, inner + trailer)
    for part in parts:
        take_in(reading, org, part)

    assert [row.reason for row in list_quarantine(desk)] == ["malformed-payload"]
    assert list_threads(desk) == ()


def test_the_key_that_is_passed_on_with_a_letter_is_pinned_and_not_kept_with_it(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    (part,) = parts_of(org, b"h" * 32, frame_of(org))
    take_in(reading, org, part)

    assert threads.newest_pin(desk.vault, source_id(org)) == thread_key(WEEK, org=org)
    ((kept,),) = desk.vault.rows("SELECT payload FROM entry")
    assert thread_key(WEEK, org=org).key.hex().encode() not in kept


def test_a_colleague_cannot_pass_on_another_key_for_a_known_source(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    ours = seal(org, letter_payload(org))
    letters.note_listing(desk.vault, TODAY, [letter_hash(ours)], 0)
    file_sealed(reading, ours, TODAY, day_keys.living(desk.vault))
    (part,) = parts_of(org, b"h" * 32, frame_of(org, id="ab" * 16, thread_key="cd" * 32))
    take_in(reading, org, part)

    assert [row.reason for row in list_quarantine(desk)] == ["another-thread-key"]
    assert threads.newest_pin(desk.vault, source_id(org)) == thread_key(WEEK, org=org)


@pytest.fixture
def ours(desk: Desk, org: Organisation, reading: Reading) -> bytes:
    """A letter that is filed here, and that nobody else had a day key for."""
    sealed = seal(org, letter_payload(org), devices=(0,))
    letters.note_listing(desk.vault, TODAY, [letter_hash(sealed)], 0)
    file_sealed(reading, sealed, TODAY, day_keys.living(desk.vault))
    presence.saw_keyring(desk.vault, TODAY, [0])
    return sealed


def file_key(sealed: bytes, device: int = 0) -> bytes:
    return open_letter(sealed, [day_identity(device)]).file_key


def test_whoever_could_open_what_passes_a_letter_on_has_been_given_it(
    desk: Desk, org: Organisation, reading: Reading, ours: bytes
) -> None:
    take_in(reading, org, reseal(org, (letter_hash(ours), file_key(ours))))

    assert passing.holders(desk.vault, letter_hash(ours)) == {0, 4}


def test_a_wrong_key_for_a_letter_that_is_here_passes_nothing_on(
    desk: Desk, org: Organisation, reading: Reading, ours: bytes
) -> None:
    take_in(reading, org, reseal(org, (letter_hash(ours), b"w" * 16)))

    assert passing.holders(desk.vault, letter_hash(ours)) == frozenset()


def test_a_key_for_a_letter_that_is_not_here_counts_once_it_has_opened_it(
    desk: Desk, org: Organisation, reading: Reading
) -> None:
    sealed = seal(org, letter_payload(org), devices=(4,))
    presence.saw_keyring(desk.vault, TODAY, [0])
    take_in(reading, org, reseal(org, (letter_hash(sealed), file_key(sealed, 4))))
    (key,) = passing.file_keys(desk.vault)
    assert passing.holders(desk.vault, letter_hash(sealed)) == frozenset()
    passing.keep_promise(desk.vault, key)

    assert passing.holders(desk.vault, letter_hash(sealed)) == {0, 4}


@pytest.mark.parametrize(("text", "given"), [(None, {0, 4}), ("подмена", set())])
def test_parts_of_a_letter_that_is_here_count_when_all_of_them_say_the_same(
    reading: Reading, org: Organisation, ours: bytes, text: str | None, given: set[int]
) -> None:
    vault = reading.vault
    content = passing.content_of(vault, letter_hash(ours)) or b""
    if text is not None:
        content = frame_of(org, text=text)
    *others, last = parts_of(org, letter_hash(ours), content)
    for part in others:
        take_in(reading, org, part)
        assert passing.holders(vault, letter_hash(ours)) == frozenset()
    take_in(reading, org, last)

    assert passing.holders(vault, letter_hash(ours)) == given
    assert vault.rows("SELECT 1 FROM history") == []


def test_many_changes_make_a_thread_stand_once(
    reading: Reading, org: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    stood: list[bytes] = []

    def counted(source: bytes, known: Sequence[Change]) -> Standing:
        stood.append(source)
        return merge(source, known)

    monkeypatch.setattr("silent_courier.desk.merging.merge", counted)
    for number in range(20):
        change = change_payload(org, id=draw(f"change {number}", 16).hex(), item=f"label {number}")
        assert take_in(reading, org, change) is State.FILED
    assert stood == []
    rebuild(reading.vault)
    rebuild(reading.vault)

    assert stood == [source_id(org)]
    assert len(standing_of(changes.standing(reading.vault, source_id(org))).labels) == 20
