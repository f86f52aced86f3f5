"""The browser's implementation, asked over stdin: web/test/interop.ts."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

WEB = Path(__file__).resolve().parents[2] / "web"


def ask(*requests: dict[str, Any]) -> list[Any]:
    """What it answers to each request, in one run; bytes go as hex."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["npm", "run", "--silent", "interop"],
        cwd=WEB,
        env={**os.environ, "PATH": path},
        input=json.dumps(requests, default=bytes.hex),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answers: list[Any] = json.loads(done.stdout)
    return answers
