"""Makes the next charter and its access list from roster, chain and root key. Spec §8.2, §8.5.

Refuses what could not work: quotas that the board cannot carry, a minimum nobody can meet, letters
without room for every handler, dates that run backwards. Reads no clock and writes no file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from silent_courier.organisation.roster import Roster
from silent_courier.protocol import access as access_list
from silent_courier.protocol import charter as charters
from silent_courier.protocol.access import AccessBody, DeviceAccess
from silent_courier.protocol.calendar import SECONDS_PER_DAY
from silent_courier.protocol.charter import (
    Charter,
    CharterBody,
    Parameters,
    RootKeys,
    charter_hash,
    encode_body,
    verify_chain,
)
from silent_courier.protocol.errors import (
    CharterDatesError,
    MinimumTooHighError,
    NobodyEnrolledError,
    OrganisationDamagedError,
    QuotaTooHighError,
    TooFewSlotsError,
)
from silent_courier.protocol.root import RootKey, encode_signed_body, parse_signed_body
from silent_courier.protocol.sizes import LETTER_SLOTS_MAX

VALID_DAYS: Final = 365
LETTER_SLOTS_MIN: Final = 4
QUOTA_SHARE: Final = 0.75
"""Of the births, for desks: a queue that fills as fast as it empties never gets shorter."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A new charter: verified, its file, and the access list that goes with it alone."""

    charter: Charter
    file: bytes
    access: bytes


def issue(roster: Roster, chain: Sequence[bytes], key: RootKey, today: int) -> Issued:
    """Sign the next charter of this chain (its first, when the chain is empty).

    Raises:
        NobodyEnrolledError, QuotaTooHighError, MinimumTooHighError, TooFewSlotsError
        CharterDatesError: it would end before today, or today is before the last charter.
        OrganisationDamagedError: this key did not sign the chain.
        MalformedCharterError: a choice breaks the charter's schema.
    """
    last = read_chain(chain)
    public = key.public
    root = RootKeys(ed25519=public.ed25519.hex(), ml_dsa_65=public.ml_dsa_65.hex())
    body = encode_body(_next_body(roster, last, root, today))
    file = encode_signed_body(charters.MAGIC, charters.SIGNED_LABEL, body, [key])
    org_id = last.org_id if last else charter_hash(body)
    charter = verify_chain([*chain, file], org_id)
    return Issued(charter, file, _sign_access(roster, charter, key))


def says_the_same(roster: Roster, last: Charter, today: int) -> bool:
    """Whether the next charter would differ from the last in nothing but serial and date.

    Raises as `issue`, but for the key.
    """
    then = last.body
    after = _next_body(roster, last, then.root, today)
    return then == msgspec.structs.replace(
        after,
        org_id=then.org_id,
        previous=then.previous,
        serial=then.serial,
        issued=then.issued,
    )


def read_chain(chain: Sequence[bytes]) -> Charter | None:
    """The last charter of our own chain, verified; None when nothing was issued yet."""
    if not chain:
        return None
    return verify_chain(chain, charter_hash(parse_signed_body(chain[0], charters.MAGIC).body))


def choose_parameters(roster: Roster) -> Parameters:
    """What was chosen, else what follows from the roster: see the module's refusals."""
    handlers, devices = len(roster.current_handlers), len(roster.current_members)
    choices = roster.choices
    births = roster.rhythm.births_per_epoch * (SECONDS_PER_DAY // roster.rhythm.epoch_seconds)
    cells = choices.cells_per_day or max(1, int(births * QUOTA_SHARE) // devices)
    minimum = choices.minimum_handlers or handlers // 2 + 1
    slots = choices.letter_slots or min(LETTER_SLOTS_MAX, max(LETTER_SLOTS_MIN, 2 * handlers))
    if cells * devices > births:
        raise QuotaTooHighError
    if minimum > handlers:
        raise MinimumTooHighError
    if slots < handlers:
        raise TooFewSlotsError
    return Parameters(
        **msgspec.structs.asdict(roster.rhythm),
        cells_per_day=cells,
        minimum_handlers=minimum,
        letter_slots=slots,
    )


def _next_body(roster: Roster, last: Charter | None, root: RootKeys, today: int) -> CharterBody:
    if not roster.current_handlers:
        raise NobodyEnrolledError
    if last is not None and last.body.root != root:
        raise OrganisationDamagedError
    return CharterBody(
        name=roster.name,
        org_id=last.org_id.hex() if last else None,
        previous=last.hash.hex() if last else None,
        serial=last.body.serial + 1 if last else 1,
        issued=today,
        expires=_expiry(roster, last, today),
        anchor_day=last.body.anchor_day if last else today,
        generation_days=_generation_days(roster, last, today),
        portal=roster.portal,
        desk=roster.desk,
        root=root,
        parameters=choose_parameters(roster),
        handlers=roster.handlers,
        devices=roster.devices,
    )


def _expiry(roster: Roster, last: Charter | None, today: int) -> int:
    """Enrolling somebody does not quietly extend: only `renew` moves the first charter's date."""
    expires = roster.expires
    if expires is None:
        expires = last.body.expires if last else today + VALID_DAYS
    if expires < today or (last is not None and today < last.body.issued):
        raise CharterDatesError
    return expires


def _generation_days(roster: Roster, last: Charter | None, today: int) -> tuple[int, ...]:
    """The day of the charter that carries it: before that, nobody could know of the change."""
    before = last.body.generation_days if last else (today,)
    return before + (today,) * (roster.generation - len(before))


def _sign_access(roster: Roster, charter: Charter, key: RootKey) -> bytes:
    body = AccessBody(
        org_id=charter.org_id.hex(),
        charter=charter.hash.hex(),
        devices=tuple(
            DeviceAccess(device=m.device, tor_client_key=m.tor_client_key, token_hash=m.token_hash)
            for m in roster.current_members
        ),
    )
    data = msgspec.json.encode(body)
    return encode_signed_body(access_list.MAGIC, access_list.SIGNED_LABEL, data, [key])
