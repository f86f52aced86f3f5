"""What devices have signed about the portal's files: the latest of each. Spec §17.5.

All of it is public and signed; verifying is for whoever calls.
"""

from sqlalchemy import Connection, delete, insert, select

from silent_courier.protocol.errors import ManifestTakenError
from silent_courier.storage.server.tables import manifests


def store_manifest(
    connection: Connection, charter: bytes, device: int, day: int, manifest: bytes
) -> None:
    """Keep a verified manifest in the place of this device's earlier one.

    Raises:
        ManifestTakenError: there is one of a later day, under the same charter.
    """
    columns = manifests.c
    later = connection.scalar(
        select(columns.day).where(
            columns.device == device, columns.charter == charter, columns.day > day
        )
    )
    if later is not None:
        raise ManifestTakenError
    connection.execute(delete(manifests).where(columns.device == device))
    connection.execute(
        insert(manifests).values(device=device, charter=charter, day=day, manifest=manifest)
    )


def read_manifests(connection: Connection, charter: bytes) -> list[bytes]:
    """Those made under the charter with this hash, by device."""
    which = select(manifests.c.manifest).where(manifests.c.charter == charter)
    return [row.manifest for row in connection.execute(which.order_by(manifests.c.device))]
