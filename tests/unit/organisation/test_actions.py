from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from silent_courier.organisation import actions, root_key, store
from silent_courier.organisation.roster import Choices
from silent_courier.organisation.store import ServerAddresses
from silent_courier.protocol.access import RequestBody, encode_request, verify_access
from silent_courier.protocol.chain import parse_chain
from silent_courier.protocol.charter import verify_chain
from silent_courier.protocol.errors import (
    CharterSignatureError,
    LabelTakenError,
    OrganisationDamagedError,
    QuotaTooHighError,
    RootPassphraseError,
    ServerFileError,
)
from silent_courier.protocol.primitives import ed25519_public

SERVER = ServerAddresses("127.0.0.1:1", "127.0.0.1:2")
DAY = 20_000


def clock(day: int = DAY) -> Callable[[], float]:
    return lambda: day * 86_400.0 + 1


def request(label: str, number: int) -> bytes:
    seed = bytes([number]) * 32
    body = RequestBody(
        label=label,
        signing_key=ed25519_public(seed).hex(),
        tor_client_key=f"{number + 100:064x}",
        token_hash=f"{number + 200:064x}",
    )
    return encode_request(body, seed)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(root_key, "ARGON2_MEMORY_KIB", 1024)


@pytest.fixture
def org(tmp_path: Path) -> Path:
    calls = iter(range(1, 256))
    actions.init(
        tmp_path / "org", "Sample", SERVER, "secret", random=lambda n: bytes([next(calls)]) * n
    )
    actions.enrol(tmp_path / "org", [request("Anna", 1), request("Boris", 2)])
    return tmp_path / "org"


def issue(org: Path, day: int = DAY, **options: int) -> actions.IssuedFiles:
    return actions.issue_charter(org, "secret", clock=clock(day), choices=Choices(**options))


def test_a_charter_and_its_access_list_go_together(org: Path) -> None:
    issued = issue(org)
    chain = parse_chain(issued.chain)
    charter = verify_chain(chain, issued.charter.org_id)
    assert charter == issued.charter
    assert set(verify_access(issued.access, charter).token_hashes) == {0, 4}


def test_the_chain_file_holds_the_first_and_the_current_charter(org: Path) -> None:
    files = [issue(org) for _ in range(3)]
    chain = parse_chain(files[-1].chain)
    assert len(chain) == 2
    assert verify_chain(chain, files[0].charter.hash).body.serial == 3
    assert len(store.load(org).chain) == 3


def test_a_wrong_passphrase_issues_nothing(org: Path) -> None:
    with pytest.raises(RootPassphraseError):
        actions.issue_charter(org, "guess", clock=clock())
    assert store.load(org).charter is None


def test_a_refused_charter_changes_nothing(org: Path) -> None:
    with pytest.raises(QuotaTooHighError):
        issue(org, cells_per_day=1000)
    assert store.load(org).roster.choices == Choices()


def test_a_choice_holds_until_another_is_made(org: Path) -> None:
    issue(org, minimum_handlers=1)
    assert issue(org).charter.body.parameters.minimum_handlers == 1


def test_enrolment_is_all_or_nothing(org: Path) -> None:
    with pytest.raises(LabelTakenError):
        actions.enrol(org, [request("Carla", 3), request("Anna", 4)])
    assert len(store.load(org).roster.handlers) == 2


def test_a_request_with_a_forged_label_is_refused(org: Path) -> None:
    with pytest.raises(CharterSignatureError):
        actions.enrol(org, [request("Carla", 3).replace(b"Carla", b"Darla")])


def test_a_revocation_raises_the_generation_with_the_next_charter(org: Path) -> None:
    assert issue(org).charter.body.generation == 1
    assert actions.revoke(org, "Anna").label == "Anna"
    assert store.load(org).charter is not None
    body = issue(org, DAY + 2).charter.body
    assert body.generation_days == (DAY, DAY + 2)
    assert [h.left_generation for h in body.handlers] == [2, None]


def test_renewal_moves_the_last_day(org: Path) -> None:
    issue(org)
    assert actions.renew(org, clock=clock(DAY + 100), days=200) == DAY + 300
    assert issue(org, DAY + 101).charter.body.expires == DAY + 300


def test_a_server_that_moved_gets_its_new_addresses(org: Path) -> None:
    issue(org)
    moved = ServerAddresses("127.0.0.1:3", "127.0.0.1:4")
    actions.issue_charter(org, "secret", clock=clock(), server=moved)
    assert issue(org).charter.body.portal == "127.0.0.1:3"


def test_changes_are_shown_against_the_last_signed_charter(org: Path) -> None:
    changes = actions.pending(store.load(org))
    assert [h.label for h in changes.joined] == ["Anna", "Boris"]
    assert changes.new_devices == (0, 4)
    issue(org)
    assert actions.pending(store.load(org)) == actions.Changes((), (), ())
    actions.revoke(org, "Boris")
    actions.enrol(org, [request("Carla", 3)])
    changes = actions.pending(store.load(org))
    assert [h.label for h in changes.left] == ["Boris"]
    assert [h.label for h in changes.joined] == ["Carla"]
    assert changes.new_devices == (8,)


def test_a_roster_with_an_exchanged_key_signs_nothing(org: Path) -> None:
    issue(org)
    roster = store.load(org).roster
    swapped = msgspec.structs.replace(roster.members[0], signing_key="f" * 64)
    forged = msgspec.structs.replace(roster, members=(swapped, *roster.members[1:]))
    store.save_roster(org, forged)
    with pytest.raises(OrganisationDamagedError):
        actions.pending(store.load(org))
    with pytest.raises(OrganisationDamagedError):
        issue(org)


@pytest.mark.parametrize("address", ["", "EXAMPLE.onion", "a b", "x" * 129])
def test_an_impossible_address_is_refused_at_the_start(tmp_path: Path, address: str) -> None:
    with pytest.raises(ServerFileError):
        actions.init(
            tmp_path / "org",
            "Sample",
            ServerAddresses(address, "127.0.0.1:2"),
            "secret",
            random=bytes,
        )
    assert not (tmp_path / "org").exists()
