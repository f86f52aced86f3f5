"""A desk with a case on it: a letter with hostile words and files, an answer, a note."""

from dataclasses import dataclass
from pathlib import Path

from silent_courier.desk import Desk, note, reply
from silent_courier.desk.case import Exported, collect_case, write_case
from silent_courier.protocol.payload import FormAnswer
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import File, SmallServer, make_file, seal
from tests.unit.desk.sandbox import hostile
from tests.unit.protocol.makers import letter_payload, source_id

TEXT = '<script>alert(1)</script> "Взятка" & \u202eمرحبا'


def hostile_files(server: SmallServer) -> list[File]:
    """Honest and hostile names; one that is not what it says, one that never came."""
    org = server.org
    return [
        make_file(org, "скан.pdf", hostile.pdf(2)),
        make_file(org, '../<img src=x onerror="x">.html', b"<script>alert(2)</script>"),
        make_file(org, "Photo.PNG", hostile.picture()),
        make_file(org, "photo.png", hostile.picture(10, 10)),
        make_file(org, "lie.txt", b"x", sha256="00" * 32),
        File(make_file(org, "waits.txt", b"x").attachment, {}),
    ]


async def make_case(desk: Desk, server: SmallServer, transport: Transport) -> str:
    """The thread."""
    from silent_courier.desk import sync

    files = hostile_files(server)
    for file in files:
        server.chunks |= file.chunks
    letter = letter_payload(
        server.org,
        text=TEXT,
        attachments=tuple(file.attachment for file in files),
        form=(FormAnswer(question="when", answer="<b>вчера</b>"),),
    )
    server.put(seal(server.org, letter))
    await sync(desk, transport)
    thread = source_id(server.org).hex()
    reply(desk, thread, "Спасибо", "ru")
    note(desk, thread, "только между нами")
    return thread


@dataclass(frozen=True, slots=True)
class Written:
    """An export that was written."""

    path: Path
    exported: Exported

    def text(self, name: str) -> str:
        return (self.path / name).read_text(encoding="utf-8")


def export(
    desk: Desk, thread: str, out: Path, *, notes: bool = True, files: bool = True
) -> Written:
    """Write it in English."""
    case = collect_case(desk, [thread], notes=notes, files=files)
    return Written(out, write_case(case, out, lambda sentence: sentence, "en"))
