"""What is served is built from what is in the tree: small, and the same bytes each time."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

from silent_courier.server.portal.assets import load_assets

WEB = Path(__file__).parents[3] / "web"
SCRIPT_MAX = 60_000


def _node(*command: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        command,
        cwd=WEB,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _build(directory: Path) -> dict[str, bytes]:
    done = _node("node", "build.mjs", str(directory))
    assert done.returncode == 0, done.stdout
    return {file.name: file.read_bytes() for file in directory.iterdir()}


def test_pictures_are_cleaned_and_words_named_without_a_browser() -> None:
    done = _node("npm", "run", "--silent", "test:portal")
    assert done.returncode == 0, done.stdout


def test_two_builds_are_the_same_bytes_and_those_that_are_served(tmp_path: Path) -> None:
    first, second = _build(tmp_path / "one"), _build(tmp_path / "two")

    assert first == second
    assert first.items() <= load_assets().contents.items()


def test_the_script_is_small() -> None:
    contents = load_assets().contents
    packed = [gzip.compress(contents[name], 9) for name in ("portal.js", "worker.js")]

    assert sum(map(len, packed)) <= SCRIPT_MAX


def test_the_script_names_no_other_place_and_needs_no_web_assembly() -> None:
    for name in ("portal.js", "worker.js"):
        script = load_assets().contents[name]
        assert b"https://" not in script
        assert b"localStorage" not in script
        assert b"indexedDB" not in script
        assert b"WebAssembly." not in script
