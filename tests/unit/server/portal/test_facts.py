"""What the pages say is what the keyring says."""

from dataclasses import replace
from pathlib import Path

from silent_courier.protocol.keyring import VerifiedKeyring, verify_keyring_statements
from silent_courier.protocol.statements import Closure
from silent_courier.server.portal.facts import COME_BACK_DAYS, collect_facts
from silent_courier.server.portal.fingerprint import fingerprint_words
from tests.unit.server.kit import open_house


async def _keyring(directory: Path) -> VerifiedKeyring:
    """Of an organisation whose desks have stated nothing yet."""
    async with open_house(directory) as house:
        data = (await house.ask_public("GET", "/v1/keyring")).body
        org_id = house.organisation.charter.org_id
        return verify_keyring_statements(data, org_id, house.clock.day)


async def test_facts_are_those_of_the_charter(tmp_path: Path) -> None:
    keyring = await _keyring(tmp_path / "s")
    facts = collect_facts(keyring)

    assert facts.name == keyring.charter.body.name
    assert facts.org_id == keyring.charter.org_id.hex()
    assert facts.fingerprint_hex.replace(" ", "") == facts.org_id
    assert facts.fingerprint_words == fingerprint_words(keyring.charter.org_id)
    assert facts.come_back == keyring.day + COME_BACK_DAYS


async def test_handlers_without_a_day_key_are_missing(tmp_path: Path) -> None:
    facts = collect_facts(await _keyring(tmp_path / "s"))

    assert facts.readers == ()
    assert len(facts.missing) > 0
    assert facts.refusal == "too-few"


async def test_letterbox_is_closed_only_when_everybody_is_away(tmp_path: Path) -> None:
    keyring = await _keyring(tmp_path / "s")
    handlers = [handler.handler for handler in keyring.charter.current_handlers]
    away = [
        Closure(device=4 * handler, day=keyring.day, until=keyring.day + 2 + i, signature=b"")
        for i, handler in enumerate(handlers)
    ]

    everybody = collect_facts(replace(keyring, closures=tuple(away)))
    not_all = collect_facts(replace(keyring, closures=tuple(away[1:])))

    assert everybody.closed_until == keyring.day + 2
    assert not_all.closed_until is None
