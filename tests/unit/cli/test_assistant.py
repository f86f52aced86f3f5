"""What a server is lent seals and finds as a source would, and nothing where nobody would read."""

import secrets

import pytest

from silent_courier.cli.assistant import SourceAssistant
from silent_courier.protocol.board_format import encode_board
from silent_courier.protocol.calendar import SECONDS_PER_DAY
from silent_courier.protocol.errors import MalformedReceiptError, PayloadTooLongError
from silent_courier.protocol.letter import open_letter, read_letter
from silent_courier.protocol.payload import CoverPayload, LetterPayload
from silent_courier.protocol.receipt import derive_receipt_entropy
from silent_courier.protocol.thread import derive_auth
from silent_courier.server.assisted import Post
from tests.unit.source.small_portal import TODAY, day_identity, make_portal

PORTAL = make_portal()
ORG_ID = PORTAL.charter.org_id
POST = Post(PORTAL.keyring(), encode_board(0, []), ORG_ID)
ASSISTANT = SourceAssistant(secrets.token_bytes, lambda: float(TODAY * SECONDS_PER_DAY))


def _opened(sealed: bytes) -> object:
    opened = open_letter(sealed, [day_identity(0, TODAY)])
    return read_letter(opened.plaintext, ORG_ID, {}).payload


def test_a_sealed_text_is_a_letter_of_who_holds_the_receipt() -> None:
    receipt = ASSISTANT.draw()
    payload = _opened(ASSISTANT.seal(POST, receipt, "Письмо", "ru"))
    assert isinstance(payload, LetterPayload)
    entropy = derive_receipt_entropy(receipt, ORG_ID)
    assert payload.text == "Письмо"
    assert payload.auth == derive_auth(entropy, ORG_ID, payload.generation).hex()


def test_a_receipt_never_used_opens_an_empty_mailbox_with_a_cover_to_leave() -> None:
    found = ASSISTANT.find(POST, ASSISTANT.draw())
    assert (found.found, found.damaged) == ((), False)
    assert found.cover is not None
    assert _opened(found.cover) == CoverPayload()


def test_no_two_receipts_are_the_same_and_each_reads_as_itself() -> None:
    drawn = {ASSISTANT.draw() for _ in range(100)}
    assert len(drawn) == 100
    assert all(ASSISTANT.parse(receipt) == receipt for receipt in drawn)
    with pytest.raises(MalformedReceiptError):
        ASSISTANT.parse("abandon " * 12)


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(PayloadTooLongError):
        ASSISTANT.seal(POST, ASSISTANT.draw(), "ж" * 9000, "ru")
