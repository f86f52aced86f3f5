"""The manifests that desks have signed, and the one that is published. Spec §17.5, §11.9.

The server checks what it is handed so that a desk's mistake does not look like an attack; nobody
else relies on its having done so.
"""

from functools import partial

from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.errors import ManifestOldError, RequestRefusedError
from silent_courier.protocol.keyring import CLOCK_DAYS_MAX
from silent_courier.protocol.manifest import Manifest, PortalFile, parse_manifest, verify_manifest
from silent_courier.server.draws import Clock
from silent_courier.server.standing import Standing
from silent_courier.server.store import Store
from silent_courier.storage.server.manifests import read_manifests, store_manifest

_FORBIDDEN = 403
_NONE = 404


class Manifests:
    """The latest of each device under the charter that holds."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._kept: tuple[bytes, ...] = ()
        self._files: tuple[PortalFile, ...] = ()
        self._published: tuple[bytes, Manifest] | None = None

    async def look(self, standing: Standing) -> None:
        """Read those made under this charter."""
        work = partial(read_manifests, charter=standing.charter.hash)
        self._kept = tuple(await self._store.read(work))
        self._choose()

    async def take(self, data: bytes, device: int, standing: Standing) -> None:
        """Check and keep one that this device has signed; durable when it returns.

        Raises:
            MalformedManifestError, ManifestSignatureError, ManifestOldError
            RequestRefusedError: of another device (403).
            ManifestTakenError: a newer one of this device is here.
        """
        today = day_of(self._clock())
        if parse_manifest(data).device != device:
            raise RequestRefusedError(_FORBIDDEN)
        manifest = verify_manifest(data, standing.charter, today)
        if abs(manifest.day - today) > CLOCK_DAYS_MAX:
            raise ManifestOldError
        work = partial(
            store_manifest,
            charter=standing.charter.hash,
            device=device,
            day=manifest.day,
            manifest=data,
        )
        await self._store.write(work)
        await self.look(standing)

    def serve(self, files: tuple[PortalFile, ...]) -> None:
        """These are the files that are served from now on."""
        self._files = files
        self._choose()

    @property
    def published(self) -> bytes:
        """The manifest for everybody; RequestRefusedError (404) when nobody has signed one."""
        if self._published is None:
            raise RequestRefusedError(_NONE)
        return self._published[0]

    @property
    def parsed(self) -> Manifest | None:
        """The same, taken apart."""
        return self._published and self._published[1]

    def _choose(self) -> None:
        """The newest that is about what is served, else the newest."""
        kept = [(data, parse_manifest(data)) for data in self._kept]
        chosen = max(
            kept, key=lambda each: (each[1].files == self._files, each[1].day), default=None
        )
        if chosen != self._published:
            self._published = chosen
