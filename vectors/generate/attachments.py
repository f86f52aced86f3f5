"""Cases of attachments: how many chunks, what they are called, how they are sealed. Spec §7.

A chunk is a MiB, so none stands here: a case tells how to make it, and its hash.
"""

from collections.abc import Iterator

from silent_courier.protocol.attachment import AttachmentSeal, derive_chunk_id
from silent_courier.protocol.primitives import aes_ctr_keystream, sha256
from silent_courier.protocol.sizes import ATTACHMENT_LEN_MAX, CHUNK_LEN, chunk_count
from vectors.generate import cobblestone
from vectors.generate.case import OK, Case, fields
from vectors.generate.draw import draw
from vectors.generate.organisation import ORG_ID, OTHER_ORG_ID
from vectors.generate.sealing import flip

KEY, ATTACHMENT_ID = draw("chunk/key", 32), draw("chunk/attachment", 16)
DATA_KEY, SALT = draw("chunk/data", 32), draw("chunk/salt", 24)
SEAL = AttachmentSeal(KEY, ORG_ID, ATTACHMENT_ID, 3)
CANNOT_OPEN, MALFORMED, MISTAKE = "cannot_open", "malformed_chunk", "caller_mistake"
BLOCK = cobblestone.BLOCK_LEN + cobblestone.TAG_LEN


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    yield from _counts()
    yield from _ids()
    yield from _chunks()
    yield from _cobblestones()


def chunk_context(org_id: bytes, attachment_id: bytes, index: int, chunks: int) -> bytes:
    """What a chunk is sealed for. Spec §7.3."""
    place = index.to_bytes(4, "big") + chunks.to_bytes(4, "big")
    return b"courier/chunk\0" + org_id + attachment_id + place


def chunk_data(data_key: bytes, length: int) -> bytes:
    """Data that need not be kept: keystream of AES-256-CTR, then zeros."""
    return aes_ctr_keystream(data_key, length).ljust(CHUNK_LEN, b"\0")


def _counts() -> Iterator[Case]:
    mib = CHUNK_LEN
    for size in (0, 1, mib, mib + 1, 3 * mib, 4 * mib + 1, 9 * mib, 1500 * mib, ATTACHMENT_LEN_MAX):
        given = fields(("size", size), ("chunks", chunk_count(size)))
        yield Case(f"attachments/count-of-{size}-bytes", "attachment.chunks", given)
    for name, size in (("negative", -1), ("above-2-gib", ATTACHMENT_LEN_MAX + 1)):
        given = fields(("size", size))
        yield Case(f"attachments/count-{name}", "attachment.chunks", given, b"", MISTAKE)


def _ids() -> Iterator[Case]:
    for index in (0, 1, 2047):
        seal = AttachmentSeal(KEY, ORG_ID, ATTACHMENT_ID, 2048)
        given = fields(("key", KEY), ("org-id", ORG_ID), ("index", index))
        out = fields(("chunk-id", derive_chunk_id(seal, index)))
        yield Case(f"attachments/id-of-chunk-{index}", "chunk.id", given + out)
    other = AttachmentSeal(KEY, OTHER_ORG_ID, ATTACHMENT_ID, 1)
    given = fields(("key", KEY), ("org-id", OTHER_ORG_ID), ("index", 0))
    out = fields(("chunk-id", derive_chunk_id(other, 0)))
    yield Case("attachments/id-for-another-organisation", "chunk.id", given + out)


def _recipe(index: int, length: int, chunks: int) -> tuple[tuple[str, str], ...]:
    data = chunk_data(DATA_KEY, length)
    context = chunk_context(ORG_ID, ATTACHMENT_ID, index, chunks)
    sealed = cobblestone.seal(KEY, context, SALT, data)
    return fields(
        ("key", KEY),
        ("org-id", ORG_ID),
        ("attachment-id", ATTACHMENT_ID),
        ("index", index),
        ("chunks", chunks),
        ("salt", SALT),
        ("data-key", DATA_KEY),
        ("data-length", length),
        ("sealed-sha256", sha256(sealed)),
    )


def _chunks() -> Iterator[Case]:
    for name, index, length in (("whole", 0, CHUNK_LEN), ("last", 2, 12_345), ("padding", 2, 0)):
        given = _recipe(index, length, 3)
        digest = fields(("data-sha256", sha256(chunk_data(DATA_KEY, length))))
        yield Case(f"attachments/chunk-{name}", "chunk.open", given + digest)
    given = _recipe(0, CHUNK_LEN, 3)
    for name, change, expect in (
        ("is-a-byte-short", ("cut", 1), MALFORMED),
        ("lost-its-last-block", ("cut", 16), MALFORMED),
        ("is-a-byte-long", ("grow", 1), MALFORMED),
        ("has-a-bit-flipped-in-the-salt", ("flip", 0), CANNOT_OPEN),
        ("has-a-bit-flipped-in-the-commitment", ("flip", 24), CANNOT_OPEN),
        ("has-a-bit-flipped-in-the-first-block", ("flip", 56), CANNOT_OPEN),
        ("has-a-bit-flipped-in-the-middle", ("flip", 524_288), CANNOT_OPEN),
        ("has-a-bit-flipped-in-the-last-tag", ("flip", 1_049_671), CANNOT_OPEN),
        ("is-opened-in-another-place", ("open-index", 1), CANNOT_OPEN),
        ("is-opened-with-another-count", ("open-chunks", 4), CANNOT_OPEN),
        ("is-opened-for-another-attachment", ("open-attachment-id", bytes(16)), CANNOT_OPEN),
        ("is-opened-for-another-organisation", ("open-org-id", OTHER_ORG_ID), CANNOT_OPEN),
        ("is-opened-with-another-key", ("open-key", flip(KEY, 0)), CANNOT_OPEN),
    ):
        yield Case(f"attachments/chunk-{name}", "chunk.open", given + fields(change), b"", expect)


def _cobblestones() -> Iterator[Case]:
    context = b"courier/vectors"
    data = aes_ctr_keystream(DATA_KEY, 2 * cobblestone.BLOCK_LEN)
    for length in (0, 1, 16_383, 16_384, 16_385):
        sealed = cobblestone.seal(KEY, context, SALT, data[:length])
        yield _cobblestone(f"opens-{length}-bytes", sealed, data[:length])
    two = cobblestone.seal(KEY, context, SALT, data)
    head, first, second = two[:56], two[56 : 56 + BLOCK], two[56 + BLOCK : 56 + 2 * BLOCK]
    other = cobblestone.seal(KEY, b"courier/other", SALT, data[:100])
    short = cobblestone.seal(KEY, context, SALT, data[:100])
    for name, sealed in (
        ("nothing", b""),
        ("a-header-alone", short[:56]),
        ("half-a-header", short[:40]),
        ("half-a-tag", short[:56] + short[-8:]),
        ("another-context", other),
        ("another-commitment", short[:24] + other[24:56] + short[56:]),
        ("a-lost-end", two[:-16]),
        ("a-lost-block", head + first + two[-16:]),
        ("swapped-blocks", head + second + first + two[-16:]),
        ("a-block-twice", head + first + first + two[-16:]),
        ("a-second-end", two + two[-16:]),
    ):
        yield _cobblestone(f"refuses-{name}", sealed, None)


def _cobblestone(name: str, sealed: bytes, data: bytes | None) -> Case:
    given = fields(("key", KEY), ("context", b"courier/vectors"))
    out = fields(("sha256", sha256(data))) if data is not None else ()
    expect = OK if data is not None else CANNOT_OPEN
    return Case(f"attachments/cobblestone-{name}", "cobblestone.open", given + out, sealed, expect)
