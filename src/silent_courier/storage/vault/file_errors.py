"""What the disk refuses, as errors of the vault."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from silent_courier.protocol.errors import (
    DiskFullError,
    StorageError,
    VaultError,
    VaultFullError,
)


@contextmanager
def our_errors() -> Iterator[None]:
    """Turn a failed file operation into VaultFullError or VaultError."""
    try:
        yield
    except DiskFullError as error:
        raise VaultFullError from error
    except StorageError as error:
        raise VaultError from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise (VaultFullError() if full else VaultError()) from error
