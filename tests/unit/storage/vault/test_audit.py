import pytest

from silent_courier.storage.vault import Vault, audit


@pytest.fixture
def trail(vault: Vault) -> Vault:
    for number in range(4):
        audit.append(vault, 1000 + number, "opened", "ab" * 8, "")
    return vault


def broken(vault: Vault) -> list[int]:
    return list(audit.broken(audit.every(vault)))


def test_a_trail_that_nobody_touched_is_whole(trail: Vault) -> None:
    assert [row.seq for row in audit.every(trail)] == [1, 2, 3, 4]
    assert broken(trail) == []


@pytest.mark.parametrize(
    "mischief",
    [
        "UPDATE audit SET at = at + 1 WHERE seq = 2",
        "UPDATE audit SET act = 'noted' WHERE seq = 2",
        "UPDATE audit SET about = '' WHERE seq = 2",
        "UPDATE audit SET detail = 'x' WHERE seq = 2",
        "UPDATE audit SET hash = zeroblob(32) WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 1",
        "UPDATE audit SET seq = 9 WHERE seq = 4",
    ],
)
def test_an_altered_row_is_found(trail: Vault, mischief: str) -> None:
    trail.run(mischief)

    assert broken(trail) != []


def test_two_rows_that_changed_places_are_found(trail: Vault) -> None:
    trail.run("UPDATE audit SET seq = 99 WHERE seq = 2")
    trail.run("UPDATE audit SET seq = 2 WHERE seq = 3")
    trail.run("UPDATE audit SET seq = 3 WHERE seq = 99")

    assert 2 in broken(trail)


def test_an_act_is_looked_up_by_thread_and_time(trail: Vault) -> None:
    assert audit.has(trail, "opened", "ab" * 8, 1003)
    assert not audit.has(trail, "opened", "ab" * 8, 1004)
    assert not audit.has(trail, "opened", "", 0)


def test_a_thread_s_name_tells_nothing_of_it() -> None:
    assert audit.name_of(b"S" * 32) == audit.name_of(b"S" * 32)
    assert audit.name_of(b"S" * 32) != (b"S" * 8).hex()
