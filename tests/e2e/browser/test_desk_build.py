"""The desk's page is built from what is in the tree: the same bytes each time, and those served."""

import os
import subprocess
import sys
from pathlib import Path

from silent_courier.desk.app.assets import load_assets

WEB = Path(__file__).parents[3] / "web"


def _build(directory: Path) -> bytes:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = ["node", "build-desk.mjs", str(directory)]
    subprocess.run(command, cwd=WEB, check=True, env={**os.environ, "PATH": path})
    return (directory / "desk.js").read_bytes()


def test_two_builds_are_the_same_bytes_and_those_that_are_served(tmp_path: Path) -> None:
    assert _build(tmp_path / "one") == _build(tmp_path / "two") == load_assets()["/desk.js"][0]
