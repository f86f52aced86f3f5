from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from silent_courier.tor.transport import Response, Transport
from tests.unit.cli.conftest import World
from tests.unit.cli.test_portal_files import sign

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many bytes came, heads included, by path."""
    counted: Counter[str] = Counter()
    ask = Transport.request

    async def request(self: Transport, method: str, path: str, **options: Any) -> Response:
        response = await ask(self, method, path, **options)
        head = sum(len(name) + len(value) + 4 for name, value in response.headers)
        counted[path] += head + len(response.body)
        return response

    monkeypatch.setattr(Transport, "request", request)
    return counted


def test_a_real_portal_is_found_to_be_sound(world: World, loaded: Counter[str]) -> None:
    sign(world, "Anna")
    loaded.clear()
    ran = world.courier("verify", world.server.portal_url, "--org", world.org_id)
    assert ran.code == 0, ran.out
    assert "BAD" not in ran.out
    assert "Sample Ombudsman" in ran.out
    beside = round((loaded.total() - loaded["/v1/board"]) / 1e6)
    told = f"about {beside} MB beside the board"
    pages = (DOCS / "source.md", DOCS / "operator" / "README.md")
    said = (world.courier("verify", "--help").out, *(page.read_text("utf-8") for page in pages))
    assert all(told in " ".join(text.split()) for text in said), told


def test_another_fingerprint_is_found_wrong(world: World) -> None:
    ran = world.courier("verify", world.server.portal_url, "--org", "00" * 32, "--json")
    assert ran.code == 1
    assert ran.json["org_id"] is None
    assert any("another organisation" in f["sentence"] for f in ran.json["findings"])


def test_verification_leaves_nothing_at_the_portal(world: World) -> None:
    world.courier("verify", world.server.portal_url)
    report = world.desk("sync", "anna", "--json").json
    assert (report["letters"], report["covers"]) == (0, 0)
