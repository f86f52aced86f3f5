"""The organisation's root: whoever holds the root key must act."""

from silent_courier.protocol import errors
from silent_courier.protocol.errors import OrganisationError, organisation


def test_every_leaf_is_of_this_family_and_offered_by_the_package() -> None:
    leaves = [value for value in vars(organisation).values() if isinstance(value, type)]

    assert len(leaves) > 1
    for leaf in leaves:
        assert issubclass(leaf, OrganisationError)
        assert leaf.__name__ in errors.__all__
