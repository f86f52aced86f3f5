"""What a source does for itself, lent to a server whose operator offers the assisted form.

The server imports nothing that seals or derives; it is handed these functions here. Spec §10.10.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from silent_courier.protocol.board_format import parse_board
from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.errors import NotEmptiedError, ProtocolError, TooFewDayKeysError
from silent_courier.protocol.keyring import VerifiedKeyring, check_open, verify_keyring_statements
from silent_courier.protocol.receipt import derive_receipt_entropy, encode_receipt, parse_receipt
from silent_courier.protocol.sizes import ENTROPY_LEN
from silent_courier.server.assisted import Found, FoundAll, Post
from silent_courier.source.compose import Draft
from silent_courier.source.letter_file import open_keyring, seal_cover, seal_letter
from silent_courier.source.mailbox import Mailbox, read_mailbox


@dataclass(frozen=True, slots=True)
class SourceAssistant:
    """A source in the server's memory, for the length of one request."""

    random: Callable[[int], bytes]
    clock: Callable[[], float] = time.time

    def draw(self) -> str:
        """A new receipt."""
        return encode_receipt(self.random(ENTROPY_LEN))

    def parse(self, typed: str) -> str:
        """Its digits; MalformedReceiptError."""
        return parse_receipt(typed)

    def seal(self, post: Post, receipt: str, text: str, language: str) -> bytes:
        """The sealed letter; ProtocolError."""
        keyring = open_keyring(post.keyring, post.org_id, self.clock())
        entropy = derive_receipt_entropy(receipt, post.org_id)
        return seal_letter(keyring, entropy, Draft(text, language), self.random)

    def find(self, post: Post, receipt: str) -> FoundAll:
        """What is on the board; ProtocolError."""
        today = day_of(self.clock())
        keyring = verify_keyring_statements(post.keyring, post.org_id, today)
        entropy = derive_receipt_entropy(receipt, post.org_id)
        mailbox = read_mailbox(parse_board(post.board), keyring.charter, entropy, today)
        cover = self._cover(keyring, today)
        found = tuple(_newest_first(mailbox))
        return FoundAll(found, mailbox.partial > 0, mailbox.damaged > 0, cover)

    def _cover(self, keyring: VerifiedKeyring, today: int) -> bytes | None:
        try:
            check_open(keyring, today)
        except (TooFewDayKeysError, NotEmptiedError):
            return None
        try:
            return seal_cover(keyring, self.random)
        except ProtocolError:
            return None


def _newest_first(mailbox: Mailbox) -> Iterator[Found]:
    found = [Found("answer", a.day, a.label, a.left, a.text) for a in mailbox.answers]
    found += [Found("opened", o.day, o.label, o.left, "") for o in mailbox.opened]
    yield from sorted(found, key=lambda each: -each.day)
