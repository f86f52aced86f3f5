"""Reads the events of tor's control protocol that matter here, as values.

Pure: text in, values out. Everything that is not understood is None, because newer tors may say
more.
"""

import shlex
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """How far tor is: percent 0…100, its tag, and a sentence."""

    percent: int
    tag: str
    sentence: str

    @property
    def done(self) -> bool:
        """Circuits can be built."""
        return self.percent == 100


class DescriptorAction(Enum):
    """What happened to an onion's descriptor."""

    CREATED = "CREATED"
    UPLOADING = "UPLOAD"
    UPLOADED = "UPLOADED"
    REQUESTED = "REQUESTED"
    RECEIVED = "RECEIVED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class DescriptorEvent:
    """One HS_DESC event: the onion, the directory, and the descriptor where tor says it."""

    action: DescriptorAction
    address: str
    directory: str
    descriptor: str = ""


_START_SENTENCES = {
    "starting": "Starting tor.",
    "conn": "Connecting to the Tor network.",
    "conn_done": "Connected to a relay.",
    "handshake": "Talking to a relay.",
    "handshake_done": "Talking to a relay.",
    "onehop_create": "Asking for the directory of relays.",
    "requesting_status": "Asking for the directory of relays.",
    "loading_status": "Loading the directory of relays.",
    "loading_keys": "Loading the directory's keys.",
    "requesting_descriptors": "Asking for the relays' details.",
    "loading_descriptors": "Loading the relays' details.",
    "enough_dirinfo": "Enough of the directory is known.",
    "ap_conn": "Connecting to a relay for circuits.",
    "ap_conn_done": "Connected to a relay for circuits.",
    "ap_handshake": "Talking to a relay for circuits.",
    "ap_handshake_done": "Talking to a relay for circuits.",
    "circuit_create": "Building a circuit.",
    "done": "Tor is ready.",
}


def parse_bootstrap(text: str) -> Bootstrap | None:
    """The bootstrap state in a STATUS_CLIENT event or `status/bootstrap-phase`, or None."""
    try:
        words = shlex.split(text)
    except ValueError:
        return None
    if "BOOTSTRAP" not in words:
        return None
    fields = dict(word.split("=", 1) for word in words if "=" in word)
    percent = fields.get("PROGRESS", "")
    if not (percent.isascii() and percent.isdecimal() and int(percent) <= 100):
        return None
    tag = fields.get("TAG", "")
    return Bootstrap(int(percent), tag, _START_SENTENCES.get(tag, "Connecting to the Tor network."))


def parse_descriptor_event(text: str) -> DescriptorEvent | None:
    """An HS_DESC event, or None."""
    words = text.split()
    if len(words) < 4:
        return None
    try:
        action = DescriptorAction(words[0])
    except ValueError:
        return None
    return DescriptorEvent(action, f"{words[1]}.onion", words[3], "".join(words[4:5]))
