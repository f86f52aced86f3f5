import secrets
from pathlib import Path

import pytest

from silent_courier.protocol.errors import (
    ClockError,
    NotEmptiedError,
    PortalNotReadyError,
    TooFewDayKeysError,
)
from silent_courier.protocol.payload import CoverPayload
from silent_courier.source.check import Checked, check
from silent_courier.source.compose import Draft
from silent_courier.source.mailbox import Mailbox
from silent_courier.source.visit import Letterbox, OnReplies, nobody_told
from silent_courier.source.write import write
from tests.servers import Seen
from tests.unit.source.small_portal import (
    ENTROPY,
    SmallPortal,
    answer_payload,
    clock,
    make_portal,
    no_sleep,
    opened_payload,
    reach,
    seal_cells,
)


@pytest.fixture
def small() -> SmallPortal:
    return make_portal()


async def look(
    small: SmallPortal,
    directory: Path,
    *,
    entropy: bytes = ENTROPY,
    shift_days: int = 0,
    on_replies: OnReplies = nobody_told,
) -> Checked:
    async with reach(small, directory) as transport:
        return await check(
            transport,
            small.charter.org_id,
            entropy,
            clock=lambda: clock() + 86_400 * shift_days,
            random=secrets.token_bytes,
            on_replies=on_replies,
            sleep=no_sleep,
        )


async def test_answers_and_acknowledgements_are_read(small: SmallPortal, short_path: Path) -> None:
    small.cells = seal_cells(small.charter, answer_payload(small.charter))
    small.cells += seal_cells(small.charter, opened_payload(small.charter), handler=1)
    checked = await look(small, short_path)

    assert [answer.text for answer in checked.mailbox.answers] == ["Спасибо"]
    assert [opened.label for opened in checked.mailbox.opened] == ["Boris"]
    assert (checked.refusal, checked.cover_accepted) == (None, True)


async def test_a_reader_leaves_a_cover_that_says_nothing(
    small: SmallPortal, short_path: Path
) -> None:
    await look(small, short_path)

    letter = small.open_last_letter()
    assert letter.payload == CoverPayload()
    assert letter.device is None


async def test_reading_looks_like_writing(small: SmallPortal, short_path: Path) -> None:
    await look(small, short_path)
    reading = [(seen.method, seen.path, len(seen.body), names(seen)) for seen in small.seen]
    small.seen.clear()
    async with reach(small, short_path) as transport:
        await write(
            transport,
            small.charter.org_id,
            ENTROPY,
            Draft("Здравствуйте" * 300, "ru"),
            clock=clock,
            random=secrets.token_bytes,
        )

    assert reading == [(seen.method, seen.path, len(seen.body), names(seen)) for seen in small.seen]


def names(seen: Seen) -> tuple[tuple[str, int], ...]:
    """Each header's name and how long its value is."""
    return tuple((name, len(value)) for name, value in seen.headers)


@pytest.mark.parametrize("status", [400, 403, 500, 503, 507, None])
async def test_a_refused_cover_is_no_error(
    small: SmallPortal, short_path: Path, status: int | None
) -> None:
    small.cells = seal_cells(small.charter, answer_payload(small.charter))
    small.refusals["POST letters"] = [status] * 9
    checked = await look(small, short_path)

    assert len(checked.mailbox.answers) == 1
    assert not checked.cover_accepted


async def test_a_portal_that_gives_no_ticket_hides_no_answer(
    small: SmallPortal, short_path: Path
) -> None:
    small.refusals["GET tickets"] = [503] * 9

    assert not (await look(small, short_path)).cover_accepted


async def test_answers_are_told_before_the_cover_is_sent(
    small: SmallPortal, short_path: Path
) -> None:
    lengths: list[int] = []

    def hear(_box: Letterbox, _mailbox: Mailbox) -> None:
        lengths.append(len(small.seen))

    await look(small, short_path, on_replies=hear)

    assert lengths == [2]


async def test_answers_are_read_where_too_few_could_read_a_letter(
    small: SmallPortal, short_path: Path
) -> None:
    small.cells = seal_cells(small.charter, answer_payload(small.charter))
    small.present = (1,)
    checked = await look(small, short_path)

    assert len(checked.mailbox.answers) == 1
    assert isinstance(checked.refusal, TooFewDayKeysError)
    assert small.letters == []


async def test_answers_are_read_where_nobody_empties_the_letterbox(
    small: SmallPortal, short_path: Path
) -> None:
    small.alive = ()
    checked = await look(small, short_path)

    assert isinstance(checked.refusal, NotEmptiedError)
    assert not checked.cover_accepted


async def test_words_never_used_open_an_empty_mailbox(small: SmallPortal, short_path: Path) -> None:
    small.cells = seal_cells(small.charter, answer_payload(small.charter))
    checked = await look(small, short_path, entropy=bytes(16))

    assert checked.mailbox == Mailbox((), (), 0, 0)
    assert checked.cover_accepted


async def test_a_wrong_clock_is_told(small: SmallPortal, short_path: Path) -> None:
    with pytest.raises(ClockError):
        await look(small, short_path, shift_days=3)


async def test_a_portal_without_a_keyring_is_told(small: SmallPortal, short_path: Path) -> None:
    small.refusals["GET keyring"] = [503]
    with pytest.raises(PortalNotReadyError):
        await look(small, short_path)
