import shlex

import pytest

from silent_courier.cli.demo.guide import command_lines, guide
from silent_courier.cli.demo.places import Places, read_ports
from silent_courier.cli.demo.stage import open_stage
from silent_courier.cli.output import progress


@pytest.mark.parametrize(
    "words",
    [
        ["courier", "check"],
        ["courier", "write", "--portal", "a" * 62, "--org", "b" * 64, "<", "x y", ">", "z"],
        ["courier", "doctor", "it's here"],
    ],
)
def test_a_shell_reads_the_lines_as_the_command(words: list[str]) -> None:
    text = "\n".join(command_lines(words)).replace("\\\n", " ")
    assert shlex.split(text) == words


def test_an_option_stays_with_its_value() -> None:
    lines = list(command_lines(["courier", *["--option", "v" * 30] * 4]))
    assert all(line.count("--option") == line.count("v" * 30) for line in lines)


async def test_the_guide_names_everything_that_is_needed(places: Places) -> None:
    ports = read_ports(places)
    with progress() as view:
        async with open_stage(places, ports, view, 0) as stage:
            text = "\n".join(guide(places, stage))
    assert ports.portal in text
    for command in ("write", "desk list", "desk read", "desk reply", "check", "verify", "doctor"):
        assert f"courier {command}" in text
    assert places.passphrase("anna") not in text
