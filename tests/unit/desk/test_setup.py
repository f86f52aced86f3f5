import os
from pathlib import Path

import pytest

from silent_courier.desk import Desk, info, init, join, make_request, tor_client_key
from silent_courier.protocol.access import parse_request
from silent_courier.protocol.chain import encode_chain
from silent_courier.protocol.charter import Device, Handler
from silent_courier.protocol.errors import (
    CharterSerialError,
    CharterSignatureError,
    DeviceRevokedError,
    MalformedCharterError,
    NotEnrolledError,
    NotJoinedError,
    VaultExistsError,
    WrongOrganisationError,
)
from silent_courier.protocol.primitives import sha256
from silent_courier.storage.vault import identity
from silent_courier.tor.onion import make_client_key
from tests.unit.desk.kit import PASSPHRASE, QUICK, Clock
from tests.unit.protocol.makers import (
    TODAY,
    Organisation,
    make_organisation,
    root_key,
)


@pytest.fixture
def fresh(tmp_path: Path) -> Desk:
    return init(
        tmp_path / "fresh", PASSPHRASE, "Clara", clock=Clock(), random=os.urandom, kdf=QUICK
    )


def enrolled(org: Organisation, fresh: Desk) -> Organisation:
    """The organisation after it has enrolled a fresh desk as handler 2."""
    body = org.charter.body
    key = parse_request(make_request(fresh)).signing_key
    return org.issue(
        handlers=(*body.handlers, Handler(handler=2, label="Clara")),
        devices=(*body.devices, Device(device=8, key=key)),
    )


def test_a_request_names_public_halves_alone(fresh: Desk) -> None:
    secrets = identity.secrets(fresh.vault)
    request = make_request(fresh)
    body = parse_request(request)

    assert body.label == "Clara"
    assert body.tor_client_key == make_client_key(tor_client_key(fresh)).public.hex()
    assert body.token_hash == sha256(secrets.token).hex()
    hidden = (secrets.token, secrets.signing_seed, secrets.client_seed)
    assert not any(s in request or s.hex().encode() in request for s in hidden)


def test_two_desks_have_no_secret_in_common(tmp_path: Path, fresh: Desk) -> None:
    other = init(tmp_path / "o", PASSPHRASE, "C", clock=Clock(), random=os.urandom, kdf=QUICK)
    one, two = identity.secrets(fresh.vault), identity.secrets(other.vault)

    drawn = {one.token, one.signing_seed, one.client_seed}
    assert len(drawn | {two.token, two.signing_seed, two.client_seed}) == 6


def test_a_vault_is_not_made_twice(tmp_path: Path, fresh: Desk) -> None:
    fresh.vault.close()
    with pytest.raises(VaultExistsError):
        init(tmp_path / "fresh", PASSPHRASE, "C", clock=Clock(), random=os.urandom, kdf=QUICK)


@pytest.mark.parametrize("label", ["", "x" * 61])
def test_a_label_that_no_charter_holds_makes_no_vault(tmp_path: Path, label: str) -> None:
    with pytest.raises(MalformedCharterError):
        init(tmp_path / "v", PASSPHRASE, label, clock=Clock(), random=os.urandom, kdf=QUICK)
    assert not (tmp_path / "v").exists()


def test_a_desk_finds_its_own_slot(fresh: Desk, org: Organisation) -> None:
    joined = join(fresh, encode_chain(enrolled(org, fresh).files))

    assert (joined.label, joined.device, joined.serial) == ("Clara", 8, 2)
    assert joined.org_id == org.org_id.hex()
    assert joined.expires_in_days == org.charter.body.expires - TODAY
    assert info(fresh) == joined


def test_the_first_charter_alone_is_enough(desk: Desk, org: Organisation) -> None:
    assert join(desk, org.files[0]) == info(desk)


def test_before_joining_there_is_nothing_to_tell(fresh: Desk) -> None:
    with pytest.raises(NotJoinedError):
        info(fresh)


def test_a_charter_without_us_is_refused(fresh: Desk, org: Organisation) -> None:
    with pytest.raises(NotEnrolledError):
        join(fresh, encode_chain(org.files))
    with pytest.raises(NotJoinedError):
        info(fresh)


def test_a_charter_that_says_we_left_is_refused(fresh: Desk, org: Organisation) -> None:
    gone = enrolled(org, fresh).without(2)

    with pytest.raises(DeviceRevokedError):
        join(fresh, encode_chain(gone.files))


def test_another_organisation_than_the_handler_named_is_refused(
    fresh: Desk, org: Organisation
) -> None:
    chain = encode_chain(enrolled(org, fresh).files)

    with pytest.raises(WrongOrganisationError):
        join(fresh, chain, bytes(32))
    assert join(fresh, chain, org.org_id).device == 8


def test_a_joined_desk_takes_no_other_organisation(desk: Desk) -> None:
    with pytest.raises(WrongOrganisationError):
        join(desk, encode_chain(make_organisation(3).files))


def test_a_joined_desk_takes_a_newer_charter_and_no_older_one(
    desk: Desk, org: Organisation
) -> None:
    newer = org.issue(name="Новая редакция")

    assert join(desk, encode_chain(newer.files)).organisation == "Новая редакция"
    with pytest.raises(CharterSerialError):
        join(desk, encode_chain(org.files))


def test_a_forged_chain_is_refused(desk: Desk, org: Organisation) -> None:
    forged = (*org.files, org.next_file(signers=[root_key("thief")]))

    with pytest.raises(CharterSignatureError):
        join(desk, encode_chain(forged))


@pytest.mark.parametrize("file", [b"", b"SCCN\x01", b"SCCH\x01", b"x" * 100])
def test_what_is_no_charter_is_refused(desk: Desk, file: bytes) -> None:
    with pytest.raises(MalformedCharterError):
        join(desk, file)
