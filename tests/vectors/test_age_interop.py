"""Our age files beside the browser's library, untouched: sealed by one, opened by the other."""

import json
import os
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from pathlib import Path
from random import Random
from typing import Any

import pytest

from silent_courier.protocol.age import (
    HybridIdentity,
    HybridRecipient,
    open_with_identities,
    seal,
)

SCRIPT = Path(__file__).parents[2] / "web/test/age-interop.mjs"
IDENTITIES = [HybridIdentity(bytes([i]) * 32) for i in range(5)]
RECIPIENTS = [identity.recipient() for identity in IDENTITIES]
LENGTHS = [0, 1, 16 * 1024, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 200_000]


def ask(*requests: dict[str, Any]) -> list[Any]:
    """What the other library answers to each request; one node for all of them."""
    beside_python = str(Path(sys.executable).parent)
    node = shutil.which("node", path=os.pathsep.join([beside_python, os.environ["PATH"]]))
    assert node is not None, "node is not installed"
    done = subprocess.run(
        [node, str(SCRIPT)], input=json.dumps(requests), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answers: list[Any] = json.loads(done.stdout)
    return answers


def text(data: bytes) -> str:
    """Bytes as they travel in a request."""
    return b64encode(data).decode()


def plaintext(length: int) -> bytes:
    """Bytes that differ from chunk to chunk."""
    return Random(length).randbytes(length)


def sealed(length: int) -> bytes:
    """Our file of so many bytes of plaintext, to all five."""
    return seal(plaintext(length), RECIPIENTS, Random(length).randbytes)


def test_what_we_seal_the_browsers_library_opens() -> None:
    answers = ask(
        *(
            {"do": "open", "file": text(sealed(length)), "identity": IDENTITIES[i % 5].encode()}
            for i, length in enumerate(LENGTHS)
        )
    )
    assert [b64decode(answer) for answer in answers] == [plaintext(n) for n in LENGTHS]


def test_what_the_browsers_library_seals_every_recipient_opens() -> None:
    recipients = [recipient.encode() for recipient in RECIPIENTS]
    answers = ask(
        *(
            {"do": "seal", "plaintext": text(plaintext(length)), "recipients": recipients}
            for length in LENGTHS
        )
    )
    for length, answer in zip(LENGTHS, answers, strict=True):
        file = b64decode(answer)
        assert len(file) == len(sealed(length))
        for identity in IDENTITIES:
            assert open_with_identities(file, [identity]).plaintext == plaintext(length)


def test_both_derive_one_recipient_from_one_identity() -> None:
    (theirs,) = ask({"do": "generate"})
    identity = HybridIdentity.parse(theirs)
    assert identity.encode() == theirs
    (recipient,) = ask({"do": "recipient", "identity": theirs})
    assert HybridRecipient.parse(recipient) == identity.recipient()
    assert identity.recipient().encode() == recipient


@pytest.mark.parametrize("place", [0.0, 0.3, 0.6, 0.9, 1.0])
def test_both_refuse_one_flipped_bit(place: float) -> None:
    file = bytearray(sealed(16 * 1024))
    file[int(place * (len(file) - 1))] ^= 1
    identity = IDENTITIES[0].encode()
    assert ask({"do": "refuses", "file": text(bytes(file)), "identity": identity}) == [True]
