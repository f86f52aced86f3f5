"""The server as a desk sees it: typed requests over a transport. Spec §12.

Believes no answer: lengths are checked here, contents by whoever asked. Every request can
safely be made twice, so one that was lost on the way is made again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from silent_courier.protocol.errors import (
    ConnectionLostError,
    DeskRefusedError,
    UnexpectedAnswerError,
)
from silent_courier.protocol.sizes import (
    DAY_LEN,
    HASH_LEN,
    KEYRING_LEN_MAX,
    LENGTH_PREFIX_LEN,
    LETTER_LEN_MAX,
    MANIFEST_LEN_MAX,
    SEALED_CHUNK_LEN,
)
from silent_courier.tor.transport import Response, Transport

LETTERS_A_READ: Final = 64
LETTERS_A_DAY_MAX: Final = 200_000
DAYS_MAX: Final = 400
ATTEMPTS: Final = 3
_PURPOSE: Final = "desk"


@dataclass(frozen=True, slots=True)
class DeskServer:
    """A transport to the desk onion and this desk's 32-byte token."""

    transport: Transport
    token: bytes = field(repr=False)

    async def keyring(self) -> bytes:
        """The keyring's bytes."""
        return await self._get("/v1/keyring", KEYRING_LEN_MAX)

    async def manifest(self) -> bytes | None:
        """The manifest's bytes; None when the server publishes none."""
        response = await self._request("GET", "/v1/manifest", b"", MANIFEST_LEN_MAX)
        if response.status == 404:
            return None
        if response.status != 200:
            raise UnexpectedAnswerError(response.status)
        return response.body

    async def days(self) -> dict[int, int]:
        """How many letters the server holds, by day of arrival."""
        entry = 2 * DAY_LEN
        body = await self._get("/v1/days", DAYS_MAX * entry)
        if len(body) % entry:
            raise UnexpectedAnswerError
        numbers = [int.from_bytes(part, "big") for part in _split(body, DAY_LEN)]
        days = numbers[::2]
        if any(left >= right for left, right in pairwise(days)):
            raise UnexpectedAnswerError
        return dict(zip(days, numbers[1::2], strict=True))

    async def letters_of(self, day: int) -> list[bytes]:
        """The SHA-256 of each letter that arrived on this day."""
        body = await self._get(f"/v1/days/{day}", LETTERS_A_DAY_MAX * HASH_LEN)
        if len(body) % HASH_LEN:
            raise UnexpectedAnswerError
        return list(_split(body, HASH_LEN))

    async def read_letters(self, hashes: Sequence[bytes]) -> list[bytes]:
        """Up to 64 letters by their hashes, in order; empty where the server has none."""
        limit = len(hashes) * (LENGTH_PREFIX_LEN + LETTER_LEN_MAX)
        response = await self._request("POST", "/v1/letters/read", b"".join(hashes), limit)
        if response.status != 200:
            raise UnexpectedAnswerError(response.status)
        letters = _parse_letters(response.body)
        if len(letters) != len(hashes):
            raise UnexpectedAnswerError
        return letters

    async def read_chunk(self, chunk_id: bytes, lane: int) -> bytes | None:
        """A sealed chunk, None when the server has none; lanes run beside each other."""
        response = await self._request(
            "GET", f"/v1/chunks/{chunk_id.hex()}", b"", SEALED_CHUNK_LEN, f"chunks {lane}"
        )
        if response.status == 404:
            return None
        if response.status != 200 or len(response.body) != SEALED_CHUNK_LEN:
            raise UnexpectedAnswerError(response.status)
        return response.body

    async def post(self, path: str, body: bytes) -> int:
        """Post something; the status, which the caller knows the meaning of."""
        return (await self._request("POST", path, body, 0)).status

    async def _get(self, path: str, max_len: int) -> bytes:
        response = await self._request("GET", path, b"", max_len)
        if response.status != 200:
            raise UnexpectedAnswerError(response.status)
        return response.body

    async def _request(
        self, method: str, path: str, body: bytes, max_len: int, purpose: str = _PURPOSE
    ) -> Response:
        bearer = f"Bearer {self.token.hex()}"
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = await self.transport.request(
                    method, path, body=body, authorization=bearer, purpose=purpose, max_len=max_len
                )
            except ConnectionLostError:
                if attempt == ATTEMPTS:
                    raise
            else:
                break
        if response.status == 401:
            raise DeskRefusedError
        return response


def _split(data: bytes, length: int) -> Iterator[bytes]:
    return (data[start : start + length] for start in range(0, len(data), length))


def _parse_letters(body: bytes) -> list[bytes]:
    letters: list[bytes] = []
    position = 0
    while position < len(body):
        start = position + LENGTH_PREFIX_LEN
        position = start + int.from_bytes(body[position:start], "big")
        if position > len(body):
            raise UnexpectedAnswerError
        letters.append(body[start:position])
    return letters
