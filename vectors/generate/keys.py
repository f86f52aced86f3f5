"""Cases of everything derived from the words and from a thread key. Spec §1.2, §3.2-§3.4."""

from collections.abc import Iterator

from silent_courier.protocol.calendar import week_of
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.thread import (
    derive_auth,
    derive_cell_key,
    derive_source_id,
    derive_tag,
    derive_tags,
    derive_thread_key,
)
from vectors.generate.case import Case, fields
from vectors.generate.draw import draw
from vectors.generate.organisation import (
    ANCHOR_DAY,
    ENTROPY,
    ORG_ID,
    OTHER_ORG_ID,
    WEEK,
    thread_key,
)

MISTAKE = "caller_mistake"


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    yield from _auth()
    yield from _thread_keys()
    yield from _tags()
    yield _cell_key()
    yield from _weeks()


def _auth() -> Iterator[Case]:
    for generation in (0, 1, 256):
        auth = derive_auth(ENTROPY, ORG_ID, generation)
        given = _derivation(ORG_ID, generation) + fields(
            ("auth", auth), ("source-id", derive_source_id(auth, generation))
        )
        yield Case(f"keys/auth-of-generation-{generation}", "auth", given)
    other = derive_auth(ENTROPY, OTHER_ORG_ID, 1)
    given = _derivation(OTHER_ORG_ID, 1) + fields(
        ("auth", other), ("source-id", derive_source_id(other, 1))
    )
    yield Case("keys/auth-for-another-organisation", "auth", given)
    for name, generation in (("negative", -1), ("too-high", 257)):
        yield Case(
            f"keys/auth-of-a-{name}-generation",
            "auth",
            _derivation(ORG_ID, generation),
            b"",
            MISTAKE,
        )


def _derivation(org_id: bytes, generation: int) -> tuple[tuple[str, str], ...]:
    return fields(("entropy", ENTROPY), ("org-id", org_id), ("generation", generation))


def _thread_keys() -> Iterator[Case]:
    for generation, week in ((1, 0), (1, 9), (2, 9), (256, 520)):
        key = derive_thread_key(ENTROPY, ORG_ID, generation, week).key
        given = _derivation(ORG_ID, generation) + fields(("week", week), ("key", key))
        yield Case(f"keys/thread-key-{generation}-week-{week}", "thread-key", given)
    given = _derivation(ORG_ID, 1) + fields(("week", -1))
    yield Case("keys/thread-key-before-the-first-week", "thread-key", given, b"", MISTAKE)
    start = thread_key()
    for weeks in (0, 9):
        given = fields(("key", start.key), ("week", WEEK), ("to-week", WEEK + weeks))
        stepped = fields(("stepped", start.step_to(WEEK + weeks).key))
        yield Case(f"keys/thread-key-stepped-by-{weeks}", "thread-key.step", given + stepped)
    given = fields(("key", start.key), ("week", WEEK), ("to-week", WEEK - 1))
    yield Case("keys/thread-key-stepped-back", "thread-key.step", given, b"", MISTAKE)


def _tags() -> Iterator[Case]:
    key = thread_key()
    for device, number in ((0, 0), (5, 17), (255, 255)):
        given = fields(("thread-key", key.key), ("device", device), ("number", number))
        tag = fields(("tag", derive_tag(key, device, number)))
        yield Case(f"keys/tag-{device}-{number}", "tag", given + tag)
    for name, device, number in (
        ("number-too-high", 0, 256),
        ("number-negative", 0, -1),
        ("device-too-high", 256, 0),
        ("device-negative", -1, 0),
    ):
        given = fields(("thread-key", key.key), ("device", device), ("number", number))
        yield Case(f"keys/tag-{name}", "tag", given, b"", MISTAKE)
    given = fields(("thread-key", key.key), ("devices", 8), ("sha256", sha256(derive_tags(key, 8))))
    yield Case("keys/tags-of-8-devices", "tags", given)


def _cell_key() -> Case:
    tag, salt = draw("cell-key/tag", 16), draw("cell-key/salt", 16)
    key = derive_cell_key(thread_key(), tag, salt)
    given = fields(("thread-key", thread_key().key), ("tag", tag), ("salt", salt), ("key", key))
    return Case("keys/cell-key", "cell-key", given)


def _weeks() -> Iterator[Case]:
    # The anchor is a Thursday: its week is 20717 to 20723.
    for day in (0, 20_716, 20_717, ANCHOR_DAY, 20_723, 20_724, 20_780):
        given = fields(("day", day), ("anchor-day", ANCHOR_DAY), ("week", week_of(day, ANCHOR_DAY)))
        yield Case(f"keys/week-of-day-{day}", "week", given)
