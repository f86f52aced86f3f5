"""A demo's directory, set up once for all tests that only look at it."""

from pathlib import Path

import pytest

from silent_courier.cli.demo.places import Places, Ports
from silent_courier.cli.demo.setup import set_up
from silent_courier.cli.server import free_address
from silent_courier.organisation import root_key


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(root_key, "ARGON2_MEMORY_KIB", 1024)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(tmp_path / "demo")
    set_up(made, Ports(free_address(), free_address()))
    return made
