"""What the page asks when somebody looks at an attachment: pixels or plain text, or why not.

One is drawn at a time, in another thread, so that the desk goes on meanwhile and a hundred pages
asked for at once do not eat the machine.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from silent_courier.desk.app.office import Office
from silent_courier.desk.app.serving import Question, Route
from silent_courier.desk.contents import find_attachment
from silent_courier.desk.desk import Desk
from silent_courier.desk.previewing import draw_page, note_drawn, prepare
from silent_courier.desk.sandbox.drawing import SENTENCES, Drawn, Reason, sandbox_problem
from silent_courier.desk.sandbox.pixels import Picture


class Look(Question, frozen=True, forbid_unknown_fields=True):
    """Names a page, from 0, of one attachment of one letter."""

    thread: str
    entry: str
    position: int
    page: int = 0


@dataclass(slots=True)
class Looking:
    """Drawing attachments, over the office's desk."""

    office: Office
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def picture(self, question: Look) -> object:
        """One page: `picture` with a PNG, `text`, or `none` with a reason and its sentence."""
        desk = self.office.attended()
        return shown(await self._draw(desk, question))

    async def can_look(self, _: Question) -> object:
        """Why nothing can be shown on this computer; an empty reason when it can."""
        problem = await asyncio.to_thread(sandbox_problem)
        return {"reason": problem or "", "sentence": SENTENCES[problem] if problem else ""}

    async def _draw(self, desk: Desk, question: Look) -> Drawn:
        attachment = find_attachment(desk, question.thread, question.entry, question.position)
        async with self._one:
            desk = await self.office.examined(desk, [attachment])
            drawable = prepare(desk, attachment)
            if isinstance(drawable, Reason):
                return drawable
            drawn = await asyncio.to_thread(draw_page, drawable, question.page)
            # It may have been locked meanwhile; then nothing is shown.
            note_drawn(self.office.desk, drawable, drawn)
            return drawn


def shown(drawn: Drawn) -> Mapping[str, object]:
    """What the page is told of it; the PNG in base64."""
    if isinstance(drawn, Reason):
        return {"kind": "none", "reason": drawn, "sentence": SENTENCES[drawn]}
    if isinstance(drawn, Picture):
        return {
            "kind": "picture",
            "width": drawn.width,
            "height": drawn.height,
            "pages": drawn.pages,
            "png": drawn.png,
        }
    return {"kind": "text", "text": drawn.text}


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    looking = Looking(office)
    return {
        "/api/picture": Route(looking.picture, Look),
        "/api/can-look": Route(looking.can_look),
    }
