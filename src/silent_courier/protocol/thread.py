"""What the twelve words derive, and what a thread key derives. Spec §3.2-§3.4.

The source derives from its entropy; the desk holds one thread key and steps it.
One-way throughout: no later key gives an earlier one.
"""

from dataclasses import dataclass

from silent_courier.protocol.primitives import (
    aes_ctr_keystream,
    hkdf_sha256,
    hmac_sha256,
    sha256,
)
from silent_courier.protocol.sizes import (
    DEVICES_MAX,
    GENERATIONS,
    HASH_LEN,
    KEY_LEN,
    TAG_LEN,
    TAGS_PER_WEEK,
)

_AUTH_STEP = b"courier/auth"


def derive_auth(entropy: bytes, org_id: bytes, generation: int) -> bytes:
    """`a_g`: what a letter of this generation carries to say who wrote it. Spec §3.2.

    Args:
        entropy: the 16 bytes behind the twelve words.
        org_id: 32 bytes.
        generation: 0 to 256; 0 gives the source id.

    Returns:
        32 bytes.
    """
    if not 0 <= generation <= GENERATIONS:
        raise ValueError("generation out of range")
    value = hkdf_sha256(entropy, org_id, b"courier/auth", HASH_LEN)
    return _hash_down(value, GENERATIONS - generation)


def derive_source_id(auth: bytes, generation: int) -> bytes:
    """`a_0` from the 32-byte `a_g`: the name a desk knows the source by. Spec §3.2."""
    return _hash_down(auth, generation)


def _hash_down(value: bytes, steps: int) -> bytes:
    for _ in range(steps):
        value = sha256(_AUTH_STEP + value)
    return value


@dataclass(frozen=True, slots=True)
class ThreadKey:
    """`K(w)` of one source and generation. Spec §3.3."""

    key: bytes
    generation: int
    week: int

    def step_to(self, week: int) -> "ThreadKey":
        """The key of a later (or the same) week; an earlier one cannot be had.

        Raises:
            ValueError: `week` lies before this key's week.
        """
        if week < self.week:
            raise ValueError("a thread key steps forward only")
        key = self.key
        for _ in range(week - self.week):
            key = hmac_sha256(key, b"courier/next")
        return ThreadKey(key, self.generation, week)


def derive_thread_key(entropy: bytes, org_id: bytes, generation: int, week: int) -> ThreadKey:
    """`K(week)` of this generation from the 16-byte entropy. Spec §3.3."""
    info = b"courier/thread" + generation.to_bytes(2, "big")
    first = hkdf_sha256(entropy, org_id, info, KEY_LEN)
    return ThreadKey(first, generation, 0).step_to(week)


def derive_tags(thread_key: ThreadKey, devices: int = DEVICES_MAX) -> bytes:
    """All tags of one week for device slots 0 to `devices` - 1, one after another. Spec §3.4.

    Returns:
        devices × 256 × 16 bytes; the tag of slot d, number n is at (d × 256 + n) × 16.
    """
    key = hmac_sha256(thread_key.key, b"courier/tag")
    return aes_ctr_keystream(key, devices * TAGS_PER_WEEK * TAG_LEN)


def derive_tag(thread_key: ThreadKey, device: int, number: int) -> bytes:
    """The 16-byte tag of device slot `device`, number 0 to 255. Spec §3.4."""
    if not 0 <= number < TAGS_PER_WEEK or not 0 <= device < DEVICES_MAX:
        raise ValueError("tag position out of range")
    position = device * TAGS_PER_WEEK + number
    return derive_tags(thread_key, device + 1)[position * TAG_LEN : (position + 1) * TAG_LEN]


def derive_cell_key(thread_key: ThreadKey, tag: bytes, salt: bytes) -> bytes:
    """The 32-byte key of the one cell with this 16-byte tag and 16-byte salt. Spec §3.4."""
    return hmac_sha256(hmac_sha256(thread_key.key, b"courier/seal"), tag + salt)
