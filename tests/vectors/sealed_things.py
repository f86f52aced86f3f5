"""Constructions that words and keys go into: words, keys, letters, cells, attachments."""

from collections.abc import Callable

from silent_courier.protocol import (
    age,
    attachment,
    kept,
    letter,
    payload,
    receipt,
    reply,
    thread,
    words,
)
from silent_courier.protocol.calendar import week_of
from silent_courier.protocol.primitives import cobblestone_open, sha256
from silent_courier.protocol.sizes import chunk_count
from silent_courier.protocol.thread import ThreadKey
from tests.vectors.reader import Inputs, Outputs, outputs
from vectors.generate import cobblestone
from vectors.generate.attachments import chunk_context, chunk_data
from vectors.generate.payload import canonical
from vectors.generate.sealing import flip


def encode_words(case: Inputs) -> Outputs:
    encoded = words.encode_words(case.hex("entropy"), case.text("language"))
    return outputs(words=" ".join(encoded))


def decode_words(case: Inputs) -> Outputs:
    return outputs(entropy=words.decode_words(case.body.decode(), case.text("language")))


def encode_receipt(case: Inputs) -> Outputs:
    return outputs(receipt=receipt.encode_receipt(case.hex("drawn")))


def parse_receipt(case: Inputs) -> Outputs:
    return outputs(receipt=receipt.parse_receipt(case.body.decode()))


def derive_receipt_entropy(case: Inputs) -> Outputs:
    digits, org_id = case.text("receipt"), case.hex("org-id")
    return outputs(entropy=receipt.derive_receipt_entropy(digits, org_id))


def derive_auth(case: Inputs) -> Outputs:
    generation = case.number("generation")
    auth = thread.derive_auth(case.hex("entropy"), case.hex("org-id"), generation)
    return outputs(auth=auth, source_id=thread.derive_source_id(auth, generation))


def derive_thread_key(case: Inputs) -> Outputs:
    generation, week = case.number("generation"), case.number("week")
    entropy, org_id = case.hex("entropy"), case.hex("org-id")
    return outputs(key=thread.derive_thread_key(entropy, org_id, generation, week).key)


def step_thread_key(case: Inputs) -> Outputs:
    start = ThreadKey(case.hex("key"), 1, case.number("week"))
    return outputs(stepped=start.step_to(case.number("to-week")).key)


def _thread_key(case: Inputs) -> ThreadKey:
    return ThreadKey(case.hex("thread-key"), 1, 0)


def derive_tag(case: Inputs) -> Outputs:
    device, number = case.number("device"), case.number("number")
    return outputs(tag=thread.derive_tag(_thread_key(case), device, number))


def derive_tags(case: Inputs) -> Outputs:
    return outputs(sha256=sha256(thread.derive_tags(_thread_key(case), case.number("devices"))))


def derive_cell_key(case: Inputs) -> Outputs:
    tag, salt = case.hex("tag"), case.hex("salt")
    return outputs(key=thread.derive_cell_key(_thread_key(case), tag, salt))


def week(case: Inputs) -> Outputs:
    return outputs(week=week_of(case.number("day"), case.number("anchor-day")))


def parse_letter_payload(case: Inputs) -> Outputs:
    return outputs(payload=canonical(payload.parse_letter_payload(case.body)))


def parse_reply_payload(case: Inputs) -> Outputs:
    return outputs(payload=canonical(payload.parse_reply_payload(case.body)))


def open_letter(case: Inputs) -> Outputs:
    identities = [age.HybridIdentity.parse(text) for text in case.texts("identity")]
    org_id, device_keys = case.hex("org-id"), case.keys("device-key")
    opened = letter.open_letter(case.body, identities)
    read = letter.read_letter(opened.plaintext, org_id, device_keys)
    return outputs(file_key=opened.file_key) | _letter(read)


def open_letter_with_file_key(case: Inputs) -> Outputs:
    opened = letter.open_letter_with_file_key(case.body, case.hex("file-key"))
    return outputs(sha256=sha256(opened.plaintext))


def read_letter(case: Inputs) -> Outputs:
    return _letter(letter.read_letter(case.body, case.hex("org-id"), case.keys("device-key")))


def keep_letter(case: Inputs) -> Outputs:
    sent = payload.parse_letter_payload(case.body)
    assert isinstance(sent, payload.LetterPayload)
    stays = kept.keep_letter(sent)
    assert kept.parse_kept(kept.encode_kept(stays)) == stays
    return outputs(payload=canonical(stays))


def read_kept(case: Inputs) -> Outputs:
    read = kept.read_kept(case.body, case.hex("org-id"), case.keys("device-key"))
    signer = "none" if read.device is None else read.device
    return outputs(signer=signer, payload=canonical(read.payload))


def _letter(read: letter.Letter) -> Outputs:
    signer = "none" if read.device is None else read.device
    return outputs(signer=signer, payload=canonical(read.payload))


def encode_recipient(case: Inputs) -> Outputs:
    identity = age.HybridIdentity(case.hex("seed"))
    recipient = identity.recipient()
    return outputs(
        identity=identity.encode(), public_key=recipient.public_key, recipient=recipient.encode()
    )


def open_cell(case: Inputs) -> Outputs:
    fragment = reply.open_cell(case.body, _thread_key(case))
    return outputs(
        reply=fragment.reply,
        part=fragment.part,
        count=fragment.count,
        sha256=sha256(fragment.data),
    )


def open_reply(case: Inputs) -> Outputs:
    key, device = _thread_key(case), case.number("device")
    org_id, device_keys = case.hex("org-id"), case.keys("device-key")
    cells = (case.body[i : i + 1024] for i in range(0, len(case.body), 1024))
    fragments = [reply.open_cell(cell, key) for cell in cells]
    joined = reply.join_fragments(fragments, device, org_id, device_keys)
    return outputs(payload=canonical(joined.payload))


def count_chunks(case: Inputs) -> Outputs:
    return outputs(chunks=chunk_count(case.number("size")))


def derive_chunk_id(case: Inputs) -> Outputs:
    seal = attachment.AttachmentSeal(case.hex("key"), case.hex("org-id"), bytes(16), 2048)
    return outputs(chunk_id=attachment.derive_chunk_id(seal, case.number("index")))


def open_chunk(case: Inputs) -> Outputs:
    """Make the chunk as the case tells, do to it what the case says, then open it."""
    key, org_id, name = case.hex("key"), case.hex("org-id"), case.hex("attachment-id")
    index, chunks = case.number("index"), case.number("chunks")
    data = chunk_data(case.hex("data-key"), case.number("data-length"))
    context = chunk_context(org_id, name, index, chunks)
    sealed = cobblestone.seal(key, context, case.hex("salt"), data)
    assert sha256(sealed) == case.hex("sealed-sha256")
    seal = attachment.AttachmentSeal(
        _or(case, "open-key", key),
        _or(case, "open-org-id", org_id),
        _or(case, "open-attachment-id", name),
        int(_first(case, "open-chunks") or chunks),
    )
    place = int(_first(case, "open-index") or index)
    return outputs(data_sha256=sha256(attachment.open_chunk(seal, place, _altered(case, sealed))))


def _first(case: Inputs, name: str) -> str:
    return "".join(case.texts(name))


def _or(case: Inputs, name: str, usual: bytes) -> bytes:
    return bytes.fromhex(_first(case, name)) or usual


def _altered(case: Inputs, sealed: bytes) -> bytes:
    if place := _first(case, "flip"):
        return flip(sealed, int(place))
    if cut := _first(case, "cut"):
        return sealed[: -int(cut)]
    return sealed + bytes(int(_first(case, "grow") or 0))


def open_cobblestone(case: Inputs) -> Outputs:
    opened = cobblestone_open(case.hex("key"), case.hex("context"), case.body)
    return outputs(sha256=sha256(opened))


CONSTRUCTIONS: dict[str, Callable[[Inputs], Outputs]] = {
    "words.encode": encode_words,
    "words.decode": decode_words,
    "receipt.encode": encode_receipt,
    "receipt.parse": parse_receipt,
    "receipt.entropy": derive_receipt_entropy,
    "auth": derive_auth,
    "thread-key": derive_thread_key,
    "thread-key.step": step_thread_key,
    "tag": derive_tag,
    "tags": derive_tags,
    "cell-key": derive_cell_key,
    "week": week,
    "payload.letter": parse_letter_payload,
    "payload.reply": parse_reply_payload,
    "letter.open": open_letter,
    "letter.open-with-file-key": open_letter_with_file_key,
    "letter.read": read_letter,
    "kept.keep": keep_letter,
    "kept.read": read_kept,
    "recipient": encode_recipient,
    "cell.open": open_cell,
    "reply.open": open_reply,
    "attachment.chunks": count_chunks,
    "chunk.id": derive_chunk_id,
    "chunk.open": open_chunk,
    "cobblestone.open": open_cobblestone,
}
