"""Every case in vectors/, read by the library: each ends as it says, and none is passed over."""

from collections import Counter
from collections.abc import Callable

import pytest

from silent_courier.protocol.errors import ProtocolError
from tests.vectors import documents, sealed_things
from tests.vectors.reader import Inputs, Outputs, error_names, outputs
from vectors.generate.case import OK, Case, read_cases

CONSTRUCTIONS: dict[str, Callable[[Inputs], Outputs]] = {
    **sealed_things.CONSTRUCTIONS,
    **documents.CONSTRUCTIONS,
}
CASES = read_cases()


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case.name)
def test_a_case_ends_as_it_says(case: Case) -> None:
    inputs = Inputs(case)
    construct = CONSTRUCTIONS[case.construction]
    if case.expect == OK:
        out = construct(inputs)
    else:
        with pytest.raises((ProtocolError, ValueError)) as caught:
            construct(inputs)
        assert case.expect in error_names(caught.value)
        out = _told(caught.value)
    assert out == inputs.expected()


def _told(error: Exception) -> Outputs:
    """What an error tells beside its name."""
    missing = list(getattr(error, "missing", ()))
    if hasattr(error, "position"):
        return outputs(position="none" if error.position is None else error.position)
    return outputs(missing=missing)


def test_every_construction_has_cases() -> None:
    assert {case.construction for case in CASES.values()} == set(CONSTRUCTIONS)


def test_more_cases_fail_than_succeed() -> None:
    counts = Counter(case.expect == OK for case in CASES.values())
    assert counts[False] > counts[True]
