"""What devices state about themselves: day keys, signs of life, closures. Spec §9.1-§9.3.

Each has one fixed length and one signed text, which names the organisation, the
charter and the device. Parsing verifies nothing; `verify` does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Self, TypeVar

from silent_courier.protocol.charter import Charter
from silent_courier.protocol.errors import MalformedKeyringError, StatementSignatureError
from silent_courier.protocol.primitives import is_xwing_public
from silent_courier.protocol.signing import DeviceKey, DevicePublic, sign, verify
from silent_courier.protocol.sizes import (
    CLOSURE_DAYS_MAX,
    DAY_LEN,
    DEVICE_LEN,
    ED25519_SIGNATURE_LEN,
    RECIPIENT_LEN,
)

_COUNT_LEN: Final = 2


@dataclass(frozen=True, slots=True)
class DayStatement:
    """*On this day, letters to me are sealed to this recipient* (1216 bytes)."""

    device: int
    day: int
    recipient: bytes
    signature: bytes = b""

    label: ClassVar[str] = "day-key"
    content_len: ClassVar[int] = DAY_LEN + RECIPIENT_LEN

    @property
    def content(self) -> bytes:
        return self.day.to_bytes(DAY_LEN, "big") + self.recipient

    @classmethod
    def from_content(cls, device: int, content: bytes, signature: bytes) -> Self:
        return cls(device, int.from_bytes(content[:DAY_LEN], "big"), content[DAY_LEN:], signature)


@dataclass(frozen=True, slots=True)
class SignOfLife:
    """*On this day I emptied the letterbox under this charter.*"""

    device: int
    day: int
    signature: bytes = b""

    label: ClassVar[str] = "alive"
    content_len: ClassVar[int] = DAY_LEN

    @property
    def content(self) -> bytes:
        return self.day.to_bytes(DAY_LEN, "big")

    @classmethod
    def from_content(cls, device: int, content: bytes, signature: bytes) -> Self:
        return cls(device, int.from_bytes(content, "big"), signature)


@dataclass(frozen=True, slots=True)
class Closure:
    """*From `day` I am away until the end of `until`*; `until` before `day` takes it back."""

    device: int
    day: int
    until: int
    signature: bytes = b""

    label: ClassVar[str] = "closed"
    content_len: ClassVar[int] = 2 * DAY_LEN

    @property
    def is_in_range(self) -> bool:
        """Whether it ends on a day that people can be told."""
        return self.until <= self.day + CLOSURE_DAYS_MAX

    @property
    def content(self) -> bytes:
        return self.day.to_bytes(DAY_LEN, "big") + self.until.to_bytes(DAY_LEN, "big")

    @classmethod
    def from_content(cls, device: int, content: bytes, signature: bytes) -> Self:
        day, until = content[:DAY_LEN], content[DAY_LEN:]
        return cls(device, int.from_bytes(day, "big"), int.from_bytes(until, "big"), signature)


Statement = DayStatement | SignOfLife | Closure
S = TypeVar("S", DayStatement, SignOfLife, Closure)


@dataclass(frozen=True, slots=True)
class Statements:
    """One batch: what a desk posts, and the second half of a keyring."""

    day_statements: tuple[DayStatement, ...] = ()
    signs_of_life: tuple[SignOfLife, ...] = ()
    closures: tuple[Closure, ...] = ()

    @property
    def everything(self) -> tuple[Statement, ...]:
        return (*self.day_statements, *self.signs_of_life, *self.closures)


def sign_statement(statement: S, charter: Charter, key: DeviceKey) -> S:
    """The same statement with this device's 64-byte signature under this charter. Spec §9.1."""
    content = charter.hash + statement.content
    signature = sign(statement.label, charter.org_id, key, content)
    return type(statement).from_content(key.device, statement.content, signature)


def verify_statement(statement: Statement, charter: Charter) -> None:
    """Hold a statement against the charter it must be made under. Spec §9.1.

    Raises:
        StatementSignatureError: no current device of this charter signed it.
        MalformedKeyringError: a day key that nobody can seal to: it would stop every letter.
    """
    public = charter.current_devices.get(statement.device)
    content = charter.hash + statement.content
    if public is None or not verify(
        statement.label,
        charter.org_id,
        DevicePublic(statement.device, public),
        content,
        statement.signature,
    ):
        raise StatementSignatureError
    if isinstance(statement, DayStatement) and not is_xwing_public(statement.recipient):
        raise MalformedKeyringError


def encode_statements(statements: Statements) -> bytes:
    """Three sections, each a 2-byte count and its statements. Spec §9.4."""
    sections = (statements.day_statements, statements.signs_of_life, statements.closures)
    return b"".join(_encode_section(section) for section in sections)


def parse_statements(data: bytes) -> Statements:
    """Take a batch apart; nothing is verified yet.

    Raises:
        MalformedKeyringError: lengths do not add up, or a device stands twice for one day.
    """
    days, rest = _parse_section(data, DayStatement)
    signs, rest = _parse_section(rest, SignOfLife)
    closures, rest = _parse_section(rest, Closure)
    if rest or len({(s.device, s.day) for s in days}) != len(days):
        raise MalformedKeyringError
    return Statements(days, signs, closures)


def _encode_section(section: Sequence[Statement]) -> bytes:
    head = len(section).to_bytes(_COUNT_LEN, "big")
    return head + b"".join(
        s.device.to_bytes(DEVICE_LEN, "big") + s.content + s.signature for s in section
    )


def _parse_section(data: bytes, kind: type[S]) -> tuple[tuple[S, ...], bytes]:
    length = DEVICE_LEN + kind.content_len + ED25519_SIGNATURE_LEN
    end = _COUNT_LEN + int.from_bytes(data[:_COUNT_LEN], "big") * length
    if len(data) < max(_COUNT_LEN, end):
        raise MalformedKeyringError
    entries = (data[i : i + length] for i in range(_COUNT_LEN, end, length))
    return tuple(_parse_entry(entry, kind) for entry in entries), data[end:]


def _parse_entry(entry: bytes, kind: type[S]) -> S:
    device = int.from_bytes(entry[:DEVICE_LEN], "big")
    content = entry[DEVICE_LEN : DEVICE_LEN + kind.content_len]
    return kind.from_content(device, content, entry[-ED25519_SIGNATURE_LEN:])
