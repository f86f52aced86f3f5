"""The main job, whole: a letter with files goes in through Tor, and the answers come back.

Two handlers, one source, twelve words. Weeks pass by the house's clock; all else is real.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from silent_courier import desk as desks
from silent_courier.desk import ThreadEntry
from silent_courier.protocol.errors import CourierError
from silent_courier.protocol.sizes import CHUNK_LEN
from silent_courier.protocol.words import decode_words, encode_words
from silent_courier.source.attachments import attach_file
from silent_courier.source.compose import Draft
from silent_courier.source.progress import Progress
from tests.e2e.files import CAMERA, photo, write_noise
from tests.e2e.house import House, open_house
from tests.e2e.tornet import Tornet

ANNA, BORIS = "Анна", "Борис"
SENTENCE = "Пишу вам о том, что видел сам: деньги на ремонт больницы ушли на сторону. "
TEXT = (SENTENCE * 100)[:6000]
FIRST_ANSWER = "Мы получили ваше письмо и файлы. Пожалуйста, никому о нём не говорите. " * 8
SECOND_ANSWER = "Документы подлинные. Есть ли у вас остальные страницы?"
THIRD_ANSWER = "Анна у нас больше не работает; пишите дальше сюда же."
VIDEO_LEN = 60_000_000


@dataclass(slots=True)
class Story:
    """What is carried from one step to the next."""

    house: House
    files: Path
    words: str
    sent: dict[str, bytes] = field(default_factory=dict)
    thread: str = ""

    @property
    def entropy(self) -> bytes:
        """From the words, as at every visit: there is nothing else."""
        return decode_words(self.words)


def entries(house: House, label: str, thread: str, kind: str) -> list[ThreadEntry]:
    everything = desks.read_thread(house.desk(label), thread)
    return [entry for entry in everything if entry.kind == kind]


async def answer(story: Story, label: str, text: str) -> bool:
    """Answer, post, and let the board be made anew; whether a former handler can read it."""
    queued = desks.reply(story.house.desk(label), story.thread, text, "ru")
    await story.house.sync(label)
    await story.house.pass_time(hours=6)
    return queued.former_can_read


async def texts_found(story: Story) -> list[tuple[str, bool, str]]:
    checked = await story.house.check(story.entropy)
    assert checked.cover_accepted
    assert checked.mailbox.damaged == 0
    return [(found.label, found.left, found.text) for found in checked.mailbox.answers]


async def write_with_files(story: Story) -> None:
    image, video = story.files / "снимок.jpg", story.files / "запись.mp4"
    image.write_bytes(photo())
    story.sent = {image.name: photo(), video.name: write_noise(video, VIDEO_LEN)}
    draft = Draft(TEXT, "ru", (attach_file(image), attach_file(video)))
    heard: list[Progress] = []
    sent = await story.house.write(story.entropy, draft, on_progress=heard.append)

    assert len(TEXT) == 6000
    assert not sent.text_attached
    assert sent.mailbox.answers == ()
    uploads = [progress for progress in heard if progress.stage == "attachments"]
    assert uploads[-1].done == uploads[-1].total == (64 + 1) * CHUNK_LEN


async def read_by(story: Story, label: str) -> None:
    report = (await story.house.sync(label))[label]
    assert report.letters == 1
    assert report.attachments == 2
    (row,) = desks.list_threads(story.house.desk(label))
    story.thread = row.thread
    (letter,) = entries(story.house, label, row.thread, "letter")
    assert letter.text == TEXT
    folder = story.files / f"saved by {label}"
    saved = desks.save_attachments(story.house.desk(label), row.thread, folder)
    digests = {file.name: digest(Path(file.path or "")) for file in saved}
    assert digests == {name: hashlib.sha256(data).digest() for name, data in story.sent.items()}


def digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


async def the_first_answer_comes_back(story: Story) -> None:
    former_can_read = await answer(story, ANNA, FIRST_ANSWER)
    await story.house.sync(BORIS)

    assert not former_can_read
    assert await texts_found(story) == [(ANNA, False, FIRST_ANSWER)]
    (row,) = desks.list_threads(story.house.desk(BORIS))
    assert row.answered_by == (ANNA,)
    (copy,) = entries(story.house, BORIS, story.thread, "reply")
    assert (copy.by, copy.own, copy.text) == (ANNA, False, FIRST_ANSWER)


async def a_second_visit_nine_days_later(story: Story) -> None:
    await story.house.pass_time(days=9)
    await story.house.sync()
    sent = await story.house.write(story.entropy, "Спасибо. Остальные страницы будут.")
    await story.house.sync()

    assert [found.text for found in sent.mailbox.answers] == [FIRST_ANSWER]
    assert [row.letters for row in desks.list_threads(story.house.desk(BORIS))] == [2]
    await answer(story, BORIS, SECOND_ANSWER)
    assert await texts_found(story) == [
        (BORIS, False, SECOND_ANSWER),
        (ANNA, False, FIRST_ANSWER),
    ]


async def a_handler_leaves_and_the_same_words_still_read(story: Story) -> None:
    await story.house.pass_time(days=7)
    await story.house.revoke(ANNA)
    with pytest.raises(CourierError):
        await story.house.sync(ANNA)
    await story.house.sync(BORIS)
    await story.house.server.tick()

    assert await answer(story, BORIS, THIRD_ANSWER)
    assert await texts_found(story) == [
        (BORIS, False, THIRD_ANSWER),
        (BORIS, False, SECOND_ANSWER),
        (ANNA, True, FIRST_ANSWER),
    ]


async def who_left_reads_nothing_new(story: Story) -> None:
    await story.house.write(story.entropy, "Хорошо. Пишу дальше.")
    await story.house.sync(BORIS)

    letters = entries(story.house, BORIS, story.thread, "letter")
    assert [letter.generation for letter in letters] == [1, 1, 2]
    assert not await answer(story, BORIS, "Ждём.")
    # Of one day, so in no order; the first answer's cells are still on the board.
    assert {text for _, _, text in await texts_found(story)} == {
        FIRST_ANSWER,
        SECOND_ANSWER,
        THIRD_ANSWER,
        "Ждём.",
    }
    assert len(entries(story.house, ANNA, story.thread, "letter")) == 2


def test_the_photo_is_one_and_says_too_much() -> None:
    image = photo()

    assert image[:2] + image[-2:] == b"\xff\xd8\xff\xd9"
    assert b"Exif\0\0" in image
    assert CAMERA in image


async def test_a_letter_with_files_is_answered_and_the_words_outlive_a_revocation(
    tornet: Tornet, tmp_path: Path
) -> None:
    words = " ".join(encode_words(secrets.token_bytes(16), "ru"))
    folder = tmp_path / "files"
    folder.mkdir()
    async with open_house(tmp_path, (ANNA, BORIS), tornet=tornet) as house:
        story = Story(house, folder, words)
        await write_with_files(story)
        await read_by(story, ANNA)
        await read_by(story, BORIS)
        await the_first_answer_comes_back(story)
        await a_second_visit_nine_days_later(story)
        await a_handler_leaves_and_the_same_words_still_read(story)
        await who_left_reads_nothing_new(story)
