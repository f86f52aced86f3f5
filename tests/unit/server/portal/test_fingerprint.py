"""The words of a fingerprint are those that the organisation's commands print."""

from silent_courier.organisation.fingerprint import format_words, parse_fingerprint
from silent_courier.server.portal.fingerprint import fingerprint_words

ORG_ID = bytes(range(32))


def test_words_are_those_the_commands_print_and_take() -> None:
    words = " ".join(fingerprint_words(ORG_ID))

    assert words == format_words(ORG_ID)
    assert parse_fingerprint(words) == ORG_ID
