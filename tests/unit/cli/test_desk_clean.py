from tests.unit.cli.conftest import World
from tests.unit.desk.sandbox import hostile


def test_a_cleaned_copy_is_saved_and_nothing_is_promised(world: World) -> None:
    file = world.directory / "photo.jpg"
    file.write_bytes(hostile.telling_picture(b"SecretCam"))
    (world.directory / "a.zip").write_bytes(hostile.zipped(x=b"y"))
    attach = ("--attach", file, "--attach", world.directory / "a.zip")
    sent = world.courier("write", *world.portal, *attach, stdin="Смотрите.")
    assert sent.code == 0, sent.err
    world.desk("sync", "anna")
    out = world.directory / "out"
    told = world.desk("clean", "anna", "newest/1", "--out", out).err
    assert "still there" in told
    assert [path.name for path in out.iterdir()] == ["photo.cleaned.jpg"]
    refused = world.courier(
        *("desk", "clean", world.directory / "anna", "newest/2", "--out", out, *world.secret)
    )
    assert refused.code == 1
    assert "cannot be cleaned" in refused.err
