"""Everything that can be asked, asked wrongly: without a session, locked, with junk, about another
thread's things.
"""

import random
from typing import Any

import msgspec

from silent_courier.desk.app.serving import BODY_MAX, Route
from tests.unit.desk.app.kit import Visitor, letter_of, one_thread, synced, until
from tests.unit.desk.kit import PASSPHRASE, SmallServer, make_file, seal
from tests.unit.protocol.makers import Organisation

AT_THE_DOOR = {"state", "unlock", "lock", "start", "create", "phrase", "judge", "can-look"}
"""What a locked desk answers, since it is about the door or about nothing in the vault."""

JUNK: tuple[str, ...] = (
    "", "a", "\0", "'", '"; DROP TABLE entry; --', "%%%%", "____", "zz" * 32, "00" * 32, "*", '"',
    "\u202e\u2066x", "İ" * 8, "é" * 40_000, "a" * 60_000, "../../etc/passwd", "-1", "NEAR(a b)",
    "a* OR b", "(", "😀" * 5000, "2026-02-30", "9999-12-31", "0001-01-01", "10000-01-01",
    "١٢٣٤", "en", "xx", "zh-hans", "../../../../tmp/x", "\r\nSet-Cookie: a=b", "=cmd|' /C calc'!A0",
)  # fmt: skip
NUMBERS = (0, -1, 1, 2**31, 2**63 - 1, 2**63, -(2**63), 2**64, 10**30, -(10**30))


def names(visitor: Visitor) -> dict[str, Route]:
    """Every route, by its name without the path."""
    routes = visitor.app._place.routes
    return {path.removeprefix("/api/"): route for path, route in routes.items()}


async def test_all_but_the_exchange_of_the_start_token_needs_a_session(visitor: Visitor) -> None:
    found = names(visitor)
    assert [name for name, route in found.items() if not route.session] == ["start"]
    for name in found:
        answer = await visitor.ask(name)
        assert answer.status_code == (400 if name == "start" else 401), name


def question_of(route: Route, thread: str) -> dict[str, object]:
    """A question of the right form."""
    asked: dict[str, object] = {}
    for each in msgspec.structs.fields(route.question):
        choices: tuple[Any, ...] = getattr(each.type, "__args__", ())
        if each.name in {"thread", "other"}:
            asked[each.name] = thread
        elif each.name == "threads":
            asked[each.name] = [thread]
        elif each.name == "language":
            asked[each.name] = "en"
        elif each.name == "new":
            asked[each.name] = "скамья ветер кисель глобус рельс обед"
        elif each.required:
            is_choice = choices and isinstance(choices[0], str)
            simple = {str: "ab" * 16, bool: True}
            kind = str if str in choices else each.type
            asked[each.name] = choices[0] if is_choice else simple.get(kind, 0)
    return asked


async def test_a_locked_desk_tells_nothing_of_what_is_in_it_and_does_nothing(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)
    await visitor.told("lock")
    for name, route in names(visitor).items():
        if name in AT_THE_DOOR:
            continue
        answer = await visitor.ask(name, **question_of(route, thread))
        assert (answer.status_code, name) in {(423, name), (200, "progress"), (200, "stop")}, name
        assert thread not in answer.text
    state = await visitor.told("state")
    assert set(state) == {"locked", "vault", "wait_s", "language", "broke", "lost"}
    assert (await visitor.told("progress")) == {"done": 0, "total": 0}


async def test_whatever_a_page_asks_with_breaks_nothing(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)
    (entry,) = (await visitor.told("thread", thread=thread))["entries"]
    chance = random.Random(7)
    sound: dict[str, list[Any]] = {
        "thread": [thread, thread[:8]], "other": [thread], "threads": [[thread]],
        "entry": [entry["id"]], "letter": [entry["letter"]], "kind": ["reply", "note"],
        "what": ["closed", "muted", "held"], "show": ["all"],
    }  # fmt: skip
    left_out = {"lock", "start", "passphrase", "create", "backup", "delete", "unlock"}
    for name, route in names(visitor).items():
        fields = msgspec.structs.fields(route.question)
        for _ in range(25 if fields and name not in left_out else 0):
            asked: dict[str, Any] = {}
            for each in fields:
                if each.name in sound and chance.random() < 0.6:
                    asked[each.name] = chance.choice(sound[each.name])
                elif each.name == "threads":
                    asked[each.name] = [chance.choice(JUNK)]
                else:
                    plain = {int: NUMBERS, bool: (True, False)}.get(each.type, JUNK)
                    asked[each.name] = chance.choice(plain)
            answer = await visitor.ask(name, **asked)
            assert answer.status_code in {200, 400, 404, 409, 413, 503}, (name, answer.text)
            assert set(answer.headers) >= {"content-security-policy", "x-content-type-options"}
    assert visitor.app.faults == 0
    assert (await visitor.told("overview"))["threads"] == 1


async def test_nothing_of_one_thread_is_reached_through_another(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    """The name of a thread and that of a thing of another's: an attachment, an entry, a draft."""
    file = make_file(org, "b.txt", b"theirs")
    server.chunks |= file.chunks
    for number, files in ((1, ()), (2, (file.attachment,))):
        letter = letter_of(org, number, attachments=files, text=f"of {number}")
        server.put(seal(org, letter))
    await visitor.unlock()
    await synced(visitor)
    await until(lambda: visitor.app.rounds)
    rows = (await visitor.told("threads"))["rows"]
    mine, theirs = sorted(rows, key=lambda row: row["preview"])
    await visitor.told("write", thread=theirs["thread"], kind="reply", text="their answer")
    await visitor.told("draft", thread=theirs["thread"], kind="note", text="their draft")
    letter, answer = (await visitor.told("thread", thread=theirs["thread"]))["entries"]
    own = mine["thread"]
    wrong = (
        ("picture", {"entry": letter["id"], "position": 0}),
        ("export", {"entry": letter["id"], "position": 0}),
        ("export-cleaned", {"entry": letter["id"], "position": 0}),
        ("translate", {"entry": letter["id"], "language": "en", "text": "x"}),
        ("take-back", {"entry": answer["id"]}),
        ("post-again", {"entry": answer["id"]}),
        ("settle", {"letter": letter["letter"]}),
    )
    for name, thing in wrong:
        refused = await visitor.ask(name, thread=own, **thing)
        assert refused.status_code == 404, name
        assert "their" not in refused.text
    assert (await visitor.told("thread", thread=own))["drafts"] == {}
    whole = await visitor.told("thread", thread=theirs["thread"])
    assert whole["drafts"] == {"note": "their draft"}
    assert whole["entries"][1]["can_take_back"]
    assert whole["entries"][0]["translations"] == []


async def test_what_is_looked_for_is_never_a_query(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    await one_thread(visitor, server, org)
    for words in (*JUNK, "тен*", '"тендер', "body:тендер", "тендер NOT письмо", "^тендер", "{a b}"):
        if len(words) < BODY_MAX // 4:
            assert (await visitor.ask("search", words=words)).status_code == 200
    assert (await visitor.ask("search", words=PASSPHRASE)).json()["hits"] == []
