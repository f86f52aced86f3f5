"""Why a letter stands in quarantine: each reason with its sentence for the handler. Spec §14.6."""

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Why a letter was not filed. An alarm is one that no honest party causes."""

    NOT_OPENED = "not-opened"
    ALTERED = "altered"
    MALFORMED_LETTER = "malformed-letter"
    MALFORMED_PAYLOAD = "malformed-payload"
    UNKNOWN_SIGNER = "unknown-signer"
    FORMER_HANDLER = "former-handler"
    UNKNOWN_CHARTER = "unknown-charter"
    UNKNOWN_GENERATION = "unknown-generation"
    OLD_GENERATION = "old-generation"
    SEEN_LATE = "seen-late"
    ANOTHER_THREAD_KEY = "another-thread-key"
    WEEK_AHEAD = "week-ahead"
    ODD_DAY = "odd-day"
    REPEATED = "repeated"
    CONFLICT = "conflict"
    REWRITTEN = "rewritten"
    TOO_MANY = "too-many"
    THREAD_FULL = "thread-full"

    @property
    def is_alarm(self) -> bool:
        """Whether a handler should ask who did this."""
        return self in _ALARMS

    @property
    def sentence(self) -> str:
        """One sentence for the handler."""
        return _SENTENCES[self]


READ_AGAIN: Final = (
    Reason.UNKNOWN_SIGNER,
    Reason.UNKNOWN_CHARTER,
    Reason.UNKNOWN_GENERATION,
)
"""A newer charter may name what was unknown."""

RELEASABLE: Final = (Reason.SEEN_LATE, Reason.TOO_MANY, Reason.THREAD_FULL)
"""A person may know what the desk cannot."""

_ALARMS: Final = frozenset(
    {
        Reason.ALTERED,
        Reason.FORMER_HANDLER,
        Reason.OLD_GENERATION,
        Reason.ANOTHER_THREAD_KEY,
        Reason.CONFLICT,
        Reason.REWRITTEN,
        Reason.TOO_MANY,
        Reason.THREAD_FULL,
    }
)

_SENTENCES: Final = {
    Reason.NOT_OPENED: "It is sealed to none of this desk's day keys; a colleague may pass it on.",
    Reason.ALTERED: "It was sealed to this desk and altered afterwards.",
    Reason.MALFORMED_LETTER: "It does not have the form of a letter.",
    Reason.MALFORMED_PAYLOAD: "What it holds breaks the rules for letters.",
    Reason.UNKNOWN_SIGNER: "It is signed by no device that the charter names.",
    Reason.FORMER_HANDLER: "It is signed by a handler who had left when it came.",
    Reason.UNKNOWN_CHARTER: "It was written under a charter that this desk has never seen.",
    Reason.UNKNOWN_GENERATION: "It was written under a generation that has not begun.",
    Reason.OLD_GENERATION: "It was written as before a handler left, and came more than a day"
    " after that: the former handler could have written it.",
    Reason.SEEN_LATE: "It was written as before a handler left, and this desk saw it only later:"
    " release it when a colleague's desk had it before that, or nobody else could have written it.",
    Reason.ANOTHER_THREAD_KEY: "It speaks for a known source with another thread key: somebody"
    " else may have written it, or wants to read the answers.",
    Reason.WEEK_AHEAD: "It was written more than a week ahead of this desk's clock.",
    Reason.ODD_DAY: "The day it names is not the day it was sealed for.",
    Reason.REPEATED: "It says again what another letter said: it was sent twice.",
    Reason.CONFLICT: "It has the id of another letter and says something else.",
    Reason.REWRITTEN: "It stands under the seal of another letter, so somebody who could open"
    " that one has rewritten it.",
    Reason.TOO_MANY: "This colleague's desk has sent more today than a desk posts in weeks. It is"
    " filed on one of the next days, as long as they are a colleague, or when you release it.",
    Reason.THREAD_FULL: "This colleague's desk has set more on this thread than a person does:"
    " release it when they say that it was them.",
}
