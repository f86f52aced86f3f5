"""The Debian packages this project stands on, and how they get onto the machine.

Says what is missing and why before anything is installed; installs only with apt, and only as root
or with a sudo that asks for no password. It never removes a package, never changes a running
service, and without the right to install it names the command and lets the caller go on.
Runs on a bare python3: nothing here may import from outside the standard library.
"""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SYSTEM_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])


def _command(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name, path=SYSTEM_PATH) is not None


def _file(path: str) -> Callable[[], bool]:
    return Path(path).exists


def _python_module(name: str) -> Callable[[], bool]:
    return lambda: importlib.util.find_spec(name) is not None


@dataclass(frozen=True, slots=True)
class Package:
    """A Debian package, what it is for, how to see that it is there, and which goals need it."""

    name: str
    why: str
    is_present: Callable[[], bool]
    goals: frozenset[str]


GOALS = RUN = frozenset({"run", "check", "test"})
TEST = frozenset({"test"})

PACKAGES = (
    Package("python3-venv", "makes .venv, where all else goes", _python_module("ensurepip"), RUN),
    Package("tor", "carries letters and answers over onion services", _command("tor"), RUN),
    Package(
        "bubblewrap",
        "makes the sandbox in which attachments are drawn; without it none is shown",
        _command("bwrap"),
        RUN,
    ),
    Package(
        "mat2",
        "takes hidden details out of files that leave a desk; the tests show that it does",
        _file("/usr/lib/python3/dist-packages/libmat2/__init__.py"),
        TEST,
    ),
    Package(
        "debootstrap",
        "makes the bare Debian in which the tests prove this very setup",
        _command("debootstrap"),
        TEST,
    ),
    Package(
        "strace",
        "shows in the tests that a letter is on the disk before it is acknowledged",
        _command("strace"),
        TEST,
    ),
    Package(
        "chromium",
        "opens the portal's pages as a second kind of browser",
        _command("chromium"),
        TEST,
    ),
    Package(
        "firefox-esr",
        "stands in for Tor Browser, which is built on it, in the tests",
        _command("firefox-esr"),
        TEST,
    ),
    Package(
        "fonts-noto-core",
        "lets the browsers of the tests draw every script the portal speaks",
        _file("/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf"),
        TEST,
    ),
    Package(
        "fonts-noto-cjk",
        "the same for Chinese and Korean",
        _file("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
        TEST,
    ),
)


def missing_packages(goal: str) -> list[Package]:
    """The packages that this goal needs and the machine lacks."""
    return [p for p in PACKAGES if goal in p.goals and not p.is_present()]


def install(packages: Iterable[Package], say: Callable[[str], None]) -> None:
    """Install with apt, or say how; a failure is said and left to the step that needs the package.

    Args:
        packages: what is missing; each is announced with its reason first.
        say: takes one line for the person who is waiting.
    """
    wanted = list(packages)
    for package in wanted:
        say(f"missing: {package.name} ({package.why})")
    command = ["apt-get", "install", "-y", "--no-install-recommends", *(p.name for p in wanted)]
    rights = _rights()
    if shutil.which("apt-get") is None or rights is None:
        say("no right to install here; going on without. As root, run: " + " ".join(command))
        return
    say("apt: " + " ".join(rights + command))
    with _system_tor_kept_off(rights, any(p.name == "tor" for p in wanted)):
        updated = _quietly([*rights, *_APT, "update"], say)
        if not (updated and _quietly([*rights, *_APT, *command[1:]], say)):
            say("apt failed; going on without. To try by hand: " + " ".join(rights + command))


# Another apt may be at work, for instance the daily upgrade: wait for it. Ask nothing.
_APT = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]


def _rights() -> list[str] | None:
    """What to put before a command that root must run; None where there is no way."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    has_sudo = shutil.which("sudo") is not None
    if (
        has_sudo
        and subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode == 0
    ):
        return sudo
    return None


@contextmanager
def _system_tor_kept_off(rights: list[str], installing_tor: bool) -> Iterator[None]:
    """Keep Debian from starting its own tor when the package arrives, now and at the next boot.

    We run tor as a child of our own. A masked unit is the one thing that the package's scripts do
    not start; once they are done the mask goes and the unit stays, switched off, for whoever
    wants it. Where systemd does not run, Debian starts nothing without an init system.
    """
    needed = installing_tor and Path("/run/systemd/system").is_dir()
    if needed:
        _systemctl(rights, "mask")
    try:
        yield
    finally:
        if needed:
            _systemctl(rights, "unmask")
            _systemctl(rights, "disable")


def _systemctl(rights: list[str], verb: str) -> None:
    subprocess.run([*rights, "systemctl", verb, "tor.service"], capture_output=True, check=False)


def _quietly(command: list[str], say: Callable[[str], None]) -> bool:
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        for line in done.stdout.splitlines()[-5:]:
            say("  " + line)
    return done.returncode == 0
