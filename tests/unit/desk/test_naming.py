import pytest

from silent_courier.desk import Desk, list_threads, sync
from silent_courier.desk import naming as subject
from silent_courier.desk.naming import alias_in, find_named
from silent_courier.protocol.errors import AliasSharedError, UnknownThreadError
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import SmallServer, seal
from tests.unit.protocol.makers import letter_payload


async def two_threads(desk: Desk, server: SmallServer, transport: Transport) -> list[str]:
    for number in (1, 2):
        own = {"id": bytes([number]) * 16, "auth": bytes([number]) * 32, "thread_key": b"k" * 32}
        named = {name: value.hex() for name, value in own.items()}
        server.put(seal(server.org, letter_payload(server.org, **named)))
    await sync(desk, transport)
    return [row.thread for row in list_threads(desk)]


async def test_two_words_name_a_thread_as_its_id_does(
    desk: Desk, server: SmallServer, transport: Transport
) -> None:
    threads = await two_threads(desk, server, transport)
    assert len(threads) == 2
    for thread in threads:
        words = alias_in(desk, thread)
        shouted = f" {words.upper().replace(' ', ' - ')} "
        for name in (words, words.replace(" ", "-"), shouted, thread, thread[:8].upper()):
            assert find_named(desk, name) == thread


@pytest.mark.parametrize("name", ["quiet", "quiet-nothing", "", "-", "ab", "one two three"])
async def test_what_nothing_is_called_is_unknown(
    desk: Desk, server: SmallServer, transport: Transport, name: str
) -> None:
    await two_threads(desk, server, transport)
    with pytest.raises(UnknownThreadError):
        find_named(desk, name)


async def test_of_two_sources_with_the_same_words_neither_is_guessed(
    desk: Desk, server: SmallServer, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = await two_threads(desk, server, transport)
    monkeypatch.setattr(subject, "alias_of", lambda *_: "tawny heron")
    with pytest.raises(AliasSharedError) as caught:
        find_named(desk, "tawny-heron")
    assert set(caught.value.threads) == set(threads)
    assert find_named(desk, threads[0][:8]) == threads[0]
