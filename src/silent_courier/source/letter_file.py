"""A whole letter sealed outside a visit: for a file, or in a server's memory. Spec §10.10.

Pure but for the randomness it is handed. Holds text and form alone: attachments need the tickets
of a visit. What comes out is like any other letter.
"""

from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.keyring import VerifiedKeyring, verify_keyring
from silent_courier.protocol.payload import CoverPayload
from silent_courier.protocol.sizes import ID_LEN
from silent_courier.source.compose import Draft, check_fits, compose_letter
from silent_courier.source.proof import Random
from silent_courier.source.seal import seal_for


def open_keyring(data: bytes, org_id: bytes, now: float) -> VerifiedKeyring:
    """A keyring under which a letter may be sealed now; any error of `verify_keyring`."""
    return verify_keyring(data, org_id, day_of(now))


def seal_letter(keyring: VerifiedKeyring, entropy: bytes, draft: Draft, random: Random) -> bytes:
    """The sealed letter, of the one length that this charter's letters have.

    Raises:
        PayloadTooLongError: the text must be shorter; here nothing makes a file of it.
        MalformedPayloadError: a value breaks the schema.
        ValueError: the draft has attachments.
    """
    if draft.attachments:
        raise ValueError("a letter by itself carries no attachments")
    check_fits(draft)
    payload = compose_letter(
        draft,
        (),
        random(ID_LEN),
        charter=keyring.charter,
        entropy=entropy,
        day=keyring.day,
    )
    return seal_for(keyring, payload, random)


def seal_cover(keyring: VerifiedKeyring, random: Random) -> bytes:
    """An empty letter of the same length."""
    return seal_for(keyring, CoverPayload(), random)
