"""The commands of the manual, in their order, each a process of its own, through Tor."""

import json
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.command_line import Shell
from tests.e2e.tornet import Tornet

PASSPHRASE = "--passphrase-file passphrase"


@dataclass(frozen=True, slots=True)
class House:
    """A shell in a directory where everything was made by commands."""

    shell: Shell
    portal: str

    def courier(self, arguments: str, *, code: int = 0) -> str:
        return self.shell.run(f"courier {arguments}", code=code)


@pytest.fixture
def house(tmp_path: Path, tornet: Tornet) -> House:
    shell = Shell(tmp_path)
    (tmp_path / "passphrase").write_text("six dull words in a row\n", encoding="utf-8")
    (tmp_path / "tor.conf").write_text("\n".join(tornet.client_config), encoding="utf-8")
    (tmp_path / "letter").write_text("Здравствуйте. Это письмо.\n", encoding="utf-8")
    (tmp_path / "answer").write_text("Спасибо, получили.\n", encoding="utf-8")
    for command in (
        "server init server",
        "org init org --name 'Sample Ombudsman' --server server/server.json --epoch-seconds 2"
        f" --cell-life-epochs 300 400 {PASSPHRASE}",
        f"desk init anna --label Анна {PASSPHRASE}",
        f"desk init boris --label Борис {PASSPHRASE}",
        f"desk request anna {PASSPHRASE} > anna.request",
        f"desk request boris {PASSPHRASE} > boris.request",
        "org enrol org anna.request boris.request",
        f"org charter org --out charter --access access {PASSPHRASE}",
        "server charter server charter --access access",
    ):
        shell.run(f"courier {command}")
    shown = json.loads(shell.run("courier org show org --json"))
    to = f"--portal {shown['portal']} --org {shown['org_id']} --tor-config tor.conf"
    return House(shell, to)


def test_the_manual_s_sequence_carries_a_letter_and_its_answer(house: House) -> None:
    tor = "--tor-config tor.conf"
    with house.shell.running("server", "run", "server", "--tor-config", "tor.conf") as server:
        server.wait_for("Ready")
        for handler in ("anna", "boris"):
            house.courier(f"desk join {handler} charter {PASSPHRASE}")
            house.courier(f"desk sync {handler} {tor} {PASSPHRASE}")
        status = json.loads(house.courier("server status server --json"))
        assert all(onion["published"] for onion in status["tor"]["onions"])

        written = house.courier(f"write {house.portal} --language ru --json < letter > words")
        assert written == ""
        house.courier(f"desk sync anna {tor} {PASSPHRASE}")
        assert "Это письмо" in house.courier(f"desk read anna newest {PASSPHRASE}")
        house.courier(f"desk reply anna newest {PASSPHRASE} < answer")
        posting = f"courier desk sync anna --json {tor} {PASSPHRASE}"
        house.shell.until(posting, '"waiting": 0')
        house.shell.until(posting, '"letters_waiting": 0')
        check = f"courier check {house.portal} --words-file words"
        assert "Анна" in house.shell.until(check, "Спасибо, получили.")
        house.courier(f"desk sync boris {tor} {PASSPHRASE}")
        rows = json.loads(house.courier(f"desk list boris --json {PASSPHRASE}"))
        assert rows[0]["answered_by"] == ["Анна"]

        house.courier("org revoke org Анна")
        house.courier(f"org charter org --out charter --access access {PASSPHRASE}")
        house.courier("server charter server charter --access access")
        house.courier(f"desk join boris charter {PASSPHRASE}")
        house.shell.until(f"courier desk sync boris --json {tor} {PASSPHRASE}", '"letters"')
        assert "no longer a handler" in house.shell.until(check, "Спасибо, получили.")
        assert server.stop(signal.SIGTERM) == 0
    assert json.loads(house.courier("server status server --json"))["running"] is False
    house.courier("doctor server", code=1)
