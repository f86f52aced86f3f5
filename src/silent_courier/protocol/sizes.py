"""Every length on the wire and at rest, as arithmetic, in bytes. Spec §2."""

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB
GIB: Final = 1024 * MIB

HASH_LEN: Final = 32
KEY_LEN: Final = 32
ID_LEN: Final = 16
TAG_LEN: Final = 16
AEAD_TAG_LEN: Final = 16

# Words (§3)
ENTROPY_LEN: Final = 16
WORD_COUNT: Final = 12
RECEIPT_DIGITS: Final = 24
GENERATIONS: Final = 256
WEEKS_BACK: Final = 7
WEEKS_AHEAD: Final = 1

# Signatures (§8)
ED25519_PUBLIC_LEN: Final = 32
ED25519_SIGNATURE_LEN: Final = 64
ML_DSA_PUBLIC_LEN: Final = 1952
ML_DSA_SIGNATURE_LEN: Final = 3309
ROOT_SIGNATURE_LEN: Final = ED25519_SIGNATURE_LEN + ML_DSA_SIGNATURE_LEN

# Devices (§8.3)
SLOTS_PER_HANDLER: Final = 4
HANDLERS_MAX: Final = 64
DEVICES_MAX: Final = SLOTS_PER_HANDLER * HANDLERS_MAX
DEVICE_LEN: Final = 2
DAY_LEN: Final = 4

# Letter (§4)
LETTER_PLAINTEXT_LEN: Final = 16 * KIB
LENGTH_PREFIX_LEN: Final = 4
TRAILER_LEN: Final = DEVICE_LEN + ED25519_SIGNATURE_LEN
LETTER_PAYLOAD_MAX: Final = LETTER_PLAINTEXT_LEN - LENGTH_PREFIX_LEN - TRAILER_LEN
RECIPIENT_LEN: Final = 1216
HPKE_ENC_LEN: Final = 1120
FILE_KEY_LEN: Final = 16


def _base64_len(length: int) -> int:
    """Characters of unpadded base64 for `length` bytes."""
    return (length * 8 + 5) // 6


AGE_VERSION_LINE_LEN: Final = len("age-encryption.org/v1\n")
STANZA_LEN: Final = (
    len("-> mlkem768x25519 ")
    + _base64_len(HPKE_ENC_LEN)
    + len("\n")
    + _base64_len(FILE_KEY_LEN + AEAD_TAG_LEN)
    + len("\n")
)
AGE_MAC_LINE_LEN: Final = len("--- ") + _base64_len(HASH_LEN) + len("\n")
AGE_PAYLOAD_NONCE_LEN: Final = 16


def letter_len(slots: int) -> int:
    """Bytes of a sealed letter with `slots` stanzas. Spec §4.1."""
    header = AGE_VERSION_LINE_LEN + slots * STANZA_LEN + AGE_MAC_LINE_LEN
    return header + AGE_PAYLOAD_NONCE_LEN + LETTER_PLAINTEXT_LEN + AEAD_TAG_LEN


LETTER_SLOTS_MAX: Final = 64
LETTER_LEN_MAX: Final = letter_len(LETTER_SLOTS_MAX)

# Board (§6)
CELL_LEN: Final = KIB
SALT_LEN: Final = 16
CELL_PLAINTEXT_LEN: Final = CELL_LEN - TAG_LEN - SALT_LEN - AEAD_TAG_LEN
FRAGMENT_HEADER_LEN: Final = 8 + 1 + 1
FRAGMENT_LEN: Final = CELL_PLAINTEXT_LEN - FRAGMENT_HEADER_LEN
REPLY_CELLS_MAX: Final = 16
REPLY_FRAME_OVERHEAD: Final = TRAILER_LEN + LENGTH_PREFIX_LEN
REPLY_PAYLOAD_MAX: Final = REPLY_CELLS_MAX * FRAGMENT_LEN - REPLY_FRAME_OVERHEAD
TAGS_PER_WEEK: Final = 256
BOARD_HEADER_LEN: Final = 16

# Attachment (§7)
CHUNK_LEN: Final = MIB
COBBLESTONE_HEADER_LEN: Final = 56
COBBLESTONE_BLOCK_LEN: Final = 16 * KIB
SEALED_CHUNK_LEN: Final = (
    COBBLESTONE_HEADER_LEN + CHUNK_LEN + AEAD_TAG_LEN * (CHUNK_LEN // COBBLESTONE_BLOCK_LEN + 1)
)
CHUNK_ID_LEN: Final = 32
ATTACHMENT_LEN_MAX: Final = 2 * GIB
CHUNKS_MAX: Final = ATTACHMENT_LEN_MAX // CHUNK_LEN
ATTACHMENTS_MAX: Final = 16


def chunk_count(size: int) -> int:
    """Chunks uploaded for an attachment of `size` bytes: the next of 1, 2, 3, 4, 6, 8, 12 … 2048.

    Raises:
        ValueError: `size` is negative or above ATTACHMENT_LEN_MAX.
    """
    if not 0 <= size <= ATTACHMENT_LEN_MAX:
        raise ValueError("attachment size out of range")
    needed = max(1, -(-size // CHUNK_LEN))
    power = 1
    while power < needed:
        if power + power // 2 >= needed and power >= 2:
            return power + power // 2
        power *= 2
    return power


# Documents (§8, §9)
CHARTER_LEN_MAX: Final = 256 * KIB
KEYRING_LEN_MAX: Final = 2 * MIB
MANIFEST_LEN_MAX: Final = 256 * KIB
BOARD_CELLS_MAX: Final = 64 * KIB

# Days (§6, §9, §12)
DAY_KEYS_AHEAD_MAX: Final = 14
DAY_KEY_LIFE_DAYS: Final = 9
RETENTION_DAYS_MIN: Final = 30
RETENTION_DAYS_MAX: Final = 44
CLOSURE_DAYS_MAX: Final = 400
MANIFEST_DAYS_MAX: Final = 30
ANSWER_DAYS_MAX: Final = 70

# Tickets (§10)
TICKET_LEN: Final = 32
TICKET_MINUTES: Final = 30
TICKET_CHUNKS: Final = 64
