"""What a person calls a thread by: the beginning of its id, or its source's two words. Spec §14.7.

Two sources can share two words by chance. Then neither is guessed.
"""

import re
from typing import Final

from silent_courier.desk.alias import alias_of, is_alias
from silent_courier.desk.desk import Desk
from silent_courier.desk.reading import find_thread
from silent_courier.protocol.errors import AliasSharedError, UnknownThreadError
from silent_courier.storage.vault import identity, threads

_BETWEEN: Final = re.compile(r"[\s-]+")


def alias_in(desk: Desk, thread: str) -> str:
    """What this desk's organisation calls the source of this thread; NotJoinedError."""
    return alias_of(identity.membership(desk.vault).org_id, bytes.fromhex(thread))


def words_of(name: str) -> str:
    """What was typed, as an alias is written: small letters, one blank between."""
    return " ".join(filter(None, _BETWEEN.split(name.casefold())))


def sources_called(desk: Desk, name: str) -> list[bytes]:
    """The sources with these two words: none, one, or by chance more; NotJoinedError."""
    words = words_of(name)
    if not is_alias(words):
        return []
    org_id = identity.membership(desk.vault).org_id
    return [each for each in threads.sources(desk.vault) if alias_of(org_id, each) == words]


def find_named(desk: Desk, name: str) -> str:
    """The whole id of the thread that is called so: `1a2b`, `tawny-heron` or `tawny heron`.

    Raises:
        UnknownThreadError: no thread is called so, or several ids begin so.
        AliasSharedError: several sources have these two words.
        NotJoinedError
    """
    if " " not in words_of(name):
        return find_thread(desk, name.strip())
    found = sources_called(desk, name)
    if not found:
        raise UnknownThreadError
    if len(found) > 1:
        raise AliasSharedError(tuple(each.hex() for each in found))
    return found[0].hex()
