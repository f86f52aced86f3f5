"""Tor is missing, dead or cannot reach the other side: the operator must act."""

from silent_courier.protocol.errors.families import TorError


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
