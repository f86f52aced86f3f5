"""Runs command lines in this process, as the installed command does."""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from silent_courier.cli import prompts
from silent_courier.cli.main import run
from silent_courier.organisation import root_key


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command line left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Courier = Callable[..., Ran]


class _Stdin(io.TextIOWrapper):
    def isatty(self) -> bool:
        return False


@pytest.fixture
def courier(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Courier:
    """`courier("org", "show", path)`; `stdin` is what it reads."""
    monkeypatch.setattr(prompts, "has_terminal", lambda: False)
    monkeypatch.setattr(root_key, "ARGON2_MEMORY_KIB", 1024)

    def call(*arguments: object, stdin: str = "") -> Ran:
        capfd.readouterr()
        monkeypatch.setattr(sys, "stdin", _Stdin(io.BytesIO(stdin.encode()), encoding="utf-8"))
        code = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return call
