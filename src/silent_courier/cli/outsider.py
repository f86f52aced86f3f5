"""What anybody can check of a portal, from the bytes it serves: keyring, board, headers.

Knows no more than a visitor. What a hostile server does to one visitor alone it cannot see, and
says nothing about letters. Pure: answers in, findings out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from silent_courier.cli.findings import Finding, bad, fine, from_error, note
from silent_courier.cli.output import format_day, printable_line
from silent_courier.protocol.board_format import parse_board
from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.charter import MAGIC, Charter, Parameters, charter_hash, check_portal
from silent_courier.protocol.errors import MalformedKeyringError, ProtocolError
from silent_courier.protocol.keyring import (
    VerifiedKeyring,
    check_open,
    parse_keyring,
    verify_keyring_statements,
)
from silent_courier.protocol.root import parse_signed_body
from silent_courier.protocol.strict_headers import OCTETS, wrong_headers
from silent_courier.tor.transport import Response

EXPIRY_NOTE_DAYS: Final = 60
EPOCHS_LATE_MAX: Final = 1
_MANY_BITS: Final = 20

_NAME_LEN_MAX: Final = 40
_HEADERS_SHOWN_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """What was served: keyring, board, manifest, a challenge, and what does not exist."""

    keyring: Response
    board: Response
    manifest: Response
    challenge: Response
    nowhere: Response


@dataclass(frozen=True, slots=True)
class Verdict:
    """The findings, and what the portal says it is (hex; None when it does not say so soundly).

    keyring: what it showed, if that verifies.
    """

    findings: tuple[Finding, ...]
    org_id: str | None
    name: str | None
    keyring: VerifiedKeyring | None = None


def judge(seen: Seen, org_id: bytes | None, now: float, host: str = "") -> Verdict:
    """Check everything that was seen.

    Args:
        seen: untrusted.
        org_id: 32 bytes to hold it to; None takes the portal's word and says so.
        now: seconds since 1970, by our own clock.
        host: where all this came from.
    """
    findings: list[Finding] = []
    keyring: VerifiedKeyring | None = None
    claimed = None
    try:
        claimed = org_id or _claimed_org_id(seen.keyring)
        keyring = verify_keyring_statements(_body(seen.keyring), claimed, day_of(now))
    except ProtocolError as error:
        findings.append(from_error(error))
    if keyring is not None:
        if org_id is None:
            findings.append(note("The portal itself says who it is.", _COMPARE))
        findings += _judge_keyring(keyring, day_of(now))
        findings += _judge_address(keyring.charter, host)
    findings += _judge_board(seen.board, keyring, now)
    findings += _judge_challenge(seen.challenge)
    findings += _judge_headers(seen)
    name = keyring.charter.body.name if keyring else None
    return Verdict(tuple(findings), claimed.hex() if claimed and keyring else None, name, keyring)


_COMPARE: Final = "Compare the fingerprint with the one that the organisation publishes elsewhere."


def _claimed_org_id(response: Response) -> bytes:
    charters = parse_keyring(_body(response)).charters
    if not charters:
        raise MalformedKeyringError
    return charter_hash(parse_signed_body(charters[0], MAGIC).body)


def _body(response: Response) -> bytes:
    if response.status != 200:
        raise MalformedKeyringError
    return response.body


def _judge_keyring(keyring: VerifiedKeyring, today: int) -> Iterator[Finding]:
    charter = keyring.charter
    yield fine(f"The charter, serial {charter.body.serial}, is signed by the organisation's root.")
    yield _judge_expiry(charter, today)
    yield from _judge_presence(keyring)
    yield from _judge_signs(keyring, today)
    for closure in keyring.closures:
        label = printable_line(charter.label_of(closure.device))
        yield note(f"{label} is away until {format_day(closure.until)}.")
    try:
        check_open(keyring, today)
    except ProtocolError as error:
        yield from_error(error)


def _judge_address(charter: Charter, host: str) -> Iterator[Finding]:
    try:
        check_portal(charter, host)
    except ProtocolError as error:
        yield from_error(error)


def _judge_expiry(charter: Charter, today: int) -> Finding:
    left = charter.body.expires - today
    sentence = f"The charter holds until {format_day(charter.body.expires)}, {left} days."
    if left <= EXPIRY_NOTE_DAYS:
        return note(sentence, "The organisation should renew it.")
    return fine(sentence)


def _judge_presence(keyring: VerifiedKeyring) -> Iterator[Finding]:
    handlers = len(keyring.charter.current_handlers)
    present = handlers - len(keyring.missing)
    yield fine(f"{present} of {handlers} handlers can read a letter of {format_day(keyring.day)}.")
    for handler in keyring.missing:
        yield note(f"{printable_line(handler.label)} has stated no key for today.")


def _judge_signs(keyring: VerifiedKeyring, today: int) -> Iterator[Finding]:
    fresh = today - keyring.charter.body.parameters.sign_of_life_days
    for handler in keyring.charter.current_handlers:
        label = printable_line(handler.label)
        last = keyring.last_sign_of_life.get(handler.handler)
        if last is None:
            yield note(f"{label} has given no sign of life under this charter.")
        elif last < fresh:
            yield note(f"{label} emptied the letterbox last on {format_day(last)}.")
        else:
            yield fine(f"{label} emptied the letterbox on {format_day(last)}.")


def _judge_board(
    response: Response, keyring: VerifiedKeyring | None, now: float
) -> Iterator[Finding]:
    try:
        if response.status != 200:
            raise MalformedKeyringError
        board = parse_board(response.body)
    except ProtocolError:
        yield bad("The board is not in the form it should have.", "Tell the operator.")
        return
    size = f"{len(board.cells)} cells, {len(response.body) / 1e6:.1f} MB"
    yield fine(f"The board is well-formed and sorted: {size}.")
    if keyring is None:
        return
    parameters = keyring.charter.body.parameters
    late = int(now // parameters.epoch_seconds) - board.epoch
    if abs(late) > EPOCHS_LATE_MAX:
        yield bad(f"The board is {late} epochs behind the clock.", "Tell the operator.")
    else:
        yield fine("The board is of this epoch.")
    yield _judge_size(len(board.cells), parameters)


def _judge_size(cells: int, parameters: Parameters) -> Finding:
    """A board holds what was born in at least the shortest and at most the longest life."""
    births = parameters.births_per_epoch
    least, most = births * parameters.cell_life_epochs_min, births * parameters.cell_life_epochs_max
    if not least <= cells <= most:
        return bad(
            f"The board should hold {least} to {most} cells.",
            "Its size may tell when answers are posted. Tell the operator.",
        )
    return fine(f"Its size is as the charter says: {least} to {most} cells.")


def _judge_challenge(response: Response) -> Iterator[Finding]:
    if response.status != 200 or not response.body:
        yield bad("The portal gives no proof-of-work challenge.", "Tell the operator.")
        return
    bits = response.body[0]
    sentence = f"A ticket costs a proof of work of {bits} bits."
    yield note(sentence, "The portal may be under load.") if bits > _MANY_BITS else fine(sentence)


def _judge_headers(seen: Seen) -> Iterator[Finding]:
    answers = (seen.keyring, seen.board, seen.manifest, seen.challenge, seen.nowhere)
    wrong = sorted({name for answer in answers for name in _wrong_headers(answer)})
    for name in wrong[:_HEADERS_SHOWN_MAX]:
        shown = printable_line(name.decode("latin-1"))[:_NAME_LEN_MAX]
        yield bad(
            f"Not every answer has the right headers: look at {shown}.",
            "Something changes the answers, the server itself or what stands before it.",
        )
    if not wrong:
        yield fine("The headers are exactly the strict ones, on errors too, and tell nothing.")
    if seen.nowhere.status != 404 or seen.nowhere.body:
        yield bad("What does not exist is not answered with an empty 404.", "Tell the operator.")


def _wrong_headers(response: Response) -> list[bytes]:
    return wrong_headers(response.headers, OCTETS, len(response.body))
