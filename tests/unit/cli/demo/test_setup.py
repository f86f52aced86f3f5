from silent_courier.cli.demo.places import Places, is_finished
from silent_courier.cli.demo.setup import EPOCH_SECONDS, opened_desk, use_addresses
from silent_courier.desk import info
from silent_courier.organisation import store
from silent_courier.organisation.store import ServerAddresses
from silent_courier.server.config import read_config
from silent_courier.server.status import read_status

MOVED = ServerAddresses("127.0.0.1:1", "127.0.0.1:2")


def serial(places: Places) -> int:
    charter = store.load(places.org).charter
    assert charter is not None
    return charter.body.serial


def test_two_desks_have_joined_under_the_onions(places: Places) -> None:
    config = read_config(places.server)
    assert config.portal.endswith(".onion")
    for handler, device in (("anna", 0), ("boris", 4)):
        with opened_desk(places, handler) as desk:
            joined = info(desk)
        assert (joined.label, joined.device) == (handler.title(), device)
        assert joined.portal == config.portal
    assert is_finished(places)


def test_an_answer_takes_seconds_and_the_board_keeps_its_size(places: Places) -> None:
    charter = store.load(places.org).charter
    assert charter is not None
    parameters = charter.body.parameters
    assert parameters.epoch_seconds == EPOCH_SECONDS
    cells = parameters.births_per_epoch * parameters.cell_life_epochs_min
    assert cells == 2 * 30 * 24


def test_the_same_addresses_again_change_nothing(places: Places) -> None:
    config = read_config(places.server)
    use_addresses(places, ServerAddresses(config.portal, config.desk))
    assert serial(places) == 1


def test_other_addresses_reach_server_and_desks(places: Places) -> None:
    use_addresses(places, MOVED)
    assert serial(places) == 2
    for handler in ("anna", "boris"):
        with opened_desk(places, handler) as desk:
            assert info(desk).desk == MOVED.desk
    assert read_status(places.server).running is False


def test_a_charter_file_that_was_lost_is_issued_again(places: Places) -> None:
    places.charter.unlink()
    config = read_config(places.server)
    use_addresses(places, ServerAddresses(config.portal, config.desk))
    assert serial(places) == 2
    assert places.charter.is_file()


def test_everything_is_private_to_its_owner(places: Places) -> None:
    assert places.directory.stat().st_mode & 0o777 == 0o700
    assert places.passphrase_file("org").stat().st_mode & 0o777 == 0o600
