import pytest

from silent_courier.cli.findings import (
    bad,
    exit_code,
    findings_json,
    fine,
    from_error,
    note,
    say_findings,
)
from silent_courier.protocol.errors import ClockError


def test_only_what_is_bad_fails() -> None:
    assert exit_code([fine("A."), note("B.")]) == 0
    assert exit_code([fine("A."), bad("B.", "Do.")]) == 1


def test_every_finding_is_said_with_its_advice(capsys: pytest.CaptureFixture[str]) -> None:
    say_findings([fine("A."), bad("B.", "Do this.")])
    assert capsys.readouterr().out == "ok    A.\nBAD   B.\n      Do this.\n"


def test_an_error_is_explained_by_the_one_table() -> None:
    assert from_error(ClockError()).sentence == ClockError.sentence
    assert from_error(ClockError()).advice


def test_findings_are_plain_for_programs() -> None:
    assert findings_json([note("A.")]) == [{"level": "note", "sentence": "A.", "advice": ""}]
