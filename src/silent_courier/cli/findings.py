"""What `verify` and `doctor` found: one sentence each, with what to do about it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final, Literal

from silent_courier.cli.failures import EXIT_FOUND, explain
from silent_courier.cli.output import say
from silent_courier.protocol.errors import CourierError

Level = Literal["ok", "note", "bad"]

_MARKS: Final[dict[Level, str]] = {"ok": "ok  ", "note": "note", "bad": "BAD "}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; a note is worth knowing, bad must be acted upon."""

    level: Level
    sentence: str
    advice: str = ""


def fine(sentence: str) -> Finding:
    """Something is as it should be."""
    return Finding("ok", sentence)


def note(sentence: str, advice: str = "") -> Finding:
    """Something to know."""
    return Finding("note", sentence, advice)


def bad(sentence: str, advice: str) -> Finding:
    """Something is wrong."""
    return Finding("bad", sentence, advice)


def from_error(error: CourierError) -> Finding:
    """What the table of failures says of it."""
    report = explain(error)
    return bad(report.sentence, report.hint)


def say_findings(findings: Sequence[Finding]) -> None:
    """Print them in order."""
    for finding in findings:
        say(f"{_MARKS[finding.level]}  {finding.sentence}")
        if finding.advice:
            say(f"      {finding.advice}")


def findings_json(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """The same for programs."""
    return [asdict(finding) for finding in findings]


def exit_code(findings: Sequence[Finding]) -> int:
    """1 when anything is bad."""
    return EXIT_FOUND if any(finding.level == "bad" for finding in findings) else 0
