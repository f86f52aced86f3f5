"""The keyring: everything a source needs before it writes, in one document. Spec §9.

The server puts it together and is trusted for nothing in it. The steps of
`verify_keyring` carry the numbers of spec §9.5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from silent_courier.protocol.charter import (
    Charter,
    Handler,
    check_dates,
    handler_of,
    verify_chain,
)
from silent_courier.protocol.errors import (
    ClockError,
    MalformedKeyringError,
    NotEmptiedError,
    TooFewDayKeysError,
)
from silent_courier.protocol.sizes import DAY_LEN, KEYRING_LEN_MAX, LENGTH_PREFIX_LEN
from silent_courier.protocol.statements import (
    Closure,
    DayStatement,
    SignOfLife,
    Statements,
    encode_statements,
    parse_statements,
    verify_statement,
)

_MAGIC: Final = b"SCKR\x01"
_HEAD_LEN: Final = len(_MAGIC) + DAY_LEN + 1
CLOCK_DAYS_MAX: Final = 1


@dataclass(frozen=True, slots=True)
class Keyring:
    """A keyring taken apart; nothing in it is verified."""

    day: int
    charters: tuple[bytes, ...]
    statements: Statements


@dataclass(frozen=True, slots=True)
class VerifiedKeyring:
    """What may be relied on: the charter, today's day keys, who is missing, when it was emptied."""

    charter: Charter
    day: int
    day_statements: tuple[DayStatement, ...]
    missing: tuple[Handler, ...]
    last_sign_of_life: dict[int, int]
    closures: tuple[Closure, ...]


def encode_keyring(keyring: Keyring) -> bytes:
    """The keyring's bytes; the same for everyone on one day. Spec §9.4."""
    head = _MAGIC + keyring.day.to_bytes(DAY_LEN, "big") + bytes([len(keyring.charters)])
    charters = b"".join(
        len(file).to_bytes(LENGTH_PREFIX_LEN, "big") + file for file in keyring.charters
    )
    return head + charters + encode_statements(keyring.statements)


def parse_keyring(data: bytes) -> Keyring:
    """Take a keyring apart.

    Raises:
        MalformedKeyringError: other magic, or lengths that do not add up.
    """
    if data[: len(_MAGIC)] != _MAGIC or not _HEAD_LEN <= len(data) <= KEYRING_LEN_MAX:
        raise MalformedKeyringError
    position = _HEAD_LEN
    charters: list[bytes] = []
    for _ in range(data[_HEAD_LEN - 1]):
        start = position + LENGTH_PREFIX_LEN
        end = start + int.from_bytes(data[position:start], "big")
        if end > len(data):
            raise MalformedKeyringError
        charters.append(data[start:end])
        position = end
    day = int.from_bytes(data[len(_MAGIC) : _HEAD_LEN - 1], "big")
    return Keyring(day, tuple(charters), parse_statements(data[position:]))


def verify_keyring(data: bytes, org_id: bytes, today: int) -> VerifiedKeyring:
    """Verify a keyring as a source must before it seals a letter. Spec §9.5.

    Args:
        data: untrusted.
        org_id: the 32 bytes the source was told.
        today: the day by the source's own clock.

    Raises:
        As `verify_keyring_statements` and `check_open`.
    """
    verified = verify_keyring_statements(data, org_id, today)
    check_open(verified, today)
    return verified


def verify_keyring_statements(data: bytes, org_id: bytes, today: int) -> VerifiedKeyring:
    """Steps 1 to 5: all that reading an answer, or a desk's work, relies on. Spec §9.5.

    Raises:
        ProtocolError: MalformedKeyringError, ClockError, any error of `verify_chain`,
            CharterExpiredError, StatementSignatureError
    """
    keyring = parse_keyring(data)  # 1
    if abs(keyring.day - today) > CLOCK_DAYS_MAX:  # 2
        raise ClockError
    charter = verify_chain(keyring.charters, org_id)  # 3
    check_dates(charter, today)  # 4
    for statement in keyring.statements.everything:  # 5
        verify_statement(statement, charter)
    return VerifiedKeyring(
        charter,
        keyring.day,
        _todays(keyring),
        _missing(charter, _todays(keyring)),
        _last_signs(keyring.statements.signs_of_life, today),
        _standing_closures(keyring),
    )


def check_open(keyring: VerifiedKeyring, today: int) -> None:
    """Steps 6 and 7: whether a letter may be sealed today. Spec §9.5.

    Raises:
        TooFewDayKeysError: fewer handlers than the charter's minimum; names the others.
        NotEmptiedError: too few fresh signs of life.
    """
    _check_enough_handlers(keyring)  # 6
    _check_emptied(keyring, today)  # 7


def choose_day_statements(keyring: VerifiedKeyring) -> tuple[DayStatement, ...]:
    """The day keys a letter is sealed to: at most `letter_slots`, every handler's first device
    before anyone's second. Spec §9.6.
    """
    first_devices_first = sorted(
        keyring.day_statements, key=lambda s: (_rank(s, keyring.day_statements), s.device)
    )
    return tuple(first_devices_first[: keyring.charter.body.parameters.letter_slots])


def _rank(statement: DayStatement, statements: Sequence[DayStatement]) -> int:
    handler = handler_of(statement.device)
    return sum(handler_of(s.device) == handler and s.device < statement.device for s in statements)


def _todays(keyring: Keyring) -> tuple[DayStatement, ...]:
    return tuple(s for s in keyring.statements.day_statements if s.day == keyring.day)


def _missing(charter: Charter, statements: Sequence[DayStatement]) -> tuple[Handler, ...]:
    present = {handler_of(statement.device) for statement in statements}
    return tuple(h for h in charter.current_handlers if h.handler not in present)


def _last_signs(signs: Sequence[SignOfLife], today: int) -> dict[int, int]:
    last: dict[int, int] = {}
    for sign in signs:
        # A device whose clock once ran ahead must not hide what the handler's others say.
        if sign.day <= today + CLOCK_DAYS_MAX:
            handler = handler_of(sign.device)
            last[handler] = max(sign.day, last.get(handler, 0))
    return last


def _standing_closures(keyring: Keyring) -> tuple[Closure, ...]:
    """One without a sensible end is passed over: it refuses nothing, and must not stop anything."""
    closures = keyring.statements.closures
    return tuple(c for c in closures if c.day <= keyring.day <= c.until and c.is_in_range)


def _check_enough_handlers(keyring: VerifiedKeyring) -> None:
    """By those a letter is sealed to, who are fewer where a charter has too few stanzas for all."""
    readers = {handler_of(statement.device) for statement in choose_day_statements(keyring)}
    if len(readers) < keyring.charter.body.parameters.minimum_handlers:
        others = (h for h in keyring.charter.current_handlers if h.handler not in readers)
        raise TooFewDayKeysError(tuple(handler.label for handler in others))


def _check_emptied(keyring: VerifiedKeyring, today: int) -> None:
    oldest = today - keyring.charter.body.parameters.sign_of_life_days
    fresh = sum(day >= oldest for day in keyring.last_sign_of_life.values())
    if fresh < min(2, len(keyring.charter.current_handlers)):
        raise NotEmptiedError
