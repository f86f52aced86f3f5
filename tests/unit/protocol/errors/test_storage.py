"""The server's store and directory: the operator must act."""

from silent_courier.protocol import errors
from silent_courier.protocol.errors import StorageError, storage


def test_every_leaf_is_of_this_family_and_offered_by_the_package() -> None:
    leaves = [value for value in vars(storage).values() if isinstance(value, type)]

    assert len(leaves) > 1
    for leaf in leaves:
        assert issubclass(leaf, StorageError)
        assert leaf.__name__ in errors.__all__
