"""Replies: one signed payload, cut over 1 to 16 cells of the board. Spec §6.

Sealing needs tag numbers that were reserved for ever beforehand: a number used
twice would show the board that two cells belong together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from silent_courier.protocol.errors import (
    MalformedCellError,
    ProtocolError,
    StatementSignatureError,
)
from silent_courier.protocol.frame import frame, unframe
from silent_courier.protocol.payload import InReply, encode_payload, parse_reply_payload
from silent_courier.protocol.primitives import aes_gcm_open, aes_gcm_seal
from silent_courier.protocol.signing import DeviceKey, DevicePublic, sign, verify
from silent_courier.protocol.sizes import (
    CELL_LEN,
    DEVICE_LEN,
    FRAGMENT_HEADER_LEN,
    FRAGMENT_LEN,
    REPLY_CELLS_MAX,
    REPLY_FRAME_OVERHEAD,
    REPLY_PAYLOAD_MAX,
    SALT_LEN,
    TAG_LEN,
    TRAILER_LEN,
)
from silent_courier.protocol.thread import ThreadKey, derive_cell_key, derive_tag

_SIGNED_LABEL: Final = "reply"
_FRAGMENT_ID_LEN: Final = 8
_HEAD_LEN: Final = TAG_LEN + SALT_LEN


@dataclass(frozen=True, slots=True)
class Fragment:
    """One opened cell: which reply it is of, which part, of how many, and its bytes."""

    reply: bytes
    part: int
    count: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """A payload from the board and the device slot that signed it."""

    payload: InReply
    device: int


def cells_needed(payload: InReply) -> int:
    """How many cells, 1 to 16, this payload takes. Raises as `encode_payload`."""
    length = len(encode_payload(payload, REPLY_PAYLOAD_MAX)) + REPLY_FRAME_OVERHEAD
    return -(-length // FRAGMENT_LEN)


def seal_reply(
    payload: InReply,
    key: DeviceKey,
    thread_key: ThreadKey,
    numbers: Sequence[int],
    random: Callable[[int], bytes],
) -> list[bytes]:
    """Sign and seal a reply into cells. Spec §6.2.

    Args:
        payload: a `reply` or an `opened`.
        key: this device's signing key; its slot chooses the tags.
        thread_key: the thread's key of the current week.
        numbers: exactly cells_needed(payload) reserved tag numbers, never used before.
        random: gives that many random bytes.

    Returns:
        One 1024-byte cell a number.
    """
    data = encode_payload(payload, REPLY_PAYLOAD_MAX)
    if len(numbers) != cells_needed(payload) or len(set(numbers)) != len(numbers):
        raise ValueError("one fresh tag number a cell")
    signature = sign(_SIGNED_LABEL, bytes.fromhex(payload.org_id), key, data)
    head = key.device.to_bytes(DEVICE_LEN, "big") + signature
    body = head + frame(data, len(numbers) * FRAGMENT_LEN - TRAILER_LEN)
    reply = random(_FRAGMENT_ID_LEN)
    return [
        _seal_cell(
            reply + bytes([part, len(numbers)]) + _fragment(body, part),
            thread_key,
            derive_tag(thread_key, key.device, number),
            random(SALT_LEN),
        )
        for part, number in enumerate(numbers)
    ]


def open_cell(cell: bytes, thread_key: ThreadKey) -> Fragment:
    """Open one 1024-byte cell whose tag is this thread's. Spec §6.3.

    Raises:
        MalformedCellError: wrong length, part or count.
        CannotOpenError: another thread's, or altered.
    """
    if len(cell) != CELL_LEN:
        raise MalformedCellError
    tag, salt, sealed = cell[:TAG_LEN], cell[TAG_LEN:_HEAD_LEN], cell[_HEAD_LEN:]
    plaintext = aes_gcm_open(derive_cell_key(thread_key, tag, salt), sealed)
    part, count = plaintext[_FRAGMENT_ID_LEN], plaintext[_FRAGMENT_ID_LEN + 1]
    if not part < count <= REPLY_CELLS_MAX:
        raise MalformedCellError
    return Fragment(plaintext[:_FRAGMENT_ID_LEN], part, count, plaintext[FRAGMENT_HEADER_LEN:])


def join_fragments(
    fragments: Sequence[Fragment], device: int, org_id: bytes, device_keys: Mapping[int, bytes]
) -> Reply:
    """Put one reply together from all its fragments and verify who signed it. Spec §6.3.

    Args:
        fragments: the fragments found under one reply id, in any order.
        device: the slot whose tags they stood under.
        org_id: 32 bytes.
        device_keys: signing public key by device slot.

    Raises:
        MalformedCellError: parts are missing, doubled or badly framed.
        StatementSignatureError: not signed by the device in whose slot it stands.
        MalformedPayloadError: the payload breaks a rule of §5.
    """
    ordered = sorted(fragments, key=lambda fragment: fragment.part)
    count = ordered[0].count if ordered else 0
    if [(f.part, f.count) for f in ordered] != [
        (part, count) for part in range(count)
    ] or not count:
        raise MalformedCellError
    body = b"".join(fragment.data for fragment in ordered)
    data = unframe(body[TRAILER_LEN:], MalformedCellError)
    _verify(body[:TRAILER_LEN], data, device, org_id, device_keys)
    payload = parse_reply_payload(data)
    if payload.org_id != org_id.hex():
        raise MalformedCellError
    return Reply(payload, device)


class Joined(NamedTuple):
    """What fragments came to: whole replies, and how many groups were in part, or not sound."""

    replies: list[Reply]
    partial: int
    damaged: int


def join_all(
    fragments: Iterable[tuple[int, Fragment]], org_id: bytes, device_keys: Mapping[int, bytes]
) -> Joined:
    """Every whole reply among (device slot, fragment) pairs, in the order they begin in. §6.3."""
    groups: dict[tuple[int, bytes], list[Fragment]] = {}
    for device, fragment in fragments:
        groups.setdefault((device, fragment.reply), []).append(fragment)
    replies: list[Reply] = []
    partial = damaged = 0
    for (device, _), group in groups.items():
        if device in device_keys and _is_partial(group):
            partial += 1
            continue
        try:
            replies.append(join_fragments(group, device, org_id, device_keys))
        except ProtocolError:
            damaged += 1
    return Joined(replies, partial, damaged)


def _is_partial(group: Sequence[Fragment]) -> bool:
    """Whether parts are missing, and nothing else is wrong: cells come, and go, one by one."""
    counts, parts = {f.count for f in group}, {f.part for f in group}
    return len(counts) == 1 and len(parts) == len(group) < counts.pop()


def _fragment(body: bytes, part: int) -> bytes:
    return body[part * FRAGMENT_LEN : (part + 1) * FRAGMENT_LEN]


def _seal_cell(plaintext: bytes, thread_key: ThreadKey, tag: bytes, salt: bytes) -> bytes:
    return tag + salt + aes_gcm_seal(derive_cell_key(thread_key, tag, salt), plaintext)


def _verify(
    head: bytes, data: bytes, device: int, org_id: bytes, device_keys: Mapping[int, bytes]
) -> None:
    public = device_keys.get(device)
    if (
        public is None
        or int.from_bytes(head[:DEVICE_LEN], "big") != device
        or not verify(_SIGNED_LABEL, org_id, DevicePublic(device, public), data, head[DEVICE_LEN:])
    ):
        raise StatementSignatureError
