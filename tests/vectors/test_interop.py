"""Sealed in one language, opened in the other, both ways, on fresh random inputs."""

import random
import secrets
from hashlib import sha256

from silent_courier.protocol import age
from silent_courier.protocol.attachment import (
    AttachmentSeal,
    derive_chunk_id,
    open_chunk,
    seal_chunk,
)
from silent_courier.protocol.board import find_fragments
from silent_courier.protocol.board_format import encode_board, parse_board
from silent_courier.protocol.errors import MalformedPayloadError, ProtocolError
from silent_courier.protocol.keyring import choose_day_statements, encode_keyring, verify_keyring
from silent_courier.protocol.letter import (
    open_letter,
    read_letter,
    seal_colleague_letter,
    seal_source_letter,
)
from silent_courier.protocol.payload import (
    CoverPayload,
    InLetter,
    InReply,
    LetterPayload,
    parse_letter_payload,
    parse_reply_payload,
)
from silent_courier.protocol.reply import cells_needed, join_all, seal_reply
from silent_courier.protocol.root import RootKey, RootPublic, sign_root, verify_root
from silent_courier.protocol.signing import DeviceKey
from silent_courier.protocol.sizes import letter_len
from silent_courier.protocol.thread import derive_thread_key
from silent_courier.protocol.words import WORD_LISTS, decode_words, encode_words
from tests.vectors.browser import ask
from tests.vectors.reader import error_names
from tests.vectors.test_cryptography_vectors import VECTORS
from vectors.generate import samples
from vectors.generate.keyring import keyring
from vectors.generate.organisation import FIRST, ORG_ID, REVOKED, TODAY, Json, to_json
from vectors.generate.payload import canonical
from vectors.generate.poison import bad_fields, poisons

ORG = secrets.token_bytes(32)
IDENTITIES = [age.HybridIdentity(secrets.token_bytes(32)) for _ in range(3)]
RECIPIENTS = [identity.recipient() for identity in IDENTITIES]
SLOTS = 5
DEVICE = DeviceKey(9, secrets.token_bytes(32))
DEVICE_KEYS = {9: DEVICE.public}
SHOWN_KEYS = [[slot, key.hex()] for slot, key in DEVICE_KEYS.items()]
ENTROPY = secrets.token_bytes(16)
TEXTS = ("", 'Здравствуйте 🗝\u2028\x00"\\', "я" * 6000)


def ours(body: Json, text: str) -> Json:
    """A sample for this run's organisation, with this text."""
    return {**body, "org_id": ORG.hex(), "text": text, "id": secrets.token_hex(16)}


LETTERS = [ours(samples.letter(), text) for text in TEXTS]
NOTES = [ours(samples.note(), text) for text in TEXTS]
REPLIES = [ours(samples.reply(), text) for text in TEXTS]


def letter_of(body: Json) -> InLetter:
    return parse_letter_payload(to_json(body))


def sealed_here(body: Json) -> bytes:
    payload = letter_of(body)
    if isinstance(payload, LetterPayload | CoverPayload):
        return seal_source_letter(payload, RECIPIENTS, SLOTS, secrets.token_bytes)
    return seal_colleague_letter(payload, DEVICE, RECIPIENTS, SLOTS, secrets.token_bytes)


def test_letters_sealed_here_open_there() -> None:
    bodies = LETTERS + NOTES
    answers = ask(
        *(
            {
                "do": "open-letter",
                "sealed": sealed_here(body),
                "identities": [IDENTITIES[i % 3].encode()],
                "org_id": ORG,
                "device_keys": SHOWN_KEYS,
            }
            for i, body in enumerate(bodies)
        )
    )
    for body, answer in zip(bodies, answers, strict=True):
        assert answer["payload"] == canonical(letter_of(body))
        assert answer["device"] == (DEVICE.device if body["kind"] == "note" else None)


def test_letters_sealed_there_open_here() -> None:
    bodies = LETTERS + NOTES
    common = {
        "recipients": [recipient.public_key.hex() for recipient in RECIPIENTS],
        "slots": SLOTS,
        "device": DEVICE.device,
        "seed": DEVICE.seed,
    }
    kinds = {"letter": "seal-letter", "note": "seal-colleague-letter"}
    answers = ask(
        *(
            {"do": kinds[body["kind"]], "payload": to_json(body).decode(), **common}
            for body in bodies
        )
    )
    for body, answer in zip(bodies, answers, strict=True):
        sealed = bytes.fromhex(answer)
        assert len(sealed) == letter_len(SLOTS)
        for identity in IDENTITIES:
            opened = open_letter(sealed, [identity])
            read = read_letter(opened.plaintext, ORG, DEVICE_KEYS)
            assert canonical(read.payload) == canonical(letter_of(body))


def reply_of(body: Json) -> InReply:
    return parse_reply_payload(to_json(body))


def test_replies_sealed_here_are_found_there() -> None:
    key = derive_thread_key(ENTROPY, ORG, 2, 30)
    cells: list[bytes] = []
    for body in REPLIES:
        numbers = range(len(cells), len(cells) + cells_needed(reply_of(body)))
        cells += seal_reply(reply_of(body), DEVICE, key, numbers, secrets.token_bytes)
    cells += [secrets.token_bytes(1024) for _ in range(50)]
    (answer,) = ask({"do": "find-replies", "board": encode_board(7, cells)} | _thread())
    assert answer == {"payloads": [canonical(reply_of(body)) for body in REPLIES], "damaged": 0}


def test_replies_sealed_there_are_found_here() -> None:
    key = derive_thread_key(ENTROPY, ORG, 2, 30)
    signer = {"device": DEVICE.device, "seed": DEVICE.seed}
    answers = ask(
        *(
            {"do": "seal-reply", "payload": to_json(body).decode(), "first": i * 20}
            | _thread()
            | signer
            for i, body in enumerate(REPLIES)
        )
    )
    cells = [bytes.fromhex(cell) for answer in answers for cell in answer]
    board = parse_board(encode_board(7, cells))
    found, damaged = find_fragments(board, [key], [DEVICE.device])
    joined = join_all([(f.device, f.fragment) for f in found], ORG, DEVICE_KEYS)
    assert (damaged, joined.partial, joined.damaged) == (0, 0, 0)
    assert [reply.payload for reply in joined.replies] == [reply_of(body) for body in REPLIES]


def _thread() -> dict[str, object]:
    return {
        "entropy": ENTROPY,
        "org_id": ORG,
        "generation": 2,
        "week": 30,
        "device_keys": SHOWN_KEYS,
    }


def test_chunks_sealed_in_one_language_open_in_the_other() -> None:
    seal = AttachmentSeal(secrets.token_bytes(32), ORG, secrets.token_bytes(16), 3)
    place = {"key": seal.key, "org_id": ORG, "id": seal.attachment_id, "chunks": 3, "index": 2}
    data = secrets.token_bytes(100_000)
    opened, sealed = ask(
        {"do": "open-chunk", "sealed": seal_chunk(seal, 2, data), **place},
        {"do": "seal-chunk", "data": data, **place},
    )
    assert bytes.fromhex(opened) == data.ljust(2**20, b"\0")
    assert bytes.fromhex(sealed["id"]) == derive_chunk_id(seal, 2)
    assert open_chunk(seal, 2, bytes.fromhex(sealed["sealed"])) == data.ljust(2**20, b"\0")


def test_root_signatures_of_one_library_verify_in_the_other() -> None:
    key = RootKey(secrets.token_bytes(32), secrets.token_bytes(32))
    message = secrets.token_bytes(1000)
    ours = sign_root(key, message)
    bent = bytes([*ours[:-1], ours[-1] ^ 1])
    public = {"ed25519": key.public.ed25519, "ml_dsa_65": key.public.ml_dsa_65}
    theirs, sound, altered = ask(
        {
            "do": "sign-root",
            "ed25519_seed": key.ed25519_seed,
            "ml_dsa_65_seed": key.ml_dsa_65_seed,
            "message": message,
        },
        {"do": "verify-root", "message": message, "signature": ours, **public},
        {"do": "verify-root", "message": message, "signature": bent, **public},
    )
    assert (sound, altered) == (True, False)
    root = RootPublic(bytes.fromhex(theirs["ed25519"]), bytes.fromhex(theirs["ml_dsa_65"]))
    assert root == key.public
    assert verify_root(root, message, bytes.fromhex(theirs["signature"]))


def test_words_of_one_language_are_read_in_the_other() -> None:
    entropies = {language: secrets.token_bytes(16) for language in WORD_LISTS}
    encoded = ask(
        *({"do": "encode-words", "entropy": e, "language": lang} for lang, e in entropies.items())
    )
    words = {language: " ".join(encode_words(e, language)) for language, e in entropies.items()}
    assert dict(zip(entropies, encoded, strict=True)) == words
    decoded = ask(
        *({"do": "decode-words", "words": w, "language": lang} for lang, w in words.items())
    )
    assert [bytes.fromhex(answer) for answer in decoded] == list(entropies.values())
    assert [decode_words(w, lang) for lang, w in words.items()] == list(entropies.values())


def test_a_keyring_is_verified_there() -> None:
    (answer,) = ask(
        {
            "do": "verify-keyring",
            "keyring": encode_keyring(keyring()),
            "org_id": ORG_ID,
            "today": TODAY,
        }
    )
    assert answer == {"hash": ORG_ID.hex(), "sealed_to": [0, 4, 8, 5]}


def test_a_proof_of_work_found_there_is_good_here() -> None:
    challenge = secrets.token_bytes(16)
    (nonce,) = ask({"do": "find-nonce", "challenge": challenge, "bits": 12})
    digest = sha256(b"courier/ticket\0" + challenge + bytes.fromhex(nonce)).digest()
    assert int.from_bytes(digest, "big") >> (256 - 12) == 0


def verdict(data: bytes) -> object:
    """What we make of a payload, as the other side would say it."""
    try:
        return canonical(parse_letter_payload(data))
    except MalformedPayloadError:
        return {"refused": "malformed_payload"}


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The same bytes after one to four small accidents."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(changed))
        match chance.randrange(5):
            case 0:
                changed[place] ^= 1 << chance.randrange(8)
            case 1:
                del changed[place : place + chance.randint(1, 8)]
            case 2:
                changed[place:place] = chance.choice(PIECES)
            case 3:
                changed[place] = chance.choice(b'{}[]",:\\0123456789eE+-.ntf \n')
            case _:
                end = place + chance.randint(1, 40)
                changed[place:place] = changed[place:end]
        changed = changed or bytearray(b"{")
    return bytes(changed)


PIECES = [b"null", b"true", b"1e1", b"-0", b"\\u0000", b"\\ud800", b"\xef\xbb\xbf", b"[[", b"\xff"]
SEED = 20_780


def test_both_parsers_take_and_refuse_the_same_payloads() -> None:
    chance = random.Random(SEED)
    small = samples.letter(text="ж", attachments=[samples.attachment()])
    whole = [to_json(body) for body in (samples.cover(), samples.note(), small, samples.reseal(1))]
    known = [data for _, data in poisons()] + [to_json(body) for _, body in bad_fields()]
    inputs = whole + known + [mutated(chance.choice(whole), chance) for _ in range(4000)]
    # A cover is so short that many of its mutations are still payloads.
    inputs += [mutated(whole[0], chance) for _ in range(2000)]
    answers = ask(*({"do": "parse-letter", "data": data} for data in inputs))
    verdicts = [verdict(data) for data in inputs]
    differing = [data for data, a, v in zip(inputs, answers, verdicts, strict=True) if a != v]
    assert differing == []
    assert sum(isinstance(v, str) for v in verdicts) > len(whole)


def keyring_verdict(data: bytes) -> object:
    """What we make of a keyring, as the other side would say it."""
    try:
        verified = verify_keyring(data, ORG_ID, TODAY)
    except ProtocolError as error:
        (name,) = error_names(error)
        return {"refused": name}
    chosen = [statement.device for statement in choose_day_statements(verified)]
    return {"hash": verified.charter.hash.hex(), "sealed_to": chosen}


def test_both_find_the_same_fault_in_the_same_keyring() -> None:
    chance = random.Random(SEED)
    whole = [encode_keyring(keyring(chain)) for chain in (FIRST, REVOKED)]
    # Most of a keyring is keys and signatures; its joints are where readers may differ.
    inputs = whole + [mutated(chance.choice(whole), chance) for _ in range(200)]
    inputs += [mutated(data[:10], chance) + data[10:] for data in whole for _ in range(50)]
    inputs += [data[: chance.randrange(len(data))] for data in whole for _ in range(50)]
    answers = ask(
        *(
            {"do": "verify-keyring", "keyring": data, "org_id": ORG_ID, "today": TODAY}
            for data in inputs
        )
    )
    assert answers == [keyring_verdict(data) for data in inputs]


def test_the_browsers_chunked_encryption_agrees_on_every_public_vector() -> None:
    answers = ask(
        *(
            {
                "do": "cobblestone",
                "hash": "SHA-256",
                "key": vector.key,
                "context": vector.context,
                "sealed": vector.sealed,
            }
            for vector in VECTORS
        )
    )
    for vector, answer in zip(VECTORS, answers, strict=True):
        if vector.plaintext_hash is None:
            assert answer == {"refused": "cannot_open"}, vector.name
        else:
            assert sha256(bytes.fromhex(answer)).hexdigest() == vector.plaintext_hash, vector.name
