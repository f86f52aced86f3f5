"""The server's store and directory: the operator must act."""

from silent_courier.protocol.errors.families import StorageError


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


class ManifestTakenError(StorageError):
    """A device has signed a newer manifest already."""

    sentence = "This device has signed a newer manifest already."


class PortalNotBuiltError(StorageError):
    """The package lacks the portal's scripts, which are built and not committed."""

    sentence = "The portal's scripts are not built; `make setup` builds them."


class DeskNotBuiltError(StorageError):
    """The package lacks the desk's script, which is built and not committed."""

    sentence = "The desk's page is not built; `make setup` builds it."
