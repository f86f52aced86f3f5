"""`courier demo`: what it prints works as printed, its script plays, and it stops at once."""

import re
import signal
from pathlib import Path

import pytest

from tests.e2e.command_line import Shell
from tests.e2e.tornet import Tornet


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def printed_commands(text: str) -> list[str]:
    """The commands of a guide, as a person would copy them."""
    steps = re.split(r"\n\d+\. [^\n]*\n", text)[1:]
    return [step.split("\n\n")[0] for step in steps]


def follow(shell: Shell, commands: list[str]) -> None:
    """Run each as printed, in order."""
    write, sync, listing, read, reply, check, verify, doctor = commands
    shell.run(write)
    shell.run(sync)
    assert "Здравствуйте" in shell.run(listing)
    assert "Пишу вам" in shell.run(read)
    assert (shell.directory / "demo" / "saved" / "photo.jpg").read_bytes()[:2] == b"\xff\xd8"
    shell.run(reply)
    assert "Anna" in shell.until(check, "Мы получили письмо")
    assert "BAD" not in shell.run(verify)
    shell.run(doctor)


def test_what_the_demo_prints_works_through_tor(shell: Shell, tornet: Tornet) -> None:
    config = shell.directory / "network.conf"
    config.write_text("\n".join(tornet.client_config), encoding="utf-8")
    with shell.running("demo", "--tor-config", str(config)) as demo:
        follow(shell, printed_commands(demo.wait_for("Ctrl-C stops everything.")))
        assert ".onion" in demo.text
        assert demo.stop() == 0


def test_the_demo_goes_on_with_what_is_there(shell: Shell) -> None:
    with shell.running("demo", "--tor-wait", "0") as demo:
        first = printed_commands(demo.wait_for("Ctrl-C stops everything."))
        follow(shell, first)
        assert demo.stop(signal.SIGTERM) == 0
    with shell.running("demo", "--tor-wait", "0") as demo:
        second = printed_commands(demo.wait_for("Ctrl-C stops everything."))
        assert second == first
        check = second[5]
        assert "Мы получили письмо" in shell.run(check)
        assert demo.stop() == 0


def test_the_open_tor_network_is_given_up_in_time(shell: Shell) -> None:
    with shell.running("demo", "--tor-wait", "3") as demo:
        text = demo.wait_for("Ctrl-C stops everything.", 30)
        assert "goes on over loopback" in text
        assert "--private-tor" in text
        assert demo.stop() == 0


def test_the_script_plays_on_a_private_tor_network_to_its_end(shell: Shell) -> None:
    with shell.running("demo", "--script", "--private-tor", "d") as demo:
        demo.wait_for("Done: every step as it should be", 240)
        assert demo.process.wait(30) == 0
        assert len(re.findall(r"^ *\d+\.\d s  ", demo.text, re.MULTILINE)) == 12
