import sys
from pathlib import Path

import pytest

from silent_courier.desk.sandbox.bubblewrap import (
    Limits,
    Program,
    bubblewrap_path,
    python_here,
    sandbox_command,
)


def command(limits: Limits | None = None) -> list[str]:
    program = Program(("/python/bin/python3", "x.py"), [(Path("/a"), "/b")], limits or Limits())
    return sandbox_command("bwrap", program, 7)


def test_the_sandbox_shares_nothing_and_binds_read_only() -> None:
    made = command()
    for wanted in ("--unshare-all", "--disable-userns", "--clearenv", "--new-session"):
        assert wanted in made
    assert "--die-with-parent" in made
    assert made[made.index("--cap-drop") + 1] == "ALL"
    assert made[made.index("--remount-ro") + 1] == "/"
    assert made[made.index("--seccomp") + 1] == "7"
    forbidden = {"--bind", "--dev-bind", "--share-net", "--dev", "--proc", "--tmpfs"}
    assert not forbidden & set(made)
    assert made[made.index("--") + 1 :] == ["/python/bin/python3", "x.py"]


def test_only_libraries_and_what_the_program_names_are_bound() -> None:
    made = command()
    bound = [made[at + 1] for at, word in enumerate(made) if word == "--ro-bind"]
    assert set(bound) <= {"/a", "/usr/lib", "/usr/lib64", "/lib", "/lib64"}


def test_limits_are_taken_on_before_anything_else() -> None:
    shell, _, words = command(Limits(memory_bytes=2048, processor_s=3))[:3]
    assert shell == "/bin/sh"
    assert words.startswith("ulimit -c 0 && ulimit -t 3 && ulimit -v 2 &&")
    assert words.endswith('&& ulimit -f 0 && exec "$@"')


def test_the_python_inside_says_nothing_of_where_it_is_on_this_machine() -> None:
    inside, binds = python_here()
    assert inside.startswith(("/python/", "/usr/"))
    assert all(place.startswith(("/python/", "/usr/")) for _, place in binds)


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_there_is_no_sandbox_but_on_linux(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    assert bubblewrap_path() is not None
    monkeypatch.setattr(sys, "platform", system)
    assert bubblewrap_path() is None
