import pytest

from silent_courier.organisation.fingerprint import format_groups, format_words, parse_fingerprint
from silent_courier.protocol.errors import MalformedFingerprintError

ORG_ID = bytes(range(32))


def test_words_lead_back_to_the_id() -> None:
    words = format_words(ORG_ID)
    assert len(words.split()) == 24
    assert parse_fingerprint(words) == ORG_ID


@pytest.mark.parametrize(
    "text", [ORG_ID.hex(), ORG_ID.hex().upper(), format_groups(ORG_ID), f"  {ORG_ID.hex()}\n"]
)
def test_hex_is_read_in_any_grouping_and_case(text: str) -> None:
    assert parse_fingerprint(text) == ORG_ID


def test_groups_are_eight_of_eight() -> None:
    assert [len(group) for group in format_groups(ORG_ID).split()] == [8] * 8


def test_case_and_spacing_of_words_are_free() -> None:
    assert parse_fingerprint("  " + format_words(ORG_ID).upper().replace(" ", "\n")) == ORG_ID


def test_one_wrong_word_is_refused() -> None:
    words = format_words(ORG_ID).split()
    words[3] = "zoo" if words[3] != "zoo" else "zone"
    with pytest.raises(MalformedFingerprintError):
        parse_fingerprint(" ".join(words))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00" * 31,
        "00" * 33,
        "zz" * 32,
        " ".join(["abandon"] * 11 + ["about"]),
        " ".join(["nonsense"] * 24),
        "ö" * 64,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(MalformedFingerprintError):
        parse_fingerprint(text)


def test_an_id_of_another_length_has_no_words() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        format_words(bytes(16))
