"""Seals what a source sends, a letter or a cover, to the day keys of a keyring. Spec §9.6."""

from silent_courier.protocol.age import HybridRecipient
from silent_courier.protocol.keyring import VerifiedKeyring, choose_day_statements
from silent_courier.protocol.letter import seal_source_letter
from silent_courier.protocol.payload import SourcePayload
from silent_courier.source.proof import Random


def seal_for(keyring: VerifiedKeyring, payload: SourcePayload, random: Random) -> bytes:
    """The sealed letter, of the one length this charter's letters have.

    Raises:
        PayloadTooLongError, MalformedPayloadError
        MalformedRecipientError: a day key that nobody can seal to.
    """
    statements = choose_day_statements(keyring)
    recipients = [HybridRecipient(statement.recipient) for statement in statements]
    slots = keyring.charter.body.parameters.letter_slots
    return seal_source_letter(payload, recipients, slots, random)
