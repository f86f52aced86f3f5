"""The keyring's bytes, and what a desk may state. Spec §11.3, §12.2.

The server checks statements so that one desk's mistake does not spoil the keyring for everyone;
nobody else relies on its having done so.
"""

from typing import Final

from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.charter import Charter
from silent_courier.protocol.errors import MalformedKeyringError, RequestRefusedError
from silent_courier.protocol.keyring import CLOCK_DAYS_MAX, Keyring, encode_keyring
from silent_courier.protocol.sizes import DAY_KEYS_AHEAD_MAX
from silent_courier.protocol.statements import Statements, verify_statement
from silent_courier.server.standing import Standing

STATEMENTS_LEN_MAX: Final = 32 * 1024
_FORBIDDEN: Final = 403


def assemble_keyring(standing: Standing, statements: Statements, day: int) -> bytes:
    """The keyring of this day: the same bytes for everyone until a part of it changes."""
    return encode_keyring(Keyring(day, standing.chain, statements))


def check_statements(statements: Statements, device: int, charter: Charter, now: float) -> None:
    """Check a batch that this device posted, before any of it is kept.

    Raises:
        RequestRefusedError: of another device (403).
        MalformedKeyringError: for a day out of range.
        StatementSignatureError: not signed under this charter.
    """
    if any(statement.device != device for statement in statements.everything):
        raise RequestRefusedError(_FORBIDDEN)
    today = day_of(now)
    ahead = range(today, today + DAY_KEYS_AHEAD_MAX + 1)
    about_now = range(today - CLOCK_DAYS_MAX, today + CLOCK_DAYS_MAX + 1)
    if not all(statement.day in ahead for statement in statements.day_statements):
        raise MalformedKeyringError
    if not all(sign.day in about_now for sign in statements.signs_of_life):
        raise MalformedKeyringError
    if not all(closure.is_in_range for closure in statements.closures):
        raise MalformedKeyringError
    for statement in statements.everything:
        verify_statement(statement, charter)
