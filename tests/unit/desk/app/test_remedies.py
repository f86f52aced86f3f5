from silent_courier.desk.app.remedies import (
    every_remedy,
    remedy_after_sync,
    remedy_of,
)
from silent_courier.protocol.errors import (
    ConnectionLostError,
    MalformedKeyringError,
    PayloadTooLongError,
    SocksUnreachableError,
    UnknownThreadError,
    VaultDamagedError,
    VaultError,
)


def test_what_ends_a_sync_has_a_next_step() -> None:
    for error in (ConnectionLostError(), MalformedKeyringError(), VaultError()):
        assert remedy_of(error) == ""
        assert remedy_after_sync(error).endswith(".")
    assert "starts Tor again" in remedy_after_sync(SocksUnreachableError())


def test_who_wrote_too_much_is_not_sent_to_the_operator() -> None:
    assert remedy_of(PayloadTooLongError()) == remedy_of(UnknownThreadError()) == ""


def test_a_damaged_vault_is_to_be_left_as_it_is() -> None:
    assert remedy_of(VaultDamagedError()).startswith("Nothing of it was overwritten.")


def test_every_remedy_is_a_sentence_to_be_translated() -> None:
    told = tuple(every_remedy())
    assert len(set(told)) == len(told)
    assert all(remedy.endswith(".") for remedy in told)
