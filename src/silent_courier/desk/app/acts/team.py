"""What handlers set on a thread for everybody, and what they delete here."""

from collections.abc import Mapping
from dataclasses import dataclass

from silent_courier.desk.app.office import Office
from silent_courier.desk.app.serving import Question, Route
from silent_courier.desk.app.slices import in_slices
from silent_courier.desk.merging import day_of_date
from silent_courier.desk.reading import find_thread
from silent_courier.desk.reposting import post_again
from silent_courier.desk.retention import deleting_thread
from silent_courier.desk.team import (
    Switch,
    add_label,
    assign,
    come_back_by,
    follow_up,
    mark_same,
    remove_label,
    switch,
    translate,
)
from silent_courier.protocol.errors import RequestRefusedError
from silent_courier.storage.vault import charters, identity

_MALFORMED = 400


class Assign(Question, frozen=True, forbid_unknown_fields=True):
    """Gives a thread to a handler, by label; null: to nobody."""

    thread: str
    handler: str | None


class Label(Question, frozen=True, forbid_unknown_fields=True):
    """Puts a label on, or takes it off."""

    thread: str
    label: str
    on: bool


class Turn(Question, frozen=True, forbid_unknown_fields=True):
    """Closes, mutes or holds a thread, or takes that back."""

    thread: str
    what: Switch
    on: bool


class Same(Question, frozen=True, forbid_unknown_fields=True):
    """Marks two threads as one matter, or takes that back."""

    thread: str
    other: str
    on: bool


class Date(Question, frozen=True, forbid_unknown_fields=True):
    """Sets a day, `2026-12-01`; empty: none. text: what is to be done on it."""

    thread: str
    date: str
    text: str = ""


class Translate(Question, frozen=True, forbid_unknown_fields=True):
    """A handler's translation of one entry; empty: none."""

    thread: str
    entry: str
    language: str
    text: str


class OfEntry(Question, frozen=True, forbid_unknown_fields=True):
    """Names an entry of a thread."""

    thread: str
    entry: str


class OfThread(Question, frozen=True, forbid_unknown_fields=True):
    """Names a thread."""

    thread: str


@dataclass(slots=True)
class Team:
    """The acts that colleagues see."""

    office: Office

    async def who(self, _: Question) -> object:
        """Whom a thread can be given to, and the labels there are."""
        desk = self.office.desk
        charter = charters.current(desk.vault, identity.membership(desk.vault).org_id)
        labels = self.office.list_of(desk).labels
        return {"handlers": [h.label for h in charter.current_handlers], "labels": labels}

    async def assign(self, question: Assign) -> object:
        """Give a thread to a handler, or to nobody."""
        assign(self.office.attended(), question.thread, question.handler)
        return self._acted(question.thread)

    async def label(self, question: Label) -> object:
        """Put a label on, or take it off."""
        act = add_label if question.on else remove_label
        act(self.office.attended(), question.thread, question.label)
        return self._acted(question.thread)

    async def turn(self, question: Turn) -> object:
        """Close, mute or hold, or take it back."""
        switch(self.office.attended(), question.thread, question.what, on=question.on)
        return self._acted(question.thread)

    async def same(self, question: Same) -> object:
        """Mark two threads as one matter, or take it back."""
        mark_same(self.office.attended(), question.thread, question.other, same=question.on)
        self._acted(question.other)
        return self._acted(question.thread)

    async def come_back(self, question: Date) -> object:
        """Set the day by which the source was asked to come back."""
        come_back_by(self.office.attended(), question.thread, _day(question.date))
        return self._acted(question.thread)

    async def follow_up(self, question: Date) -> object:
        """Set what is to be done, and when."""
        follow_up(self.office.attended(), question.thread, _day(question.date), question.text)
        return self._acted(question.thread)

    async def translate(self, question: Translate) -> object:
        """Keep a translation of an entry."""
        desk = self.office.attended()
        translate(desk, question.thread, question.entry, question.language, question.text)
        return self._acted(question.thread)

    async def post_again(self, question: OfEntry) -> object:
        """Seal an answer once more."""
        queued = post_again(self.office.attended(), question.thread, question.entry)
        self._acted(question.thread)
        return queued

    async def delete(self, question: OfThread) -> object:
        """Delete a thread from this desk."""
        desk = self.office.attended()
        thread = find_thread(desk, question.thread)
        await in_slices(self.office, deleting_thread(desk, thread))
        self.office.deleted(desk, thread)
        return {}

    def _acted(self, thread: str) -> object:
        desk = self.office.desk
        self.office.acted(desk, find_thread(desk, thread))
        return {}


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    team = Team(office)
    return {
        "/api/who": Route(team.who),
        "/api/assign": Route(team.assign, Assign),
        "/api/label": Route(team.label, Label),
        "/api/turn": Route(team.turn, Turn),
        "/api/same": Route(team.same, Same),
        "/api/come-back": Route(team.come_back, Date),
        "/api/follow-up": Route(team.follow_up, Date),
        "/api/translate": Route(team.translate, Translate),
        "/api/post-again": Route(team.post_again, OfEntry),
        "/api/delete": Route(team.delete, OfThread),
    }


def _day(date: str) -> int | None:
    """The day; None for none. RequestRefusedError where it is no date."""
    day = day_of_date(date)
    if date and day is None:
        raise RequestRefusedError(_MALFORMED)
    return day
