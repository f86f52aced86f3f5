"""A parallel run never holds two private Tor networks at once."""

from tests.scheduling import group


def test_everything_that_starts_a_tor_network_is_one_group() -> None:
    assert group("tests/e2e/test_journey.py::test_a") == group("tests/e2e/tor/test_b.py::test_b")
    assert group("tests/unit/tor/test_private_network.py::test_c") == group(
        "tests/e2e/test_d.py::d"
    )


def test_the_fresh_machine_runs_beside_it() -> None:
    fresh = group("tests/e2e/test_fresh_machine.py::test_e")
    assert fresh != group("tests/e2e/test_journey.py::test_a")


def test_a_file_stays_together() -> None:
    assert group("tests/unit/a.py::test_f[x::y]") == group("tests/unit/a.py::test_g")
