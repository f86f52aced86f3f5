"""Every sentence that Python says to the page, so that translators are asked for each of them.

Errors, troubles of a sync, reasons for quarantine, alarms, refusals: their English is constant, so
it is the key under which the page finds its own language's.
"""

from collections.abc import Iterator

from silent_courier.desk.alarms import AlarmKind
from silent_courier.desk.app import answers, background
from silent_courier.desk.app.remedies import every_remedy
from silent_courier.desk.case.sentences import export_sentences
from silent_courier.desk.reasons import Reason
from silent_courier.desk.report import Trouble
from silent_courier.desk.sandbox.cleaning import NO_PROMISE
from silent_courier.desk.sandbox.cleaning import SENTENCES as CLEANING
from silent_courier.desk.sandbox.drawing import SENTENCES as LOOKING
from silent_courier.protocol.errors import CourierError, OrganisationError, StorageError

_NEVER_AT_A_DESK = (OrganisationError, StorageError)


def every_sentence() -> Iterator[str]:
    """All of them; the same one may come twice."""
    yield from answers.SENTENCES.values()
    yield background.FAULT
    yield from every_remedy()
    yield from (trouble.value for trouble in Trouble)
    yield from (reason.sentence for reason in Reason)
    yield from (alarm.sentence for alarm in AlarmKind)
    yield from LOOKING.values()
    yield from CLEANING.values()
    yield NO_PROMISE
    yield from export_sentences()
    yield from _errors(CourierError)


def _errors(family: type[CourierError]) -> Iterator[str]:
    yield family.sentence
    for error in family.__subclasses__():
        if not issubclass(error, _NEVER_AT_A_DESK):
            yield from _errors(error)
