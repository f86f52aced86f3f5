import re
from pathlib import Path

from silent_courier.desk.alarms import AlarmKind
from silent_courier.desk.app.sentences import every_sentence
from silent_courier.desk.auditing import Act
from silent_courier.desk.case.sentences import QUESTIONS
from silent_courier.desk.merging import SHOWN
from silent_courier.desk.reasons import Reason
from silent_courier.desk.report import Trouble
from silent_courier.protocol.errors import SocksUnreachableError, VaultFullError

PAGE = Path(__file__).parents[4] / "web" / "src" / "desk"


def test_what_the_page_may_be_told_is_there() -> None:
    told = set(every_sentence())
    assert {alarm.sentence for alarm in AlarmKind} <= told
    assert {reason.sentence for reason in Reason} <= told
    assert {trouble.value for trouble in Trouble} <= told
    assert VaultFullError.sentence in told
    assert SocksUnreachableError.sentence in told


def keys_of(page: str, table: str) -> set[str]:
    """The names in a table of sentences of the page's scripts."""
    text = (PAGE / page).read_text(encoding="utf-8")
    body = text.partition(f"const {table}:")[2].partition("= {")[2].partition("};")[0]
    return set(re.findall(r'^  "?([a-z-]+)"?: mark', body, re.MULTILINE))


def test_the_page_has_words_for_every_act_field_and_question() -> None:
    assert keys_of("records/trail.tsx", "ACTS") == {act.value for act in Act}
    assert keys_of("records/trail.tsx", "FIELDS") == set(SHOWN)
    assert keys_of("thread/entry.tsx", "FORM") == set(QUESTIONS)
    set_here = re.findall(r'case "([a-z-]+)":', (PAGE / "matter/history.tsx").read_text("utf-8"))
    assert set(set_here) == set(SHOWN)


def test_the_page_has_a_next_step_for_every_alarm() -> None:
    page = PAGE / "alarms.ts"
    steps = re.findall(r'^  "?([a-z-]+)"?: ', page.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(steps) == sorted(alarm.value for alarm in AlarmKind)
