"""The portal's files as this installation makes them."""

from silent_courier.cli.portal import portal_maker


def test_release_is_named_and_there_is_one_maker() -> None:
    assert len(portal_maker().release) == 32
    assert portal_maker() is portal_maker()
