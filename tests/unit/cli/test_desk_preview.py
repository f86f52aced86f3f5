from tests.unit.cli.conftest import World
from tests.unit.desk.sandbox import hostile


def test_an_attachment_is_drawn_by_its_number_and_told_what_it_is(world: World) -> None:
    files = {"скан.pdf": hostile.pdf(2), "photo\x1b.jpg": b"MZ\x90\0"}
    attach: list[object] = []
    for name, content in files.items():
        (world.directory / name).write_bytes(content)
        attach += ["--attach", world.directory / name]
    sent = world.courier("write", *world.portal, *attach, stdin="Смотрите.")
    assert sent.code == 0, sent.err
    world.desk("sync", "anna")
    read = world.desk("read", "anna", "newest").out
    assert "│ + 1. скан.pdf, PDF document" in read
    assert "│ + ! It is a program." in read
    out = world.directory / "out"
    drawn = world.desk("preview", "anna", "newest/1", "--out", out)
    assert sorted(path.name for path in out.iterdir()) == ["скан.pdf-1.png", "скан.pdf-2.png"]
    assert "PDF document" in drawn.out
    refused = world.courier(
        *("desk", "preview", world.directory / "anna", "newest/2", "--out", out, *world.secret)
    )
    assert refused.code == 1
    assert "NOT drawn" in refused.err
    assert "\x1b" not in refused.out + refused.err
    for name in ("newest", "/1", "newest/x", "newest/9"):
        ran = world.courier(
            *("desk", "preview", world.directory / "anna", name, "--out", out, *world.secret)
        )
        assert ran.code in {2, 56}
