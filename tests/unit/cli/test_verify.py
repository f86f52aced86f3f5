from tests.unit.cli.conftest import World


def test_a_real_portal_is_found_to_be_sound(world: World) -> None:
    world.desk("sign-portal", "anna")
    ran = world.courier("verify", world.server.portal_url, "--org", world.org_id)
    assert ran.code == 0, ran.out
    assert "BAD" not in ran.out
    assert "Sample Ombudsman" in ran.out


def test_another_fingerprint_is_found_wrong(world: World) -> None:
    ran = world.courier("verify", world.server.portal_url, "--org", "00" * 32, "--json")
    assert ran.code == 1
    assert ran.json["org_id"] is None
    assert any("another organisation" in f["sentence"] for f in ran.json["findings"])


def test_verification_leaves_nothing_at_the_portal(world: World) -> None:
    world.courier("verify", world.server.portal_url)
    report = world.desk("sync", "anna", "--json").json
    assert (report["letters"], report["covers"]) == (0, 0)
