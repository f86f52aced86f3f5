"""A posted form is read within bounds, and anything else is refused with one status."""

from collections.abc import Sequence

import pytest
from starlette.types import Message

from silent_courier.protocol.errors import BodyCutShortError, RequestRefusedError
from silent_courier.server.bodies import Body
from silent_courier.server.portal.multipart_form import read_form

FIELDS = {"form": 8, "text": 100}
KIND = b"multipart/form-data; boundary=b"


def _part(name: str, value: bytes, more: str = "") -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + value + b"\r\n"


WHOLE = _part("form", b"write") + _part("text", "да\r\n--x".encode()) + b"--b--\r\n"


async def _read(
    pieces: Sequence[bytes], kind: bytes | None = KIND, *, cut: bool = False
) -> dict[str, bytes]:
    messages: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": cut or i < len(pieces) - 1}
        for i, piece in enumerate(pieces)
    ]
    if cut:
        messages.append({"type": "http.disconnect"})

    async def receive() -> Message:
        return messages.pop(0)

    return await read_form(Body({"headers": []}, receive, 10_000), kind, FIELDS)


@pytest.mark.parametrize("length", [1, 7, len(WHOLE)])
async def test_a_form_is_read_however_it_comes_in_pieces(length: int) -> None:
    pieces = [WHOLE[i : i + length] for i in range(0, len(WHOLE), length)]
    assert await _read(pieces) == {"form": b"write", "text": "да\r\n--x".encode()}


async def test_a_files_name_and_type_are_passed_over() -> None:
    more = f'; filename="{"ж" * 200}.txt"\r\nContent-Type: text/html'
    assert await _read([_part("text", b"x", more), b"--b--\r\n"]) == {"text": b"x"}


@pytest.mark.parametrize(
    "kind",
    [
        None,
        b"",
        b"text/plain",
        b"application/x-www-form-urlencoded",
        b"multipart/form-data",
        b"multipart/form-data; boundary=",
        b"multipart/mixed; boundary=b",
        b"multipart/form-data; boundary=" + b"b" * 100,
    ],
)
async def test_another_type_is_no_form(kind: bytes | None) -> None:
    with pytest.raises(RequestRefusedError) as refusal:
        await _read([WHOLE], kind)
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"--b",
        b"form=write",
        WHOLE[:-8],
        _part("other", b"x") + b"--b--\r\n",
        _part("form", b"a") + _part("form", b"b") + b"--b--\r\n",
        _part("form", b"123456789") + b"--b--\r\n",
        _part("text", b"x" * 101) + b"--b--\r\n",
        b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nx\r\n--b--\r\n',
        b"--b\r\n" + b"X: y\r\n" * 20 + b"\r\nx\r\n--b--\r\n",
        _part("text", b"x", '; filename="' + "x" * 9000 + '"') + b"--b--\r\n",
    ],
)
async def test_what_breaks_the_form_is_refused(data: bytes) -> None:
    with pytest.raises(RequestRefusedError) as refusal:
        await _read([data])
    assert refusal.value.status == 400


async def test_who_leaves_in_the_middle_is_gone() -> None:
    with pytest.raises(BodyCutShortError):
        await _read([WHOLE[:20]], cut=True)
