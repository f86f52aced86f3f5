from tests.unit.cli.conftest import World


def test_a_case_is_exported_and_anybody_with_the_charter_can_check_it(world: World) -> None:
    file = world.directory / "смета.txt"
    file.write_bytes(b"content")
    sent = world.courier("write", *world.portal, "--attach", file, stdin="Посмотрите.")
    assert sent.code == 0, sent.err
    world.desk("sync", "anna")
    out = world.directory / "case"
    told = world.desk("export-case", "anna", "newest", "--out", out, "--language", "ru")
    assert "It is not encrypted." in told.err
    assert (out / "files" / "смета.txt").read_bytes() == b"content"
    assert "Источник" in (out / "index.html").read_text(encoding="utf-8")

    charter, org = world.directory / "charter", ("--org", world.org_id)
    checked = world.courier("desk", "verify-export", out, charter, *org)
    assert checked.code == 0, checked.err
    assert "Signed by Anna" in checked.out
    again = world.courier(
        *("desk", "export-case", world.directory / "anna", "newest", "--out", out, *world.secret)
    )
    assert again.code == 71
    (out / "files" / "смета.txt").write_bytes(b"other")
    altered = world.courier("desk", "verify-export", out, charter, *org, "--json")
    assert altered.code == 1
    assert altered.json["export"]["altered"] == ["files/смета.txt"]
    packed = world.directory / "case.zip"
    world.desk("export-case", "anna", "newest", "--out", packed)
    assert world.courier("desk", "verify-export", packed, charter, *org).code == 0
    assert world.courier("desk", "verify-export", world.directory / "no", charter, *org).code == 2
    wrong = world.courier("desk", "verify-export", out, charter, "--org", "ab" * 32)
    assert wrong.code == 13
