"""The examples in docs/spec, computed. `python -m tests.spec.examples` writes them into the pages.

A block is an HTML comment that names an example, `example: words` say, and the fenced text right
after it.
"""

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from silent_courier.desk.alias import alias_of
from silent_courier.organisation.fingerprint import (
    format_device_key,
    format_groups,
    format_words,
)
from silent_courier.protocol import age, sizes
from silent_courier.protocol.attachment import AttachmentSeal, derive_chunk_id
from silent_courier.protocol.board_format import encode_board
from silent_courier.protocol.calendar import week_of
from silent_courier.protocol.charter import Charter
from silent_courier.protocol.frame import frame
from silent_courier.protocol.manifest import HTML, describe, encode_manifest, sign_manifest
from silent_courier.protocol.payload import CoverPayload, OpenedPayload, encode_payload
from silent_courier.protocol.primitives import hkdf_sha256
from silent_courier.protocol.receipt import derive_receipt_entropy, encode_receipt
from silent_courier.protocol.reply import seal_reply
from silent_courier.protocol.signing import DeviceKey, sign, signed_text
from silent_courier.protocol.statements import (
    SignOfLife,
    Statements,
    encode_statements,
    sign_statement,
)
from silent_courier.protocol.thread import (
    ThreadKey,
    derive_auth,
    derive_cell_key,
    derive_source_id,
    derive_tag,
    derive_thread_key,
)
from silent_courier.protocol.words import WORD_LISTS, encode_words
from tests.unit.protocol.makers import make_organisation

PAGES: Final = Path(__file__).parents[2] / "docs" / "spec"
BLOCK: Final = re.compile(r"(<!-- example: ([a-z-]+) -->\n```text\n)(.*?)(```)", re.DOTALL)

ENTROPY: Final = bytes(range(16))
ORG_ID: Final = bytes(range(0x20, 0x40))
DEVICE: Final = DeviceKey(5, bytes(range(0x40, 0x60)))
FILE_KEY: Final = bytes(range(0x60, 0x70))
NONCE: Final = bytes(range(0x70, 0x80))
SALT: Final = bytes(range(0x80, 0x90))
CHARTER_HASH: Final = bytes(range(0xA0, 0xC0))
ATTACHMENT_KEY: Final = bytes(range(0xC0, 0xE0))
CHALLENGE: Final = bytes(range(0xE0, 0xF0))
WEEK: Final = 3
DAY: Final = 20_780

Lines = Iterator[tuple[str, object]]


def thread_key() -> ThreadKey:
    """K_1(3), which tags and cell of the examples hang on."""
    return derive_thread_key(ENTROPY, ORG_ID, 1, WEEK)


def _weeks() -> Lines:
    yield "anchor_day", "20720 (Wednesday 2026-09-23)"
    for day in (20_717, 20_718, 20_720, 20_724, 20_725, 20_780):
        yield f"week({day})", week_of(day, 20_720)


def _sizes() -> Lines:
    for slots in (1, 4, 6, 64):
        yield f"letter_len({slots})", sizes.letter_len(slots)
    for size in (0, 1, sizes.MIB, sizes.MIB + 1, 5 * sizes.MIB, 7 * sizes.MIB, 2 * sizes.GIB):
        yield f"chunk_count({size})", sizes.chunk_count(size)


def _words() -> Lines:
    yield "entropy", ENTROPY
    for language in WORD_LISTS:
        yield language, " ".join(encode_words(ENTROPY, language))


def _auth() -> Lines:
    yield "entropy", ENTROPY
    yield "org_id", ORG_ID
    for generation in (256, 2, 1):
        yield f"a_{generation}", derive_auth(ENTROPY, ORG_ID, generation)
    yield "source_id", derive_source_id(derive_auth(ENTROPY, ORG_ID, 2), 2)


def _receipt() -> Lines:
    receipt = encode_receipt(ENTROPY)
    yield "16 bytes", ENTROPY
    yield "org_id", ORG_ID
    yield "receipt", receipt
    yield "entropy", derive_receipt_entropy(receipt, ORG_ID)


def _thread_keys() -> Lines:
    yield "entropy", ENTROPY
    yield "org_id", ORG_ID
    for generation, week in ((1, 0), (1, 1), (1, WEEK), (2, 0)):
        key = derive_thread_key(ENTROPY, ORG_ID, generation, week)
        yield f"K_{generation}({week})", key.key


def _tags() -> Lines:
    key = thread_key()
    yield f"K_1({WEEK})", key.key
    for device, number in ((0, 0), (0, 1), (1, 0), (5, 17), (255, 255)):
        yield f"tag({device}, {number})", derive_tag(key, device, number)
    yield "salt", SALT
    yield "cell key of tag(5, 17)", derive_cell_key(key, derive_tag(key, 5, 17), SALT)


def _age() -> Lines:
    identity = age.HybridIdentity(bytes(range(32)))
    recipient = identity.recipient()
    yield "identity (seed)", identity.seed
    yield "identity (text)", identity.encode()
    yield "recipient[0:32]", recipient.public_key[:32]
    yield "recipient[1184:1216]", recipient.public_key[1184:]
    yield "SHA-256(recipient)", sha256(recipient.public_key).digest()
    yield "recipient (text)", f"{recipient.encode()[:40]}…{recipient.encode()[-10:]}"
    yield "file key", FILE_KEY
    yield "payload nonce", NONCE
    yield "MAC key", hkdf_sha256(FILE_KEY, b"", b"header", 32)
    yield "payload key", hkdf_sha256(FILE_KEY, NONCE, b"payload", 32)


def _frame() -> Lines:
    payload = encode_payload(CoverPayload(), sizes.LETTER_PAYLOAD_MAX)
    yield "payload", payload.decode()
    yield "frame(payload, 48)", frame(payload, 48)


def opened_payload() -> OpenedPayload:
    """The reply of the examples."""
    return OpenedPayload(
        id=bytes(16).hex(),
        org_id=ORG_ID.hex(),
        charter=CHARTER_HASH.hex(),
        day=DAY,
        generation=1,
        to=derive_auth(ENTROPY, ORG_ID, 0).hex(),
        opened=DAY,
    )


def _trailer() -> Lines:
    content = b'{"kind":"note"}'
    yield "device", DEVICE.device
    yield "device seed", DEVICE.seed
    yield "device key", DEVICE.public
    yield "payload (too short for a real one)", content.decode()
    yield "trailer", bytes([0, DEVICE.device]) + sign("letter", ORG_ID, DEVICE, content)


def _cell() -> Lines:
    payload = opened_payload()
    data = encode_payload(payload, sizes.REPLY_PAYLOAD_MAX)
    salts = iter([bytes(8), SALT])
    (cell,) = seal_reply(payload, DEVICE, thread_key(), [17], lambda _: next(salts))
    yield "payload", data.decode()
    yield "signature", sign("reply", ORG_ID, DEVICE, data)
    yield "fragment id", bytes(8)
    yield "thread key, slot, number, salt", "as in §3.4: K_1(3), 5, 17"
    yield "cell[0:64]", cell[:64]
    yield "cell[1008:1024]", cell[1008:]
    yield "SHA-256(cell)", sha256(cell).digest()


def _board() -> Lines:
    cells = [bytes([2]) * sizes.CELL_LEN, bytes([1]) * sizes.CELL_LEN]
    board = encode_board(496_000, cells)
    yield "epoch", 496_000
    yield "cells", "1024 times 02, and 1024 times 01"
    yield "board[0:24]", board[:24]
    yield "SHA-256(board)", sha256(board).digest()


def _chunk() -> Lines:
    seal = AttachmentSeal(ATTACHMENT_KEY, ORG_ID, bytes(16), 2)
    context = b"courier/chunk\0" + ORG_ID + bytes(16) + bytes([0, 0, 0, 1, 0, 0, 0, 2])
    salt = bytes(24)
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + context
    derived = hkdf_expand_sha512(ATTACHMENT_KEY, info, 76)
    yield "key", ATTACHMENT_KEY
    yield "attachment id", bytes(16)
    yield "chunk id(0)", derive_chunk_id(seal, 0)
    yield "chunk id(1)", derive_chunk_id(seal, 1)
    yield "context of chunk 1 of 2", context
    yield "salt", salt
    yield "aead key", derived[:32]
    yield "base nonce", derived[32:44]
    yield "commitment", derived[44:]


def hkdf_expand_sha512(key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand with SHA-512, from its definition."""
    from hmac import digest

    output, block = b"", b""
    while len(output) < length:
        counter = len(output) // 64 + 1
        block = digest(key, block + info + bytes([counter]), "sha512")
        output += block
    return output[:length]


def _signing() -> Lines:
    content = CHARTER_HASH + DAY.to_bytes(4, "big")
    yield "org_id", ORG_ID
    yield "device, seed", f"{DEVICE.device}, {DEVICE.seed.hex()}"
    yield "label, content", f"alive, {content.hex()}"
    yield "signed text", signed_text("alive", ORG_ID, DEVICE.device, content)
    yield "signature", sign("alive", ORG_ID, DEVICE, content)


def _statements() -> Lines:
    charter = Charter(make_organisation(1).charter.body, CHARTER_HASH, ORG_ID)
    alive = sign_statement(SignOfLife(DEVICE.device, DAY), charter, DEVICE)
    yield "charter hash, org_id, device", "as in §8.4"
    yield "sign of life for day 20780", encode_statements(Statements((), (alive,)))[4:-2]
    yield "statements with it alone", encode_statements(Statements((), (alive,)))


def _manifest() -> Lines:
    charter = Charter(make_organisation(1).charter.body, CHARTER_HASH, ORG_ID)
    page = b"<p>Hello</p><!--today--><p>Monday</p><!--/today-->"
    files = [describe("/", 200, HTML, page)]
    yield "charter hash, org_id, device", "as in §8.4"
    yield "page at /", page.decode("ascii")
    yield "manifest of day 20780", encode_manifest(sign_manifest(files, DAY, charter, DEVICE))


def _ticket() -> Lines:
    counter = 0
    while int.from_bytes(_proof(counter), "big") >> (256 - 14):
        counter += 1
    yield "challenge", CHALLENGE
    yield "nonce", counter.to_bytes(16, "big")
    yield "SHA-256", _proof(counter)


def _fingerprints() -> Lines:
    yield "org_id", format_groups(ORG_ID)
    yield "in words", format_words(ORG_ID)
    yield "device key", DEVICE.public
    yield "device", format_device_key(DEVICE.public)


def _alias() -> Lines:
    source = derive_source_id(derive_auth(ENTROPY, ORG_ID, 1), 1)
    yield "org_id", ORG_ID
    yield "source_id", source
    yield "alias", alias_of(ORG_ID, source)


def _proof(counter: int) -> bytes:
    return sha256(b"courier/ticket\0" + CHALLENGE + counter.to_bytes(16, "big")).digest()


EXAMPLES: Final[dict[str, Callable[[], Lines]]] = {
    "weeks": _weeks,
    "sizes": _sizes,
    "words": _words,
    "receipt": _receipt,
    "auth": _auth,
    "thread-keys": _thread_keys,
    "tags": _tags,
    "age": _age,
    "frame": _frame,
    "trailer": _trailer,
    "cell": _cell,
    "board": _board,
    "chunk": _chunk,
    "signing": _signing,
    "statements": _statements,
    "manifest": _manifest,
    "ticket": _ticket,
    "fingerprints": _fingerprints,
    "alias": _alias,
}


def render(name: str) -> str:
    """The lines of this example: a name, and its value; bytes in hex, 32 a line."""
    return "".join(_render_line(label, value) for label, value in EXAMPLES[name]())


def _render_line(label: str, value: object) -> str:
    if not isinstance(value, bytes):
        return f"{label} = {value}\n"
    text = value.hex()
    rows = [text[i : i + 64] for i in range(0, len(text), 64)]
    separator = "\n    "
    return f"{label} ={separator if len(rows) > 1 else ' '}{separator.join(rows)}\n"


def regenerate(page: str) -> str:
    """The page with every example as it is computed now."""
    return BLOCK.sub(lambda block: block[1] + render(block[2]) + block[4], page)


def main() -> None:
    for page in sorted(PAGES.glob("*.md")):
        page.write_text(regenerate(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
