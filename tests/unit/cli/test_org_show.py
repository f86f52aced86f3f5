from pathlib import Path

import pytest

from silent_courier.cli.org_show import as_json_object, say_organisation, tell_changes
from silent_courier.organisation.issue import issue
from silent_courier.organisation.roster import Roster, enrol
from silent_courier.organisation.store import Organisation
from silent_courier.protocol.access import RequestBody
from silent_courier.protocol.errors import MalformedCharterError
from silent_courier.protocol.root import RootKey

TODAY = 20_000


def organisation(label: str = "Anna") -> Organisation:
    roster = enrol(
        Roster(name="Sample", portal="127.0.0.1:1", desk="127.0.0.1:2"),
        RequestBody(
            label=label, signing_key="1" * 64, tor_client_key="2" * 64, token_hash="3" * 64
        ),
    )
    issued = issue(roster, (), RootKey(b"\x01" * 32, b"\x02" * 32), TODAY)
    return Organisation(Path(), roster, (issued.file,), issued.charter)


def test_a_charter_that_ends_soon_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    say_organisation(organisation(), TODAY)
    assert "renew" not in capsys.readouterr().err
    say_organisation(organisation(), TODAY + 306)
    assert "renew" in capsys.readouterr().err


def test_what_could_command_the_terminal_is_no_label() -> None:
    with pytest.raises(MalformedCharterError):
        organisation("\x1b[2J")


def test_nothing_secret_is_in_the_json() -> None:
    text = str(as_json_object(organisation(), TODAY))
    assert "3" * 64 not in text
    assert "2" * 64 not in text


def test_without_changes_nothing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    tell_changes(organisation())
    assert capsys.readouterr().err == ""
