"""What somebody builds from the specification alone understands what we make, and we theirs.

Nothing here uses our derivations, frames or seals: only primitives, put together as the pages say.
"""

import base64
import json
import struct
from hashlib import sha3_256, sha256, shake_256
from hmac import digest as hmac_digest

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from mnemonic import Mnemonic

from silent_courier.protocol.attachment import AttachmentSeal, open_chunk, seal_chunk
from silent_courier.protocol.letter import read_letter, seal_colleague_letter, seal_source_letter
from silent_courier.protocol.reply import seal_reply
from silent_courier.protocol.thread import ThreadKey
from silent_courier.protocol.words import encode_words
from tests.spec.examples import hkdf_expand_sha512
from tests.unit.protocol.makers import (
    ENTROPY,
    TODAY,
    day_identity,
    device_key,
    draw,
    drawing,
    letter_payload,
    make_organisation,
    note_payload,
    recipient,
    reply_payload,
)

ORG = make_organisation(2)
ORG_ID = ORG.org_id


def extract(salt: bytes, ikm: bytes) -> bytes:
    return hmac_digest(salt or bytes(32), ikm, "sha256")


def expand(key: bytes, info: bytes, length: int) -> bytes:
    output, block = b"", b""
    while len(output) < length:
        block = hmac_digest(key, block + info + bytes([len(output) // 32 + 1]), "sha256")
        output += block
    return output[:length]


def hkdf(ikm: bytes, salt: bytes, info: bytes, length: int = 32) -> bytes:
    return expand(extract(salt, ikm), info, length)


def hmac(key: bytes, data: bytes) -> bytes:
    return hmac_digest(key, data, "sha256")


def base64_decode(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4))


def open_age(file: bytes, seed: bytes) -> bytes:
    """§4.1, written out: X-Wing, HPKE, header MAC, payload."""
    stanzas, rest = file[22:].split(b"--- ", 1)
    assert file[:22] == b"age-encryption.org/v1\n"
    lines = stanzas.split(b"\n")
    keys = (
        unwrap(base64_decode(head.split(b" ")[2]), base64_decode(body), seed)
        for head, body in zip(lines[::2], lines[1::2], strict=False)
    )
    file_key = next(key for key in keys if key is not None)
    mac_input = file[: 22 + len(stanzas) + 3]
    assert base64_decode(rest[:43]) == hmac(hkdf(file_key, b"", b"header"), mac_input)
    nonce, sealed = rest[44:60], rest[60:]
    payload_key = hkdf(file_key, nonce, b"payload")
    return ChaCha20Poly1305(payload_key).decrypt(bytes(11) + b"\x01", sealed, None)


def unwrap(enc: bytes, wrapped: bytes, seed: bytes) -> bytes | None:
    expanded = shake_256(seed).digest(96)
    ml_kem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
    x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
    secrets = ml_kem.decapsulate(enc[:1088]) + x25519.exchange(
        X25519PublicKey.from_public_bytes(enc[1088:])
    )
    public = x25519.public_key().public_bytes_raw()
    shared = sha3_256(secrets + enc[1088:] + public + bytes.fromhex("5c2e2f2f5e5c")).digest()
    label = b"HPKE-v1" + b"HPKE" + bytes.fromhex("647a00010003")
    info = b"age-encryption.org/mlkem768x25519"
    context = (
        b"\0" + extract(b"", label + b"psk_id_hash") + extract(b"", label + b"info_hash" + info)
    )
    secret = extract(shared, label + b"secret")
    key = expand(secret, struct.pack(">H", 32) + label + b"key" + context, 32)
    nonce = expand(secret, struct.pack(">H", 12) + label + b"base_nonce" + context, 12)
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, wrapped, None)
    except InvalidTag:
        return None


def unframe(framed: bytes) -> bytes:
    (length,) = struct.unpack(">I", framed[:4])
    assert not any(framed[4 + length :])
    return framed[4 : 4 + length]


def test_words_are_bip39() -> None:
    assert " ".join(encode_words(ENTROPY, "en")) == Mnemonic("english").to_mnemonic(ENTROPY)


def test_source_letter_opens_and_reads() -> None:
    recipients = [recipient(0), recipient(4)]
    sealed = seal_source_letter(letter_payload(ORG), recipients, 4, drawing())

    for device in (0, 4):
        plaintext = open_age(sealed, day_identity(device).seed)
        letter = json.loads(unframe(plaintext[:-66]))
        assert plaintext[-66:] == bytes(66)
        assert letter["text"] == "Здравствуйте"
        assert letter["auth"] == auth(1).hex()
        assert letter["thread_key"] == thread_key(1, letter["week"]).hex()


def test_colleague_letter_is_signed_as_the_pages_say() -> None:
    sealed = seal_colleague_letter(note_payload(ORG), device_key(4), [recipient(0)], 4, drawing())

    plaintext = open_age(sealed, day_identity(0).seed)
    payload, trailer = unframe(plaintext[:-66]), plaintext[-66:]
    signed = b"courier/letter\0" + ORG_ID + trailer[:2] + payload
    Ed25519PublicKey.from_public_bytes(device_key(4).public).verify(trailer[2:], signed)
    assert trailer[:2] == b"\0\x04"


def test_letter_of_a_second_writer_is_read() -> None:
    payload = json.dumps({"version": 1, "kind": "cover"}).encode()
    plaintext = (struct.pack(">I", len(payload)) + payload).ljust(16_384, b"\0")

    assert read_letter(plaintext, ORG_ID, ORG.charter.current_devices).device is None


def auth(generation: int) -> bytes:
    value = hkdf(ENTROPY, ORG_ID, b"courier/auth")
    for _ in range(256 - generation):
        value = sha256(b"courier/auth" + value).digest()
    return value


def thread_key(generation: int, week: int) -> bytes:
    key = hkdf(ENTROPY, ORG_ID, b"courier/thread" + struct.pack(">H", generation))
    for _ in range(week):
        key = hmac(key, b"courier/next")
    return key


def test_reply_is_found_opened_and_verified() -> None:
    week = (TODAY + 3) // 7 - (ORG.charter.body.anchor_day + 3) // 7
    key = thread_key(1, week)
    payload = reply_payload(ORG, text="я" * 900)
    cells = seal_reply(payload, device_key(4), ThreadKey(key, 1, week), [7, 200, 9], drawing())

    keystream = Cipher(algorithms.AES256(hmac(key, b"courier/tag")), modes.CTR(bytes(16)))
    tags = keystream.encryptor().update(bytes(256 * 256 * 16))
    by_tag = {cell[:16]: cell for cell in cells}
    parts: dict[int, bytes] = {}
    for number in range(256):
        at = 16 * (256 * 4 + number)
        if (cell := by_tag.get(tags[at : at + 16])) is not None:
            cell_key = hmac(hmac(key, b"courier/seal"), cell[:32])
            fragment = AESGCM(cell_key).decrypt(bytes(12), cell[32:], None)
            assert fragment[9] == 3
            parts[fragment[8]] = fragment[10:]
    reply = b"".join(parts[i] for i in range(3))
    data = unframe(reply[66:])
    signed = b"courier/reply\0" + ORG_ID + reply[:2] + data
    Ed25519PublicKey.from_public_bytes(device_key(4).public).verify(reply[2:66], signed)
    assert json.loads(data)["text"] == payload.text
    assert json.loads(data)["to"] == auth(0).hex()


def test_chunk_opens_both_ways() -> None:
    seal = AttachmentSeal(draw("attachment"), ORG_ID, draw("id", 16), 2)
    data = draw("content", 100_000).ljust(2**20, b"\0")
    context = b"courier/chunk\0" + ORG_ID + seal.attachment_id + struct.pack(">II", 1, 2)

    assert cobblestone_open(seal.key, context, seal_chunk(seal, 1, data[:100_000])) == data.ljust(
        2**20, b"\0"
    )
    theirs = cobblestone_seal(seal.key, context, data)
    assert open_chunk(seal, 1, theirs) == data


def cobblestone_keys(key: bytes, salt: bytes, context: bytes) -> tuple[AESGCM, int, bytes]:
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + context
    derived = hkdf_expand_sha512(key, info, 76)
    return AESGCM(derived[:32]), int.from_bytes(derived[32:44], "big"), derived[44:]


def cobblestone_open(key: bytes, context: bytes, sealed: bytes) -> bytes:
    aead, nonce, commitment = cobblestone_keys(key, sealed[:24], context)
    assert sealed[24:56] == commitment
    blocks = [sealed[i : i + 16_400] for i in range(56, len(sealed), 16_400)]
    assert len(blocks[-1]) < 16_400
    return b"".join(
        aead.decrypt((nonce ^ j).to_bytes(12, "big"), block, None) for j, block in enumerate(blocks)
    )


def cobblestone_seal(key: bytes, context: bytes, plaintext: bytes) -> bytes:
    aead, nonce, commitment = cobblestone_keys(key, bytes(24), context)
    blocks = [plaintext[i : i + 16_384] for i in range(0, len(plaintext) + 1, 16_384)]
    return (
        bytes(24)
        + commitment
        + b"".join(
            aead.encrypt((nonce ^ j).to_bytes(12, "big"), block, None)
            for j, block in enumerate(blocks)
        )
    )


def test_charter_and_statement_verify() -> None:
    (file,) = ORG.files
    length = int.from_bytes(file[5:9], "big")
    body, signature = file[9 : 9 + length], file[9 + length :]
    assert file[:5] == b"SCCH\x01"
    assert sha256(body).digest() == ORG_ID
    assert len(signature) == 3373
    charter = json.loads(body)
    root = Ed25519PublicKey.from_public_bytes(bytes.fromhex(charter["root"]["ed25519"]))
    root.verify(signature[:64], b"courier/charter\0" + body)

    (alive,) = ORG.signs_of_life(devices=[4])
    signed = b"courier/alive\0" + ORG_ID + b"\0\x04" + sha256(body).digest()
    device = Ed25519PublicKey.from_public_bytes(bytes.fromhex(charter["devices"][1]["key"]))
    device.verify(alive.signature, signed + struct.pack(">I", TODAY))
