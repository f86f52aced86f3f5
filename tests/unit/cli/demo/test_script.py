import pytest

from silent_courier.cli.demo import script as played
from silent_courier.cli.demo.desks import sync_first
from silent_courier.cli.demo.places import Places, read_ports
from silent_courier.cli.demo.script import Script, ScriptFailedError, play
from silent_courier.cli.demo.setup import use_addresses
from silent_courier.cli.demo.stage import open_stage
from silent_courier.cli.output import progress


async def test_a_step_that_goes_wrong_is_named(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(played, "PATIENCE_S", 0.1)
    said: list[str] = []
    with progress() as view:
        async with open_stage(places, read_ports(places), view, 0) as stage:
            use_addresses(places, stage.addresses)
            with pytest.raises(ScriptFailedError, match=r"^A source writes in Russian"):
                await play(Script(places, stage, said.append))
    assert said == []


async def test_steps_are_told_with_their_times(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stop(_script: Script) -> None:
        raise ScriptFailedError("enough")

    monkeypatch.setattr(played, "_first_answer", stop)
    said: list[str] = []
    with progress() as view:
        async with open_stage(places, read_ports(places), view, 0) as stage:
            use_addresses(places, stage.addresses)
            for handler in ("anna", "boris"):
                await sync_first(places, stage, handler)
            with pytest.raises(ScriptFailedError, match="enough"):
                await play(Script(places, stage, said.append))
    assert [line.split(" s  ")[1] for line in said] == [
        "A source writes in Russian, with a photo and a file of 3 MB",
        "Both desks read it and have both files, byte for byte",
    ]
