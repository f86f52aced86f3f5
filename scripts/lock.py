"""Keep the lock files in step with pyproject.toml; see docs/adr/0001-lock-file-without-hosts.md.

`python -m scripts.lock` writes them anew, keeping every version that still fits (`--upgrade` takes
the newest). `--check` needs no network: the main lock file carries a digest of the requirements it
was made from.
"""

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

from scripts.tracked import ROOT

LOCK = ROOT / "requirements.lock"
UV = str(Path(sys.executable).with_name("uv"))
COMPILE = [
    UV,
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--custom-compile-command=make lock",
]
# Each lock file, relative to the root, and what goes into it.
INPUTS = {
    "requirements.lock": ["--group=dev", "pyproject.toml"],
    "requirements/uv.txt": ["--group=uv"],
    "requirements/node.txt": ["--group=node"],
}


def digest_line(pyproject: str) -> str:
    """The comment that ties the lock files to these requirements."""
    tables = tomllib.loads(pyproject)
    project = tables["project"]
    inputs = [
        project["requires-python"],
        project["dependencies"],
        project.get("optional-dependencies"),
        tables["dependency-groups"],
    ]
    digest = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
    return f"# requirements of pyproject.toml: sha256 {digest}\n"


def write(options: list[str]) -> None:
    """Compile the lock files and sign the main one with the digest of its inputs.

    Raises:
        subprocess.CalledProcessError: the requirements have no common solution, or no network.
    """
    for name, inputs in INPUTS.items():
        command = [*COMPILE, *options, *inputs, f"--output-file={name}"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    line = digest_line((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    LOCK.write_text(line + LOCK.read_text(encoding="utf-8"), encoding="utf-8")


def check() -> int:
    """Whether the lock was made from pyproject.toml as it is, and .venv holds a sound set."""
    line = digest_line((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    with LOCK.open(encoding="utf-8") as lock:
        if lock.readline() != line:
            print("requirements.lock was made from other requirements than pyproject.toml has now")
            return 1
    agree = [UV, "pip", "check", "--quiet", "--python", sys.executable]
    return subprocess.run(agree, cwd=ROOT, check=False).returncode


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        return check()
    write(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
