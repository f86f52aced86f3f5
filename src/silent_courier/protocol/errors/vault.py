"""The desk's vault: the handler must act."""

from silent_courier.protocol.errors.families import VaultError


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


class AlreadyPostedError(VaultError):
    """Something of it is at the server, or on its way."""

    sentence = "It is being posted already, so it cannot be taken back."


class NoTagsLeftError(VaultError):
    """256 cells a week to one source, and no number is used twice."""

    sentence = "This source has been sent as many cells this week as can be; answer next week."


class UnknownThreadError(VaultError):
    """No thread or letter has this id, or several begin like it."""

    sentence = "There is no such thread or letter, or more than one."


class AliasSharedError(VaultError):
    """Several sources have the two words that were given; `threads`: their ids."""

    sentence = "More than one source has these two words."

    def __init__(self, threads: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.threads = threads


class NoThreadKeyError(VaultError):
    """None of the source's own letters is here, so no answer can be sealed."""

    sentence = "This desk has none of the source's letters, so it cannot answer."


class VaultCopiedError(VaultError):
    """Another copy of this vault has been at work, and may have used the same tags."""

    sentence = "Another copy of this vault has been at work, so nothing is answered from here."


class ThreadDisputedError(VaultError):
    """Two letters speak for one source with different thread keys."""

    sentence = "Two letters speak for this source and disagree, so it cannot be answered yet."


class BadLabelError(VaultError):
    """A word that colleagues could not read or write."""

    sentence = "A label has 1 to 40 characters, all of them visible."


class ThreadHeldError(VaultError):
    """A thread under a legal hold is not deleted."""

    sentence = "This thread is on hold, so it is not deleted."


class ThreadWaitsError(VaultError):
    """Something of the thread is still in the outbox."""

    sentence = "Something of this thread is still to be posted, so it is not deleted yet."


class DayKeyGoneError(VaultError):
    """The sealed letter goes with its day key, nine days after."""

    sentence = "The day key of this letter is destroyed, so it cannot be handed out sealed."


class FolderExistsError(VaultError):
    """A case is exported to a new place, never over something."""

    sentence = "There is something of this name already."


class FolderError(VaultError):
    """A place that files were to be saved to."""

    sentence = "Files cannot be saved in this folder."
