"""Programs that a benchmark runs in processes of their own. They speak in lines of JSON."""

import json
import sys


def tell(**values: object) -> None:
    """Say a line to whoever measures."""
    print(json.dumps(values), flush=True)


def wait_for_word() -> None:
    """Wait until told to go on, or until nobody listens any more."""
    sys.stdin.readline()
