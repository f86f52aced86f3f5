"""Every error this project raises on purpose, by who must act. Spec §13.

Messages are constants: never a key, an address, a word, a path or a peer's text.
`cli` alone turns a type into an exit code, a sentence and a hint.
"""

from typing import ClassVar


class CourierError(Exception):
    """Root of all errors; its message is the class's own constant sentence."""

    sentence: ClassVar[str] = "Something went wrong."

    def __init__(self) -> None:
        super().__init__(self.sentence)


class ProtocolError(CourierError):
    """What a peer sent, or a file holds, is not what the spec says."""

    sentence = "What arrived does not follow the protocol."


class StorageError(CourierError):
    """The store could not keep or find something; the operator must act."""

    sentence = "The store could not do what was asked."


class TorError(CourierError):
    """Tor is missing, dead, or cannot reach the other side; the operator must act."""

    sentence = "Tor could not do what was asked."


class TorMissingError(TorError):
    """There is no `tor` to run."""

    sentence = "The program tor is not installed."


class TorStartError(TorError):
    """Tor ended before its control connection was there."""

    sentence = "Tor refused to start."


class TorAlreadyRunningError(TorError):
    """The data directory is locked by another tor."""

    sentence = "Another tor is using this directory."


class TorPathError(TorError):
    """A path does not fit into a torrc or a unix socket's address."""

    sentence = "This directory's path cannot be used by tor: too long, or with an odd character."


class TorPortInUseError(TorError):
    """Another program listens where tor should."""

    sentence = "A port that tor needs is in use."


class BootstrapTimeoutError(TorError):
    """Bootstrap, or a descriptor's upload, took longer than the caller waits."""

    sentence = "Tor did not get ready in time."


class ControlError(TorError):
    """A command was refused, or the control connection is gone."""

    sentence = "Tor did not obey its control connection."


class SocksUnreachableError(TorError):
    """The SOCKS port refuses or does not speak SOCKS 5."""

    sentence = "No Tor answers at the SOCKS address."


class DirectConnectionRefusedError(TorError):
    """A direct connection that would leave this machine."""

    sentence = "Without Tor only this machine itself may be reached."


class OnionUnreachableError(TorError):
    """No introduction or no rendezvous (SOCKS F2, F3, F7), or no answer in time."""

    sentence = "The onion service does not answer."


class ServerUnreachableError(TorError):
    """Nobody listens at a direct address on this machine."""

    sentence = "The server does not answer."


class OnionDescriptorMissingError(TorError):
    """No descriptor found (SOCKS F0, F1)."""

    sentence = "The onion service is not known to the Tor network now."


class ClientKeyMissingError(TorError):
    """Client authorisation is wanted (SOCKS F4)."""

    sentence = "This onion service wants a key that tor was not given."


class ClientKeyWrongError(TorError):
    """Client authorisation failed (SOCKS F5)."""

    sentence = "This onion service does not take our key."


class BadOnionAddressError(TorError):
    """Malformed, or refused by tor (SOCKS F6)."""

    sentence = "This is not a valid onion address."


class BadOnionKeyError(TorError):
    """Wrong length, header or public key."""

    sentence = "An onion key file is missing or damaged."


class ConnectionLostError(TorError):
    """The stream ended, stalled or broke the rules of HTTP."""

    sentence = "The connection was lost."


class ResponseTooLongError(TorError):
    """More bytes than the caller's bound."""

    sentence = "The answer is longer than allowed."


class PrivateNetworkError(TorError):
    """Neither the first attempt nor the second came up."""

    sentence = "The private Tor network did not start."


class UploadRefusedError(TorError):
    """The server refused a part of an upload for good."""

    sentence = "The server refused a part of the upload."

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class NotAServerError(StorageError):
    """No `server.json`, or one that is damaged."""

    sentence = "This directory does not hold a server."


class DirectoryNotEmptyError(StorageError):
    """Something would be overwritten."""

    sentence = "The directory is not empty."


class ServerRunningError(StorageError):
    """Another process holds the directory's lock."""

    sentence = "A server is already running on this directory."


class PortInUseError(StorageError):
    """An address to listen at is taken, or not this machine's."""

    sentence = "The server cannot listen at this address: it is in use."


class DiskFullError(StorageError):
    """No space left, or over a quota."""

    sentence = "The disk is full."


class StoreDamagedError(StorageError):
    """The database is not one of ours, or is damaged."""

    sentence = "The server's database is damaged."


class BackupExistsError(StorageError):
    """A backup never replaces a file."""

    sentence = "There is already a file where the backup should go."


class BackupDamagedError(StorageError):
    """Not a backup, or a part of it is missing or altered."""

    sentence = "The backup is damaged or not complete."


class TagTakenError(StorageError):
    """A cell's tag is known with other bytes."""

    sentence = "Another cell already stands under this tag."


class QuotaError(StorageError):
    """More than the charter lets this device post in one day."""

    sentence = "This device has posted as much as it may today."


class DayKeyTakenError(StorageError):
    """A device states a second, different key for a day."""

    sentence = "Another key is already stated for this day."


class VaultError(CourierError):
    """The handler's vault cannot be opened or used; the handler must act."""

    sentence = "The vault could not be used."


# --- ProtocolError: what a peer sent -------------------------------------------------


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


class MalformedKeyringError(ProtocolError):
    """A keyring or statement is not that of the spec."""

    sentence = "This is not a keyring: its form is wrong."


class StatementSignatureError(ProtocolError):
    """A statement is not signed by a device of the charter, for this charter."""

    sentence = "A statement in the keyring is not signed by a handler of the charter."


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


class PortalRefusedError(ProtocolError):
    """An answer that a portal may not give to this request; `status` is that of HTTP."""

    sentence = "The portal refused this request."

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class PortalNotReadyError(PortalRefusedError):
    """The portal has no charter yet, or is just starting."""

    sentence = "The portal is not ready yet."


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


# --- OrganisationError: what the offline root refuses; who holds the root must act ---


class OrganisationError(CourierError):
    """The organisation's directory cannot be used as asked; who holds the root must act."""

    sentence = "The organisation could not do what was asked."


class NoOrganisationError(OrganisationError):
    """The directory holds no organisation."""

    sentence = "There is no organisation in this directory."


class OrganisationExistsError(OrganisationError):
    """The directory holds an organisation already, or other files."""

    sentence = "This directory is in use already."


class OrganisationDamagedError(OrganisationError):
    """A file of the organisation is missing, damaged, or does not fit the others."""

    sentence = "A file of this organisation is missing or damaged."


class RootPassphraseError(OrganisationError):
    """The passphrase does not open the root key, or the key file was altered: the same."""

    sentence = "This passphrase does not open the root key."


class ServerFileError(OrganisationError):
    """Not what `courier server init` wrote."""

    sentence = "This is not a server.json: its form is wrong."


class LabelTakenError(OrganisationError):
    """A handler of this label exists, with another key."""

    sentence = "There is a handler of this label already, with another device."


class DeviceKnownError(OrganisationError):
    """The signing key is enrolled already in another way, or belongs to someone who left."""

    sentence = "This device was enrolled before and cannot be enrolled like this."


class RosterFullError(OrganisationError):
    """No handler number or no device slot is left."""

    sentence = "There is no free place for this device."


class UnknownHandlerError(OrganisationError):
    """No current handler has this label or number."""

    sentence = "There is no such handler now."


class LastHandlerError(OrganisationError):
    """Without this handler nobody would be left to read."""

    sentence = "The last handler cannot be revoked."


class NobodyEnrolledError(OrganisationError):
    """A charter needs at least one handler."""

    sentence = "Nobody is enrolled yet, so no charter can be issued."


class QuotaTooHighError(OrganisationError):
    """The devices' daily cells add up to more than are born in a day."""

    sentence = "The desks' cells a day add up to more than the board takes in a day."


class MinimumTooHighError(OrganisationError):
    """The minimum of handlers is higher than their number."""

    sentence = "The minimum of handlers is higher than their number."


class TooFewSlotsError(OrganisationError):
    """A letter must have room for every handler."""

    sentence = "A letter would not have room for every handler."


class CharterDatesError(OrganisationError):
    """The charter would end before it begins, or begin before the one that it follows."""

    sentence = "The charter's dates do not fit this computer's clock."


class MalformedFingerprintError(OrganisationError):
    """Neither 64 hex digits nor 24 words with the right checksum."""

    sentence = "This is not an organisation's fingerprint."


# --- VaultError: what a handler must act on ------------------------------------------


class VaultMissingError(VaultError):
    """There is no vault in this directory."""

    sentence = "There is no vault here."


class VaultExistsError(VaultError):
    """A vault is never overwritten."""

    sentence = "There is a vault here already."


class WrongPassphraseError(VaultError):
    """The header's check value says that this passphrase was not the one."""

    sentence = "This is not the vault's passphrase."


class VaultDamagedError(VaultError):
    """The header or the database is cut short or altered."""

    sentence = "The vault is damaged."


class VaultInUseError(VaultError):
    """Another program holds the vault's lock."""

    sentence = "Another program is using this vault."


class VaultFullError(VaultError):
    """Nothing more could be written; what was written before stands."""

    sentence = "The disk is full: the vault could not keep everything."


class VaultTooNewError(VaultError):
    """The schema's version is one that this program does not know."""

    sentence = "This vault was made by a newer version of this program."


class NotJoinedError(VaultError):
    """The vault knows no charter yet."""

    sentence = "This desk has not joined an organisation yet."


class NotEnrolledError(VaultError):
    """No device slot of the charter has our signing key."""

    sentence = "The charter does not name this desk."


class DeviceRevokedError(VaultError):
    """The current charter says that this desk's handler has left."""

    sentence = "This desk is no longer one of the organisation's."


class NoTagsLeftError(VaultError):
    """256 cells a week to one source, and no number is used twice."""

    sentence = "This source has been sent as many cells this week as can be; answer next week."


class UnknownThreadError(VaultError):
    """No thread or letter has this id, or several begin like it."""

    sentence = "There is no such thread or letter, or more than one."


class NoThreadKeyError(VaultError):
    """None of the source's own letters is here, so no answer can be sealed."""

    sentence = "This desk has none of the source's letters, so it cannot answer."


class DayKeyGoneError(VaultError):
    """The sealed letter goes with its day key, nine days after."""

    sentence = "The day key of this letter is destroyed, so it cannot be handed out sealed."


class FolderError(VaultError):
    """A place that files were to be saved to."""

    sentence = "Files cannot be saved in this folder."


# --- ProtocolError: what a server answers to a desk ----------------------------------


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


# --- StorageError: what the operator installed ---------------------------------------


class PortalNotBuiltError(StorageError):
    """The package lacks the portal's scripts, which are built and not committed."""

    sentence = "The portal's scripts are not built; `make setup` builds them."
