"""What an attacker may want: one row a goal, in the table where it is shown."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Goal:
    """A row: reached by whoever has this fact."""

    name: str
    says: str
    fact: str
    table: str


TABLES: Final = {
    "reading": "read",
    "telling": "tell apart or find out",
    "sources": "deceive a source",
    "desks": "deceive the desks, or get in",
}

_G = Goal
GOALS: Final = (
    _G("letter", "a letter of day d, from before", "text(before)", "reading"),
    _G("later-letter", "a letter from then on", "text(after)", "reading"),
    _G("file", "an attachment of day d", "file(photo)", "reading"),
    _G("answer", "an answer from before", "answer(before)", "reading"),
    _G("late-answer", "an answer after a revocation, before the source is back",
       "answer(between)", "reading"),
    _G("later-answer", "an answer after the source's next letter", "answer(after)", "reading"),
    _G("words-used", "that words were used", "words_used", "telling"),
    _G("link-letters", "that two letters are one source's", "letters_linked", "telling"),
    _G("link-answers", "which cells are one source's", "answers_linked", "telling"),
    _G("cells", "real cells from random ones", "cells_told", "telling"),
    _G("read", "what a handler has read", "read_told", "telling"),
    _G("covers", "letters from covers", "covers_told", "telling"),
    _G("visits", "writing from reading", "visits_told", "telling"),
    _G("order", "in which order letters came", "order_told", "telling"),
    _G("where", "where a source is", "source_located", "telling"),
    _G("false-key", "make it seal to a key of one's own", "misled", "sources"),
    _G("shut-out", "keep most handlers from its letter", "shut_out", "sources"),
    _G("answer-it", "answer it as a handler", "answers", "sources"),
    _G("other-name", "answer in another handler's name", "other_name", "sources"),
    _G("spoil", "spoil its answers", "answers_spoiled", "sources"),
    _G("divert", "take its answers over", "diverted", "sources"),
    _G("hold-back", "hold a letter or answer back, unnoticed", "held_back", "sources"),
    _G("crowd-out", "keep everybody else out by asking more", "crowded", "sources"),
    _G("other-page", "give it other pages than were signed", "other_page", "sources"),
    _G("stand-in", "stand in for the portal", "portal_key", "sources"),
    _G("speak", "write as a source", "speaks", "desks"),
    _G("colleague", "write as a colleague", "colleague", "desks"),
    _G("alter-letter", "alter a source's letter", "letter_altered", "desks"),
    _G("alter-file", "alter an attachment", "file_altered", "desks"),
    _G("charter", "write a charter", "charter", "desks"),
    _G("collect", "take sealed letters", "letter(before)", "desks"),
    _G("reach", "reach the desks' onion", "desk_reached", "desks"),
)  # fmt: skip
