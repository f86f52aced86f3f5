"""Who is there: the keyring as a desk uses it. Spec §9.5, §14.5."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from silent_courier.protocol.age import HybridRecipient
from silent_courier.protocol.charter import Charter
from silent_courier.protocol.keyring import (
    VerifiedKeyring,
    choose_day_statements,
    parse_keyring,
)


@dataclass(frozen=True, slots=True)
class Roster:
    """Devices with a day key on the keyring's day, and when each last emptied the letterbox.

    keyring: verified but for whether a source may write.
    recipients: day key by device, of those that a letter to all colleagues goes to.
    present: every device with a day key.
    alive: the day of the last sign of life, by device.
    """

    keyring: VerifiedKeyring = field(repr=False)
    recipients: Mapping[int, HybridRecipient] = field(repr=False)
    present: frozenset[int]
    alive: Mapping[int, int]

    @property
    def charter(self) -> Charter:
        """The charter that the keyring ends in."""
        return self.keyring.charter

    @property
    def live(self) -> frozenset[int]:
        """Who has a day key and has emptied the letterbox not long ago."""
        days = self.charter.body.parameters.sign_of_life_days
        return frozenset(
            device
            for device in self.present
            if self.alive.get(device, 0) >= self.keyring.day - days
        )


def make_roster(keyring: VerifiedKeyring, data: bytes, own_device: int) -> Roster:
    """The roster of a keyring whose bytes were verified to be `keyring`."""
    signs = parse_keyring(data).statements.signs_of_life
    chosen = {s.device: s.recipient for s in choose_day_statements(keyring)}
    stated = {s.device: s.recipient for s in keyring.day_statements}
    if own_device in stated and own_device not in chosen:
        # Whatever we seal to colleagues we must be able to read again ourselves.
        chosen.popitem()
        chosen[own_device] = stated[own_device]
    return Roster(
        keyring,
        {device: HybridRecipient(public) for device, public in sorted(chosen.items())},
        frozenset(stated),
        {sign.device: sign.day for sign in sorted(signs, key=lambda sign: sign.day)},
    )
