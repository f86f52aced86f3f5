import dataclasses
from collections.abc import Callable

import pytest

from silent_courier.cli.outsider import Seen, Verdict, judge
from silent_courier.organisation.issue import issue
from silent_courier.organisation.roster import Roster, enrol
from silent_courier.protocol.access import RequestBody
from silent_courier.protocol.age.hybrid import HybridIdentity
from silent_courier.protocol.board_format import encode_board
from silent_courier.protocol.charter import Charter
from silent_courier.protocol.keyring import Keyring, encode_keyring
from silent_courier.protocol.primitives import ed25519_public
from silent_courier.protocol.root import RootKey
from silent_courier.protocol.signing import DeviceKey
from silent_courier.protocol.sizes import CELL_LEN
from silent_courier.protocol.statements import (
    DayStatement,
    SignOfLife,
    Statements,
    sign_statement,
)
from silent_courier.protocol.strict_headers import PORTAL_POLICY as POLICY
from silent_courier.server.answers import headers
from silent_courier.tor.transport import Response

TODAY = 20_000
NOW = TODAY * 86_400.0 + 60
SEEDS = {0: b"\x01" * 32, 4: b"\x02" * 32}
RECIPIENT = HybridIdentity(b"\x07" * 32).recipient().public_key
CELLS = 2 * 37 * 24


def answer(body: bytes, status: int = 200) -> Response:
    return Response(status, body, tuple(headers(len(body))))


def make_charter() -> tuple[Charter, bytes]:
    roster = Roster(name="Sample", portal="127.0.0.1:1", desk="127.0.0.1:2")
    for label, seed in zip(("Anna", "Boris"), SEEDS.values(), strict=True):
        key = ed25519_public(seed).hex()
        request = RequestBody(
            label=label, signing_key=key, tor_client_key="2" * 64, token_hash="3" * 64
        )
        roster = enrol(roster, request)
    issued = issue(roster, (), RootKey(b"\x05" * 32, b"\x06" * 32), TODAY - 300)
    return issued.charter, issued.file


CHARTER, FILE = make_charter()


def make_keyring(*, keys: tuple[int, ...] = (0, 4), alive: int = TODAY, day: int = TODAY) -> bytes:
    def signed(device: int) -> tuple[DayStatement, SignOfLife]:
        key = DeviceKey(device, SEEDS[device])
        stated = DayStatement(device, day, RECIPIENT)
        return (
            sign_statement(stated, CHARTER, key),
            sign_statement(SignOfLife(device, alive), CHARTER, key),
        )

    both = [signed(device) for device in SEEDS]
    statements = Statements(
        tuple(s for s, _ in both if s.device in keys), tuple(sign for _, sign in both)
    )
    return encode_keyring(Keyring(day, (FILE,), statements))


def make_board(epoch: int = int(NOW // 3600), cells: int = CELLS) -> bytes:
    return encode_board(epoch, (n.to_bytes(16, "big") + bytes(CELL_LEN - 16) for n in range(cells)))


SEEN = Seen(
    keyring=answer(make_keyring()),
    board=answer(make_board()),
    manifest=answer(b"", 404),
    challenge=answer(b"\x0e" + bytes(16)),
    nowhere=answer(b"", 404),
)


def sentences(verdict: Verdict, level: str) -> list[str]:
    return [f.sentence for f in verdict.findings if f.level == level]


def test_an_honest_portal_is_fine() -> None:
    verdict = judge(SEEN, CHARTER.org_id, NOW)
    assert sentences(verdict, "bad") == []
    assert sentences(verdict, "note") == []
    assert verdict.org_id == CHARTER.org_id.hex()


def test_without_a_fingerprint_its_own_word_is_taken_and_that_is_said() -> None:
    verdict = judge(SEEN, None, NOW)
    assert verdict.org_id == CHARTER.org_id.hex()
    assert sentences(verdict, "note") == ["The portal itself says who it is."]


def replaced(**parts: Response) -> Callable[[], Verdict]:
    return lambda: judge(dataclasses.replace(SEEN, **parts), CHARTER.org_id, NOW)


def with_header(name: bytes, value: bytes | None) -> Response:
    kept = tuple(h for h in SEEN.nowhere.headers if h[0] != name)
    return Response(404, b"", kept + (((name, value),) if value is not None else ()))


@pytest.mark.parametrize(
    ("look", "word"),
    [
        (lambda: judge(SEEN, bytes(32), NOW), "another organisation"),
        (lambda: judge(SEEN, CHARTER.org_id, NOW + 3 * 86_400), "clock"),
        (replaced(keyring=answer(make_keyring(keys=(0,)))), "Too few handlers"),
        (replaced(keyring=answer(make_keyring(alive=TODAY - 8))), "not being emptied"),
        (replaced(keyring=answer(make_keyring()[:-1])), "keyring"),
        (replaced(keyring=answer(b"")), "keyring"),
        (replaced(keyring=answer(b"", 503)), "keyring"),
        (replaced(board=answer(make_board()[:-1])), "board is not in the form"),
        (replaced(board=answer(make_board(epoch=int(NOW // 3600) - 2))), "2 epochs behind"),
        (replaced(board=answer(make_board(cells=2 * 30 * 24 - 1))), "should hold"),
        (replaced(board=answer(make_board(cells=2 * 44 * 24 + 1))), "should hold"),
        (replaced(challenge=answer(b"", 503)), "no proof-of-work"),
        (replaced(nowhere=answer(b"", 200)), "does not exist"),
        (replaced(nowhere=with_header(b"date", b"x")), "look at date."),
        (replaced(nowhere=with_header(b"server", b"x")), "look at server."),
        (replaced(nowhere=with_header(b"set-cookie", b"x")), "look at set-cookie."),
        (replaced(nowhere=with_header(b"cache-control", None)), "cache-control"),
        (replaced(nowhere=with_header(b"permissions-policy", None)), "permissions-policy"),
        (replaced(board=with_header(b"refresh", b"0; url=/en/other")), "look at refresh."),
        (replaced(challenge=with_header(b"x\x1b[2J", b"x")), "look at x"),
        (replaced(nowhere=with_header(b"content-type", b"text/html")), "look at content-type."),
        (
            replaced(nowhere=with_header(b"content-security-policy", POLICY + b"; a")),
            "look at content-security-policy.",
        ),
    ],
)
def test_what_is_not_as_it_should_be_is_found(look: Callable[[], Verdict], word: str) -> None:
    assert any(word in sentence for sentence in sentences(look(), "bad"))


def test_a_charter_that_ends_soon_is_noted() -> None:
    later = TODAY + 10
    seen = dataclasses.replace(
        SEEN,
        keyring=answer(make_keyring(day=later, alive=later)),
        board=answer(make_board(epoch=int(NOW + 864_000) // 3600)),
    )
    verdict = judge(seen, CHARTER.org_id, NOW + 10 * 86_400)
    assert any("55 days" in sentence for sentence in sentences(verdict, "note"))


def test_hard_work_is_noted() -> None:
    verdict = replaced(challenge=answer(b"\x15" + bytes(16)))()
    assert any("21 bits" in sentence for sentence in sentences(verdict, "note"))


def test_a_copy_at_another_onion_is_found() -> None:
    verdict = judge(SEEN, CHARTER.org_id, NOW, f"{'a' * 56}.onion")
    assert any("another address" in finding.sentence for finding in verdict.findings)
    assert judge(SEEN, CHARTER.org_id, NOW, "127.0.0.1") == judge(SEEN, CHARTER.org_id, NOW)
