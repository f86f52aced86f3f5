"""The root of all errors and its families, by who must act. Spec §13."""

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


class VaultError(CourierError):
    """The handler's vault cannot be opened or used; the handler must act."""

    sentence = "The vault could not be used."


class OrganisationError(CourierError):
    """The organisation's directory cannot be used as asked; who holds the root must act."""

    sentence = "The organisation could not do what was asked."
