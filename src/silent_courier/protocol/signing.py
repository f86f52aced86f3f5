"""Texts that devices sign. Spec §8.4.

Every signed text begins with its own label and the organisation's id, so that no
signature can stand in another place or for another organisation.
"""

from dataclasses import dataclass, field

from silent_courier.protocol.primitives import ed25519_public, ed25519_sign, ed25519_verify
from silent_courier.protocol.sizes import DEVICE_LEN


@dataclass(frozen=True, slots=True)
class DevicePublic:
    """A device's slot (0 to 255) and its 32-byte Ed25519 public key, as the charter names them."""

    device: int
    key: bytes


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """A device's slot (0 to 255) and its 32-byte Ed25519 seed."""

    device: int
    seed: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        """The 32-byte public key that the charter names."""
        return ed25519_public(self.seed)


def signed_text(label: str, org_id: bytes, device: int, content: bytes) -> bytes:
    """`courier/` label, zero byte, organisation id, 2-byte device slot, content. Spec §8.4."""
    head = b"courier/" + label.encode("ascii") + b"\0"
    return head + org_id + device.to_bytes(DEVICE_LEN, "big") + content


def sign(label: str, org_id: bytes, key: DeviceKey, content: bytes) -> bytes:
    """The 64-byte signature of this content by this device."""
    return ed25519_sign(key.seed, signed_text(label, org_id, key.device, content))


def verify(
    label: str, org_id: bytes, signer: DevicePublic, content: bytes, signature: bytes
) -> bool:
    """Whether the 64-byte signature of this content by this device verifies."""
    text = signed_text(label, org_id, signer.device, content)
    return ed25519_verify(signer.key, signature, text)
