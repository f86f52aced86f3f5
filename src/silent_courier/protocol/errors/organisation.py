"""The organisation's root: whoever holds the root key must act."""

from silent_courier.protocol.errors.families import OrganisationError


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
    """A handler of this label, or of one that looks the same, exists or left, with another key."""

    sentence = "There is, or was, a handler of this label already, with another device."


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


class NothingChangedError(OrganisationError):
    """The next charter would say what the last one says."""

    sentence = "Nothing has changed since the last charter, so none was signed."


class MalformedFingerprintError(OrganisationError):
    """Neither 64 hex digits nor 24 words with the right checksum."""

    sentence = "This is not an organisation's fingerprint."
