"""Errors are constant sentences by who must act; none carries what a peer sent."""

import pytest

from silent_courier.protocol import errors
from silent_courier.protocol.errors import CannotOpenError, CourierError, ProtocolError

KINDS: list[type[CourierError]] = [getattr(errors, name) for name in errors.__all__]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_sentence_is_a_sentence(kind: type[CourierError]) -> None:
    assert kind.sentence[0].isupper()
    assert kind.sentence.endswith(".")
    assert "{" not in kind.sentence
    assert kind.__doc__


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_class_is_called_an_error(kind: type[CourierError]) -> None:
    assert kind.__name__.endswith("Error")


def test_every_error_is_of_one_family() -> None:
    families = set(CourierError.__subclasses__())

    for kind in set(KINDS) - families - {CourierError}:
        assert len(families.intersection(kind.__mro__)) == 1


def test_not_for_us_and_altered_read_the_same() -> None:
    kinds = [kind for kind in KINDS if issubclass(kind, CannotOpenError)]

    assert len(kinds) > 1
    assert {kind.sentence for kind in kinds} == {CannotOpenError.sentence}


def test_what_a_person_needs_to_know_is_no_part_of_the_message() -> None:
    refusal = errors.TooFewDayKeysError(("Anna",))

    assert refusal.missing == ("Anna",)
    assert "Anna" not in str(refusal)
    assert isinstance(refusal, ProtocolError)
