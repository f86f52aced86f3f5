from starlette.types import Message

from silent_courier.desk.app.answers import SENTENCES, Answer, json_answer, refusal, send_answer


async def test_every_answer_has_the_strict_headers_and_no_others() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await send_answer(send, Answer(200, b"hello", b"text/plain"))
    head = dict(sent[0]["headers"])
    assert head[b"content-length"] == b"5"
    assert b"default-src 'none'" in head[b"content-security-policy"]
    assert b"trusted-types 'none'" in head[b"content-security-policy"]
    assert b"form-action 'none'" in head[b"content-security-policy"]
    assert b"unsafe" not in head[b"content-security-policy"]
    assert head[b"cache-control"] == b"no-store"
    assert not head.keys() & {b"set-cookie", b"server", b"date", b"access-control-allow-origin"}
    assert sent[1]["body"] == b"hello"


def test_a_refusal_is_a_constant_sentence() -> None:
    for status, sentence in SENTENCES.items():
        assert refusal(status) == Answer(status, b'{"error":"%s"}' % sentence.encode())
        assert sentence.endswith(".")
    assert refusal(409, "No.").body == b'{"error":"No."}'
    assert refusal(409, "No.", "Go.").body == b'{"error":"No.","remedy":"Go."}'


def test_json_is_json() -> None:
    assert json_answer({"a": ("я",)}).body == '{"a":["я"]}'.encode()
