import re
from pathlib import Path

from silent_courier.desk.alarms import AlarmKind
from silent_courier.desk.app.sentences import every_sentence
from silent_courier.desk.reasons import Reason
from silent_courier.desk.report import Trouble
from silent_courier.protocol.errors import SocksUnreachableError, VaultFullError


def test_what_the_page_may_be_told_is_there() -> None:
    told = set(every_sentence())
    assert {alarm.sentence for alarm in AlarmKind} <= told
    assert {reason.sentence for reason in Reason} <= told
    assert {trouble.value for trouble in Trouble} <= told
    assert VaultFullError.sentence in told
    assert SocksUnreachableError.sentence in told


def test_the_page_has_a_next_step_for_every_alarm() -> None:
    page = Path(__file__).parents[4] / "web" / "src" / "desk" / "alarms.ts"
    steps = re.findall(r'^  "?([a-z-]+)"?: ', page.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(steps) == sorted(alarm.value for alarm in AlarmKind)
