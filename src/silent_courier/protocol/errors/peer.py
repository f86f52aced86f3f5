"""What a peer sent, or a file holds, is not what the spec says. Spec §13."""

from silent_courier.protocol.errors.families import ProtocolError


class CannotOpenError(ProtocolError):
    """Not sealed to us, or altered: deliberately the same."""

    sentence = "This could not be opened: it is not for this key, or it was altered."


class NoStanzaForUsError(CannotOpenError):
    """No stanza of an age header gives its file key to any identity tried."""


class HeaderAlteredError(CannotOpenError):
    """The MAC of an age header is not the one its file key makes."""


class PayloadAlteredError(CannotOpenError):
    """A chunk of an age payload is altered, missing, misplaced or too many."""


class MalformedAgeError(ProtocolError):
    """Bytes that break the grammar of an age file, or a stanza of a known kind that does."""

    sentence = "This is not a well-formed age file."


class MalformedArmorError(ProtocolError):
    """Text that breaks the rules of age's ASCII armor."""

    sentence = "This is not a well-formed armored age file."


class MalformedRecipientError(ProtocolError):
    """A public key, as bytes or as text, that nobody may seal to."""

    sentence = "This is not a recipient that can be sealed to."


class MalformedIdentityError(ProtocolError):
    """A text that is not a private key of the kind asked for."""

    sentence = "This is not an identity."


class MalformedLetterError(ProtocolError):
    """A letter's length, framing or padding is not that of the spec."""

    sentence = "This is not a letter: its length or framing is wrong."


class MalformedPayloadError(ProtocolError):
    """A payload is not strict JSON of the fixed schema."""

    sentence = "The payload does not follow the schema."


class PayloadTooLongError(ProtocolError):
    """A payload does not fit where it has to go."""

    sentence = "This is too long for one message."


class MalformedCellError(ProtocolError):
    """A cell, or a reply put together from cells, is not that of the spec."""

    sentence = "This is not a reply: its length or framing is wrong."


class MalformedBoardError(ProtocolError):
    """The board's length or order is not that of the spec."""

    sentence = "The board is not in the form it should have."


class MalformedChunkError(ProtocolError):
    """A chunk has the wrong length, or an attachment the wrong hash."""

    sentence = "The attachment is not what the letter says it is."


class MalformedCharterError(ProtocolError):
    """A charter, access list or request is not that of the spec."""

    sentence = "This is not a charter: its form is wrong."


class CharterSignatureError(ProtocolError):
    """A root signature does not verify."""

    sentence = "The charter is not signed by this organisation."


class CharterExpiredError(ProtocolError):
    """The charter's dates do not cover today."""

    sentence = "The organisation's charter has expired."


class CharterSerialError(ProtocolError):
    """A charter is older than one already seen."""

    sentence = "This charter is older than the one already known."


class WrongOrganisationError(ProtocolError):
    """The document belongs to another organisation."""

    sentence = "This is another organisation's portal than the one you named."


class WrongPortalError(ProtocolError):
    """The charter names another onion than the one it came from."""

    sentence = "The organisation's charter names another address than this one."


class MalformedKeyringError(ProtocolError):
    """A keyring or statement is not that of the spec."""

    sentence = "This is not a keyring: its form is wrong."


class StatementSignatureError(ProtocolError):
    """A statement is not signed by a device of the charter, for this charter."""

    sentence = "A statement in the keyring is not signed by a handler of the charter."


class MalformedManifestError(ProtocolError):
    """The form of a manifest, or of a page that one is about."""

    sentence = "The manifest of the portal's files, or a page it names, has a wrong form."


class ManifestSignatureError(ProtocolError):
    """A manifest that no device of the charter has signed, for this charter."""

    sentence = "The manifest of the portal's files is signed by nobody in today's charter."


class ManifestOldError(ProtocolError):
    """A manifest that was signed too long ago, or in the future."""

    sentence = "The manifest of the portal's files is an old one."


class ClockError(ProtocolError):
    """The keyring's day and the clock differ by more than one day."""

    sentence = "The portal's day and the clock of this computer do not agree."


class TooFewDayKeysError(ProtocolError):
    """Fewer handlers can read today than the charter's minimum."""

    sentence = "Too few handlers could read a letter today, so none was sent."

    def __init__(self, missing: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.missing = missing


class NotEmptiedError(ProtocolError):
    """Too few fresh signs of life: nobody empties this letterbox now."""

    sentence = "This letterbox is not being emptied now, so nothing was sent."


class MalformedWordsError(ProtocolError):
    """Not twelve words of the list, or the checksum is wrong."""

    sentence = "These are not twelve words of one word list."

    def __init__(self, position: int | None = None) -> None:
        super().__init__()
        self.position = position


class MalformedReceiptError(ProtocolError):
    """Not the digits of a receipt: too few, too many, or the last does not fit the others."""

    sentence = "These are not the 24 digits of a receipt."


class PortalRefusedError(ProtocolError):
    """An answer that a portal may not give to this request; `status` is that of HTTP."""

    sentence = "The portal refused this request."

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class PortalNotReadyError(PortalRefusedError):
    """The portal has no charter yet, or is just starting."""

    sentence = "The portal is not ready yet."


class PortalBusyError(PortalRefusedError):
    """Tickets are short, and we were not drawn."""

    sentence = "More people want to hand something in than the portal takes just now."


class PortalFullError(PortalRefusedError):
    """The portal has no room for this letter or attachment."""

    sentence = "The letterbox is full now, so the letter was not taken."


class ProofTooHardError(ProtocolError):
    """The portal asks for more work than a source will do."""

    sentence = "The portal asks for more work than this computer could do in time."


class AttachmentUnreadableError(ProtocolError):
    """A file to attach is missing, not a file, or may not be read."""

    sentence = "A file could not be read, so nothing was sent."


class AttachmentChangedError(ProtocolError):
    """A file to attach changed, or vanished, after it was first read."""

    sentence = "A file changed while it was being sent, so the letter was not sent."


class AttachmentTooLargeError(ProtocolError):
    """A file to attach is longer than ATTACHMENT_LEN_MAX."""

    sentence = "A file is larger than an attachment may be."


class TooManyAttachmentsError(ProtocolError):
    """More files than one letter can name."""

    sentence = "There are more files than one letter can carry."


class DeskRefusedError(ProtocolError):
    """401: the server's access list does not hold this desk, or not with this token."""

    sentence = "The server does not know this desk."


class UnexpectedAnswerError(ProtocolError):
    """A status or a body that the protocol does not foresee."""

    sentence = "The server gave an answer that the protocol does not foresee."

    def __init__(self, status: int = 200) -> None:
        super().__init__()
        self.status = status


class CharterConflictError(ProtocolError):
    """Two charters of one serial that are both signed by the root."""

    sentence = "There are two different charters with the same serial number."


class RequestRefusedError(ProtocolError):
    """A request that gets a constant error answer with this HTTP status."""

    sentence = "The request was refused."

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class BodyCutShortError(ProtocolError):
    """A request ended, or took too long, before its body was complete."""

    sentence = "The request broke off."


class MalformedCaseError(ProtocolError):
    """An export whose list of files or signature does not have their form."""

    sentence = "This is not a case that a desk exported, or its list of files is damaged."


class CaseSignatureError(ProtocolError):
    """An export that no device of this organisation signed, or whose list was changed."""

    sentence = "This case is not as a handler of this organisation signed it."
