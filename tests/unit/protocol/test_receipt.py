"""Receipts: whatever is typed soundly is read, and a slip is noticed before anything is derived."""

import pytest

from silent_courier.protocol.errors import MalformedReceiptError
from silent_courier.protocol.receipt import derive_receipt_entropy, encode_receipt, parse_receipt
from silent_courier.protocol.words import decode_words, encode_words
from tests.unit.protocol.makers import ENTROPY, draw

ORG_ID = draw("organisation", 32)
RECEIPT = encode_receipt(draw("receipt", 16))


def test_receipts_are_24_digits_that_read_as_themselves() -> None:
    for label in range(200):
        receipt = encode_receipt(draw(f"receipt/{label}", 16))
        assert len(receipt) == 24
        assert receipt.isdecimal()
        assert parse_receipt(receipt) == receipt


def test_every_single_wrong_digit_is_noticed() -> None:
    for place in range(24):
        for step in range(1, 10):
            digit = str((int(RECEIPT[place]) + step) % 10)
            with pytest.raises(MalformedReceiptError):
                parse_receipt(RECEIPT[:place] + digit + RECEIPT[place + 1 :])


def test_spacing_and_digits_of_other_keyboards_are_free() -> None:
    spread = " ".join(RECEIPT[i : i + 4] for i in range(0, 24, 4))
    persian = "".join(chr(0x6F0 + int(digit)) for digit in RECEIPT)
    assert parse_receipt(f"  {spread}\n") == parse_receipt(persian) == RECEIPT


@pytest.mark.parametrize("text", ["", "0" * 23, "0" * 25, "²" * 24, "0" * 23 + "x"])
def test_what_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(MalformedReceiptError):
        parse_receipt(text)


def test_twelve_words_are_no_receipt_and_a_receipt_is_no_words() -> None:
    with pytest.raises(MalformedReceiptError):
        parse_receipt(" ".join(encode_words(ENTROPY)))
    with pytest.raises(Exception, match="twelve words"):
        decode_words(RECEIPT)


def test_another_organisation_or_receipt_leads_elsewhere() -> None:
    entropy = derive_receipt_entropy(RECEIPT, ORG_ID)
    assert len(entropy) == 16
    assert entropy != derive_receipt_entropy(RECEIPT, draw("another", 32))
    assert entropy != derive_receipt_entropy(encode_receipt(bytes(16)), ORG_ID)


def test_a_draw_of_another_length_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        encode_receipt(bytes(15))
