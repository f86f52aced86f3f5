"""What a peer sent, or a file holds, is not what the spec says. Spec §13."""

from silent_courier.protocol import errors
from silent_courier.protocol.errors import ProtocolError, peer


def test_every_leaf_is_of_this_family_and_offered_by_the_package() -> None:
    leaves = [value for value in vars(peer).values() if isinstance(value, type)]

    assert len(leaves) > 1
    for leaf in leaves:
        assert issubclass(leaf, ProtocolError)
        assert leaf.__name__ in errors.__all__
