"""A Debian that has git, make and python3 and nothing else needs one command to run this project.

The machine is a chroot that debootstrap makes from the package sources of the machine below it; how
that one reaches its registries (sources, names, certificates, settings) is copied, never spelled
out. Whatever is started in it ends with its process namespace. Needs root.
"""

import importlib.metadata
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUITE = "bookworm"
HOME = Path("root")
CHECKOUT = Path("srv/courier")

pytestmark = pytest.mark.network

SETTINGS = re.compile(
    r"(?i)^((https?|all|no)_proxy|pip_.*|uv_.*|npm_config_.*|ssl_cert_file|node_extra_ca_certs|.*_ca_bundle)$"
)
SETTING_FILES = ("hosts", "resolv.conf", "pip.conf", "uv", "npmrc", "ssl/certs/ca-certificates.crt")
HOME_SETTING_FILES = (".config/pip", ".pip", ".config/uv", ".npmrc")
APT_SETTINGS = re.compile(r"^Acquire::(https?|Retries|Check-)")


@dataclass(frozen=True, slots=True)
class Machine:
    """A root directory in which commands run as on a machine of their own."""

    root: Path

    def run(self, command: str, *, user: str = "root") -> str:
        """Run in the checkout and return what was said; a failure fails the test with it."""
        inside = f"mount -t proc proc /proc && cd /{CHECKOUT} && {command}"
        if user != "root":
            inside = f"cd /{CHECKOUT} && exec su {user} -s /bin/sh -c '{command}'"
        apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        done = subprocess.run(
            [*apart, "chroot", str(self.root), "/bin/sh", "-c", inside],
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}"
        return done.stdout


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """A bare Debian with a clone of this checkout."""
    if os.geteuid() != 0:
        pytest.skip("making a machine needs root")
    # Not pytest's tmp_path: that keeps the last three, at 400 MB each.
    with tempfile.TemporaryDirectory(prefix="fresh-machine-") as directory:
        root = Path(directory) / "root"
        sources = _package_sources()
        mirror = next(uri for uri, suite, _ in sources if suite == SUITE)
        with_these = "--include=git,make,python3,ca-certificates"
        _quietly(["debootstrap", "--variant=minbase", with_these, SUITE, str(root), mirror])
        _let_it_reach_its_registries(root, sources)
        _quietly(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(root / CHECKOUT)])
        yield Machine(root)


def test_a_fresh_debian_needs_one_command(machine: Machine) -> None:
    without_rights = machine.run("python3 -m scripts.bootstrap run || true", user="nobody")
    assert "missing: tor (" in without_rights
    assert "As root, run: apt-get install -y --no-install-recommends python3-venv tor" in (
        without_rights
    )

    told = machine.run("make setup && ! grep --no-messages --line-regexp tor /proc/[0-9]*/comm")
    assert "setup: courier:" in told
    assert len(told.splitlines()) < 40, f"the setup talks too much:\n{told}"

    assert machine.run("make setup") == "", "a second setup has nothing to do"
    assert importlib.metadata.version("silent-courier") in machine.run(
        ".venv/bin/courier --version"
    )
    assert machine.run("git status --porcelain") == "", "the setup left files about"


def _package_sources() -> list[tuple[str, str, str]]:
    """Where this machine gets Debian from: address, suite and component of each source."""
    columns = "$(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)"
    told = _quietly(["apt-get", "indextargets", "--format", columns, "Created-By: Packages"])
    rows = [line.split() for line in told.splitlines()]
    return [(r[1], r[2], r[3]) for r in rows if r[0] == "Debian" and r[2].startswith(SUITE)]


def _let_it_reach_its_registries(root: Path, sources: list[tuple[str, str, str]]) -> None:
    listed = "".join(f"deb {uri} {suite} {component}\n" for uri, suite, component in sources)
    (root / "etc/apt/sources.list").write_text(listed)
    settings = _quietly(["apt-config", "dump"]).splitlines(keepends=True)
    kept = "".join(line for line in settings if APT_SETTINGS.match(line))
    (root / "etc/apt/apt.conf.d/99machine").write_text(kept)
    for name in SETTING_FILES:
        _copy(Path("/etc") / name, root / "etc" / name)
    for name in HOME_SETTING_FILES:
        _copy(Path.home() / name, root / HOME / name)
    for value in _settings().values():
        if Path(value).is_absolute():
            _copy(Path(value), root / value.lstrip("/"))


def _copy(source: Path, target: Path) -> None:
    """Copy a file or a directory if it is there, following links: their targets stay behind."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True, ignore_dangling_symlinks=True)
    elif source.exists():
        shutil.copyfile(source, target)


def _settings() -> dict[str, str]:
    """The variables by which this machine reaches its registries."""
    return {name: value for name, value in os.environ.items() if SETTINGS.match(name)}


def _environment() -> dict[str, str]:
    """What a bare shell has, and the settings."""
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return {**_settings(), "PATH": path, "HOME": f"/{HOME}", "LANG": "C.UTF-8"}


def _quietly(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command[0]} failed:\n{done.stdout}{done.stderr}"
    return done.stdout
