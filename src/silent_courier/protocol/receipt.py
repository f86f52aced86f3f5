"""The 24 digits of who has no script, and the sixteen bytes behind them. Spec §3.5.

They do for the form that a server seals itself what twelve words do elsewhere, under a derivation
of their own: no digits lead to the mailbox of words. Like words, any sound digits are somebody's.
"""

from typing import Final

from silent_courier.protocol.errors import MalformedReceiptError
from silent_courier.protocol.primitives import argon2id, hkdf_sha256, sha256
from silent_courier.protocol.sizes import ENTROPY_LEN, RECEIPT_DIGITS

_LABEL: Final = b"courier/receipt"
_SALT_LEN: Final = 16
_PASSES: Final = 3
_MEMORY_KIB: Final = 64 * 1024
_LANES: Final = 1
_DRAWN: Final = RECEIPT_DIGITS - 1
# Arabic, Persian and full-width digits are read like ours; hyphens between them are passed over.
_ZEROS: Final = "0\u0660\u06f0\uff10"
_READ: Final = {ord(zero) + n: str(n) for zero in _ZEROS for n in range(10)} | dict.fromkeys(
    map(ord, "-\u2010\u2011\u2012\u2013")
)
_ASCII_DIGITS: Final = frozenset("0123456789")


def encode_receipt(drawn: bytes) -> str:
    """The receipt of 16 random bytes: 23 digits and one that checks them."""
    if len(drawn) != ENTROPY_LEN:
        raise ValueError("a receipt is made of 16 bytes")
    digits = str(int.from_bytes(drawn, "big") % 10**_DRAWN).zfill(_DRAWN)
    return digits + str(-_weight(f"{digits}0") % 10)


def parse_receipt(text: str) -> str:
    """The 24 digits in what somebody typed; spaces and hyphens are free.

    Raises:
        MalformedReceiptError: not 24 digits, or the last does not fit the others.
    """
    digits = "".join(text.split()).translate(_READ)
    if len(digits) != RECEIPT_DIGITS or not _ASCII_DIGITS.issuperset(digits):
        raise MalformedReceiptError
    if _weight(digits) % 10:
        raise MalformedReceiptError
    return digits


def derive_receipt_entropy(digits: str, org_id: bytes) -> bytes:
    """The 16 bytes that stand for the entropy of words; costs 64 MiB of memory for a moment.

    Args:
        digits: 24 of them, from `encode_receipt` or `parse_receipt`.
        org_id: 32 bytes.
    """
    salt = sha256(_LABEL + org_id)[:_SALT_LEN]
    key = argon2id(
        digits.encode("ascii"), salt, passes=_PASSES, memory_kib=_MEMORY_KIB, lanes=_LANES
    )
    return hkdf_sha256(key, org_id, _LABEL, ENTROPY_LEN)


def _weight(digits: str) -> int:
    """After Luhn: every second digit from the right, the last but one first, counts double."""
    doubled = (2 * int(digit) for digit in digits[-2::-2])
    return sum(value - 9 if value > 9 else value for value in doubled) + sum(
        int(digit) for digit in digits[-1::-2]
    )
