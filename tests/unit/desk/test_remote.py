import pytest

from silent_courier.desk.remote import DeskServer
from silent_courier.protocol.errors import (
    ConnectionLostError,
    DeskRefusedError,
    ResponseTooLongError,
    UnexpectedAnswerError,
)
from silent_courier.protocol.sizes import SEALED_CHUNK_LEN
from silent_courier.tor.transport import Transport
from tests.servers import Seen, ok
from tests.unit.desk.kit import SmallServer, body, hang_up, status, token

NAME = b"n" * 32


@pytest.fixture
def remote(transport: Transport) -> DeskServer:
    return DeskServer(transport, token(0))


async def test_days_and_lists_are_read(remote: DeskServer, server: SmallServer) -> None:
    one, two = server.put(b"one", 5), server.put(b"two", 7)

    assert await remote.days() == {5: 1, 7: 1}
    assert await remote.letters_of(5) == [one]
    assert await remote.read_letters([two, NAME, one]) == [b"two", b"", b"one"]


async def test_a_wrong_token_is_said(transport: Transport) -> None:
    with pytest.raises(DeskRefusedError):
        await DeskServer(transport, bytes(32)).days()


@pytest.mark.parametrize(
    "answer",
    [
        b"x",
        bytes(7),
        bytes(16),
        (7).to_bytes(4, "big") + bytes(4) + (5).to_bytes(4, "big") + bytes(4),
    ],
)
async def test_days_out_of_form_or_order_are_refused(
    remote: DeskServer, server: SmallServer, answer: bytes
) -> None:
    server.overrides["/v1/days"] = body(answer)

    with pytest.raises(UnexpectedAnswerError):
        await remote.days()


@pytest.mark.parametrize("answer", [bytes(31), bytes(33)])
async def test_a_list_out_of_form_is_refused(
    remote: DeskServer, server: SmallServer, answer: bytes
) -> None:
    server.overrides["/v1/days/5"] = body(answer)

    with pytest.raises(UnexpectedAnswerError):
        await remote.letters_of(5)


@pytest.mark.parametrize(
    "answer", [b"", b"\0", bytes(8), b"\0\0\0\5abcd", b"\xff\xff\xff\xff", b"\0\0\0\1x\0"]
)
async def test_letters_that_do_not_add_up_are_refused(
    remote: DeskServer, server: SmallServer, answer: bytes
) -> None:
    server.overrides["/v1/letters/read"] = body(answer)

    with pytest.raises(UnexpectedAnswerError):
        await remote.read_letters([NAME])


@pytest.mark.parametrize("code", [400, 404, 500, 503])
async def test_an_answer_nobody_foresaw_carries_its_status(
    remote: DeskServer, server: SmallServer, code: int
) -> None:
    server.overrides["/v1/keyring"] = status(code)

    with pytest.raises(UnexpectedAnswerError) as raised:
        await remote.keyring()
    assert raised.value.status == code


async def test_an_endless_answer_is_cut_off(remote: DeskServer, server: SmallServer) -> None:
    server.overrides["/v1/letters/read"] = body(bytes(1_000_000))

    with pytest.raises(ResponseTooLongError):
        await remote.read_letters([NAME])


async def test_a_chunk_is_there_or_not_or_of_the_wrong_length(
    remote: DeskServer, server: SmallServer
) -> None:
    server.chunks = {NAME.hex(): bytes(SEALED_CHUNK_LEN), (b"m" * 32).hex(): b"short"}

    assert await remote.read_chunk(NAME, 0) == bytes(SEALED_CHUNK_LEN)
    assert await remote.read_chunk(b"o" * 32, 1) is None
    with pytest.raises(UnexpectedAnswerError):
        await remote.read_chunk(b"m" * 32, 0)


async def test_what_was_lost_on_the_way_is_posted_again(
    remote: DeskServer, server: SmallServer
) -> None:
    answers = iter([None, None, ok(status=204)])

    def losing(_: Seen) -> bytes | None:
        return next(answers)

    server.overrides["/v1/cells"] = losing
    assert await remote.post("/v1/cells", bytes(1024)) == 204
    assert server.posted("/v1/cells") == [bytes(1024)] * 3


async def test_a_connection_that_stays_lost_is_said(
    remote: DeskServer, server: SmallServer
) -> None:
    server.overrides["/v1/cells"] = hang_up

    with pytest.raises(ConnectionLostError):
        await remote.post("/v1/cells", bytes(1024))
