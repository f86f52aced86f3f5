"""What a person calls a thread by: the beginning of its id, or its source's two words. Spec §14.7.

Two sources can share two words by chance. Then neither is guessed.
"""

import re
from typing import Final

from silent_courier.desk.alias import alias_of
from silent_courier.desk.desk import Desk
from silent_courier.desk.reading import find_thread
from silent_courier.protocol.errors import AliasSharedError, UnknownThreadError
from silent_courier.storage.vault import identity, threads

_BETWEEN: Final = re.compile(r"[\s-]+")


def alias_in(desk: Desk, thread: str) -> str:
    """What this desk's organisation calls the source of this thread; NotJoinedError."""
    return alias_of(identity.membership(desk.vault).org_id, bytes.fromhex(thread))


def find_named(desk: Desk, name: str) -> str:
    """The whole id of the thread that is called so: `1a2b`, `tawny-heron` or `tawny heron`.

    Raises:
        UnknownThreadError: no thread is called so, or several ids begin so.
        AliasSharedError: several sources have these two words.
        NotJoinedError
    """
    words = " ".join(filter(None, _BETWEEN.split(name.casefold())))
    if " " not in words:
        return find_thread(desk, name.strip())
    org_id = identity.membership(desk.vault).org_id
    found = [each for each in threads.sources(desk.vault) if alias_of(org_id, each) == words]
    if not found:
        raise UnknownThreadError
    if len(found) > 1:
        raise AliasSharedError(tuple(each.hex() for each in found))
    return found[0].hex()
