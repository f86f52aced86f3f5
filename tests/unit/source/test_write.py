import secrets
from pathlib import Path

import pytest

from silent_courier.protocol.errors import (
    ConnectionLostError,
    NotEmptiedError,
    TooFewDayKeysError,
)
from silent_courier.protocol.payload import LetterPayload
from silent_courier.protocol.sizes import letter_len
from silent_courier.source.attachments import attach_bytes
from silent_courier.source.compose import Draft
from silent_courier.source.mailbox import Mailbox
from silent_courier.source.parcel import prepare
from silent_courier.source.progress import Progress
from silent_courier.source.visit import Letterbox
from silent_courier.source.write import write
from silent_courier.tor.transport import Transport
from tests.unit.source.small_portal import (
    BITS,
    ENTROPY,
    SmallPortal,
    answer_payload,
    clock,
    make_portal,
    no_sleep,
    reach,
    seal_cells,
)

LETTER = Draft("Здравствуйте", "ru")


@pytest.fixture
def small() -> SmallPortal:
    return make_portal()


async def send(small: SmallPortal, transport: Transport, draft: Draft = LETTER) -> None:
    await write(
        transport,
        small.charter.org_id,
        ENTROPY,
        draft,
        clock=clock,
        random=secrets.token_bytes,
        sleep=no_sleep,
    )


async def test_a_letter_arrives_and_every_desk_reads_it(
    small: SmallPortal, short_path: Path
) -> None:
    async with reach(small, short_path) as transport:
        await send(small, transport)

    for handler in range(3):
        payload = small.open_last_letter(handler).payload
        assert isinstance(payload, LetterPayload)
        assert payload.text == "Здравствуйте"


async def test_the_requests_of_a_visit_have_their_order_and_lengths(
    small: SmallPortal, short_path: Path
) -> None:
    async with reach(small, short_path) as transport:
        await send(small, transport)

    assert small.trace == [
        ("GET", "/v1/keyring", 0),
        ("GET", "/v1/board", 0),
        ("GET", "/v1/tickets", 0),
        ("POST", "/v1/tickets", 32),
        ("POST", "/v1/letters", letter_len(4)),
    ]


async def test_answers_are_told_before_anything_is_sent(
    small: SmallPortal, short_path: Path
) -> None:
    small.cells = seal_cells(small.charter, answer_payload(small.charter))
    heard: list[str] = []

    def hear(box: Letterbox, mailbox: Mailbox) -> None:
        assert [path for _, path, _ in small.trace] == ["/v1/keyring", "/v1/board"]
        heard.extend([box.name, mailbox.answers[0].text])

    async with reach(small, short_path) as transport:
        sent = await write(
            transport,
            small.charter.org_id,
            ENTROPY,
            LETTER,
            clock=clock,
            random=secrets.token_bytes,
            on_replies=hear,
        )

    assert heard == ["Редакция", "Спасибо"]
    assert sent.mailbox.answers[0].text == "Спасибо"
    assert not sent.text_attached


async def test_too_few_handlers_are_named_and_nothing_is_sent(
    small: SmallPortal, short_path: Path
) -> None:
    small.present = (2,)
    async with reach(small, short_path) as transport:
        with pytest.raises(TooFewDayKeysError) as refused:
            await send(small, transport)

    assert refused.value.missing == ("Анна", "Boris")
    assert [path for _, path, _ in small.trace] == ["/v1/keyring", "/v1/board"]


async def test_one_handler_missing_above_the_minimum_does_not_stop_a_letter(
    small: SmallPortal, short_path: Path
) -> None:
    small.present = (0, 2)
    async with reach(small, short_path) as transport:
        await send(small, transport)

    assert small.open_last_letter(2).device is None


async def test_a_letterbox_that_nobody_empties_gets_no_letter(
    small: SmallPortal, short_path: Path
) -> None:
    small.alive = (1,)
    async with reach(small, short_path) as transport:
        with pytest.raises(NotEmptiedError):
            await send(small, transport)

    assert small.letters == []


async def test_a_letter_goes_after_its_last_chunk(small: SmallPortal, short_path: Path) -> None:
    draft = Draft("a", attachments=(attach_bytes("a.bin", b"x" * 3_000_000),))
    async with reach(small, short_path) as transport:
        await send(small, transport, draft)

    methods = [method for method, _, _ in small.trace]
    assert methods[-1] == "POST"
    assert methods.count("PUT") == 3
    payload = small.open_last_letter().payload
    assert isinstance(payload, LetterPayload)
    assert payload.attachments[0].name == "a.bin"


async def test_a_text_too_long_for_a_letter_goes_as_a_file(
    small: SmallPortal, short_path: Path
) -> None:
    async with reach(small, short_path) as transport:
        sent = await write(
            transport,
            small.charter.org_id,
            ENTROPY,
            Draft("я" * 20_000, "ru"),
            clock=clock,
            random=secrets.token_bytes,
        )

    payload = small.open_last_letter().payload
    assert sent.text_attached
    assert isinstance(payload, LetterPayload)
    assert (payload.text, payload.attachments[0].name) == ("", "letter.txt")
    assert len(small.chunks) == 1


async def test_a_letter_written_again_after_trouble_is_the_very_same(
    small: SmallPortal, short_path: Path
) -> None:
    parcel = await prepare(Draft("a", attachments=(attach_bytes("a", b"b"),)), secrets.token_bytes)
    small.refusals["POST letters"] = [None] * 6

    async def attempt(transport: Transport) -> None:
        await write(
            transport,
            small.charter.org_id,
            ENTROPY,
            parcel,
            clock=clock,
            random=secrets.token_bytes,
            sleep=no_sleep,
        )

    async with reach(small, short_path) as transport:
        with pytest.raises(ConnectionLostError):
            await attempt(transport)
        await attempt(transport)

    assert len(small.letters) == 1
    assert len([seen for seen in small.seen if seen.method == "PUT"]) == 1


async def test_two_letters_of_the_same_text_do_not_look_alike(
    small: SmallPortal, short_path: Path
) -> None:
    async with reach(small, short_path) as transport:
        await send(small, transport)
        await send(small, transport)

    assert len(small.letters) == 2


async def test_progress_goes_through_the_stages_in_order(
    small: SmallPortal, short_path: Path
) -> None:
    small.bits = BITS + 12
    stages: list[str] = []

    def hear(progress: Progress) -> None:
        if progress.stage not in stages:
            stages.append(progress.stage)

    async with reach(small, short_path) as transport:
        await write(
            transport,
            small.charter.org_id,
            ENTROPY,
            Draft("a", attachments=(attach_bytes("a", b"b"),)),
            clock=clock,
            random=secrets.token_bytes,
            on_progress=hear,
        )

    assert [stage for stage in stages if stage != "proof"] == [
        "files",
        "keyring",
        "board",
        "attachments",
        "letter",
    ]
