import json

import pytest

from silent_courier.desk.app.serving import BODY_MAX
from tests.unit.desk.app.kit import Visitor


def _own(visitor: Visitor) -> dict[str, str]:
    return {
        "Origin": str(visitor.http.base_url).rstrip("/"),
        "Content-Type": "application/json",
        "Authorization": f"Bearer {visitor.session}",
    }


async def test_the_page_is_served_with_the_strict_policy(visitor: Visitor) -> None:
    for path in ("/", "/desk.js", "/desk.css", "/icon.png"):
        answer = await visitor.http.get(path)
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert not answer.headers.keys() & {"server", "date", "set-cookie"}


async def test_a_rebound_name_gets_nothing_not_even_the_page(visitor: Visitor) -> None:
    for path in ("/", "/desk.js", "/api/state"):
        answer = await visitor.http.get(path, headers={"Host": "evil.example"})
        assert answer.status_code == 403


async def test_a_foreign_page_gets_nothing_even_with_the_session(visitor: Visitor) -> None:
    await visitor.unlock()
    for origin in ("http://evil.example", "null"):
        headers = {**_own(visitor), "Origin": origin}
        answer = await visitor.http.post("/api/threads", content="{}", headers=headers)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
    assert (await visitor.http.options("/api/threads")).status_code in (403, 405)


@pytest.mark.parametrize(
    "path", ["state", "unlock", "lock", "threads", "thread", "write", "export"]
)
async def test_nothing_is_told_or_done_without_the_session(visitor: Visitor, path: str) -> None:
    await visitor.unlock()
    for session in ("", "0" * 64, visitor.session.upper() + "0"):
        visitor.session = session
        assert (await visitor.ask(path)).status_code == 401
    assert visitor.app.keeper.is_open


async def test_two_tokens_are_none(visitor: Visitor) -> None:
    await visitor.begin()
    bearer = ("Authorization", f"Bearer {visitor.session}")
    headers = [*_own(visitor).items(), bearer]
    answer = await visitor.http.post("/api/state", content="{}", headers=headers)
    assert answer.status_code == 401


async def test_unknown_paths_methods_and_queries_are_refused(visitor: Visitor) -> None:
    await visitor.begin()
    assert (await visitor.ask("nothing")).status_code == 404
    assert (await visitor.http.get("/../etc/passwd")).status_code == 404
    assert (await visitor.http.get("/?a")).status_code == 404
    assert (await visitor.http.get("/api/state")).status_code == 405
    assert (await visitor.http.request("DELETE", "/")).status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"thread":1,"kind":"reply","text":"a"}',
        b'{"thread":"aa","kind":"letter","text":"a"}',
        b'{"thread":"aa","kind":"reply"}',
        b'{"thread":"aa","kind":"reply","text":"\\ud800"}',
        b'{"thread":"aa","kind":"reply","text":"a","more":1}',
        b'{"thread":"aa","kind":"reply","text":"\xff"}',
        b"[" * 50_000,
    ],
)
async def test_what_is_not_the_question_is_refused_in_one_sentence(
    visitor: Visitor, body: bytes
) -> None:
    await visitor.unlock()
    answer = await visitor.http.post("/api/write", content=body, headers=_own(visitor))
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}


async def test_a_body_too_long_is_refused(visitor: Visitor) -> None:
    await visitor.unlock()
    body = json.dumps({"thread": "aa", "kind": "reply", "text": "a" * BODY_MAX})
    answer = await visitor.http.post("/api/write", content=body, headers=_own(visitor))
    assert answer.status_code == 413


async def test_an_error_is_its_constant_sentence(visitor: Visitor) -> None:
    await visitor.unlock()
    answer = await visitor.ask("thread", thread="not-a-thread")
    assert answer.status_code == 404
    assert answer.json() == {"error": "There is no such thread or letter, or more than one."}


async def test_a_fault_of_ours_is_counted_and_tells_nothing(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await visitor.unlock()
    monkeypatch.setattr(visitor.app.keeper.desk.vault, "rows", lambda *_: 1 / 0)
    answer = await visitor.ask("threads")
    assert answer.status_code == 500
    assert "division" not in answer.text
    assert visitor.app.faults == 1
    visitor.app._place.faults = 0
