"""Sample payloads, as JSON objects that are ready to be changed."""

from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.thread import derive_auth, derive_source_id
from vectors.generate.draw import draw
from vectors.generate.organisation import (
    ENTROPY,
    FIRST,
    ORG_ID,
    TODAY,
    WEEK,
    Json,
    thread_key,
)

AUTH = derive_auth(ENTROPY, ORG_ID, 1)
SOURCE_ID = derive_source_id(AUTH, 1)


def _common(kind: str) -> Json:
    return {
        "kind": kind,
        "version": 1,
        "id": draw(f"payload-id/{kind}", 16).hex(),
        "org_id": ORG_ID.hex(),
        "charter": FIRST.charter.hash.hex(),
        "day": TODAY,
        "generation": 1,
    }


def letter(**changes: object) -> Json:
    """A source's letter without attachments or form."""
    return {
        **_common("letter"),
        "auth": AUTH.hex(),
        "thread_key": thread_key().key.hex(),
        "week": WEEK,
        "language": "ru",
        "text": "Здравствуйте. Я работаю на складе, и мне есть что рассказать.",
        **changes,
    }


def kept(**changes: object) -> Json:
    """The same letter as desks keep it."""
    secret = ("auth", "thread_key", "week")
    stays = {name: value for name, value in letter().items() if name not in secret}
    return {**stays, "kind": "kept", "source_id": SOURCE_ID.hex(), **changes}


def attachment(**changes: object) -> Json:
    """An attachment as a letter names it."""
    return {
        "id": draw("attachment/id", 16).hex(),
        "name": "накладная.pdf",
        "size": 3_200_000,
        "sha256": draw("attachment/sha256", 32).hex(),
        "key": draw("attachment/key", 32).hex(),
        "chunks": 4,
        **changes,
    }


def cover(**changes: object) -> Json:
    """Nothing, in the shape of a letter."""
    return {"kind": "cover", "version": 1, **changes}


def note(**changes: object) -> Json:
    """A note to colleagues."""
    return {**_common("note"), "source_id": SOURCE_ID.hex(), "text": "Перезвоню завтра", **changes}


def reply_copy(**changes: object) -> Json:
    """A colleague's copy of a reply."""
    return {
        **_common("reply-copy"),
        "source_id": SOURCE_ID.hex(),
        "reply_id": draw("payload-id/reply", 16).hex(),
        "language": "ru",
        "text": "Спасибо, мы прочли.",
        **changes,
    }


def reseal(letters: int = 2, **changes: object) -> Json:
    """File keys for a colleague who was away."""
    keys = [
        {"letter": draw(f"reseal/{i}", 32).hex(), "file_key": draw(f"reseal/key/{i}", 16).hex()}
        for i in range(letters)
    ]
    return {**_common("reseal"), "letters": keys, **changes}


def history(**changes: object) -> Json:
    """One part of an old letter."""
    part = {"letter": draw("history/letter", 32).hex(), "part": 0, "parts": 3}
    return {**_common("history"), **part, "data": draw("history/data", 100).hex(), **changes}


def mark(letters: int = 2, **changes: object) -> Json:
    """Which letters a person has opened."""
    ids = [draw(f"mark/{i}", 16).hex() for i in range(letters)]
    opened = {"letters": ids, "opened": TODAY, "acknowledged": False}
    return {**_common("mark"), "source_id": SOURCE_ID.hex(), **opened, **changes}


def digest(letters: int = 3, **changes: object) -> Json:
    """Which letters of yesterday a desk was shown."""
    hashes = sorted(draw(f"digest/{i}", 32) for i in range(letters))
    shown = {
        "listed": TODAY - 1,
        "count": letters,
        "digest": sha256(b"".join(hashes)).hex(),
        "prefixes": b"".join(each[:8] for each in hashes).hex(),
    }
    return {**_common("digest"), **shown, **changes}


def change(**changes: object) -> Json:
    """A label, put on a thread at noon."""
    clock = ((TODAY * 24 + 12) * 3600) << 16
    said = {"field": "label", "item": "склад", "value": "on", "clock": clock, "removes": []}
    return {**_common("change"), "source_id": SOURCE_ID.hex(), **said, **changes}


def reply(**changes: object) -> Json:
    """A handler's answer."""
    text = "Спасибо. Что было в накладной?"
    return {**_common("reply"), "to": SOURCE_ID.hex(), "language": "ru", "text": text, **changes}


def opened(**changes: object) -> Json:
    """An acknowledgement."""
    return {**_common("opened"), "to": SOURCE_ID.hex(), "opened": TODAY, **changes}
