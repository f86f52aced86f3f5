"""The portal's files as this installation makes them, for the commands that sign or check them."""

from functools import cache

from silent_courier.desk import PortalMaker
from silent_courier.server.portal.files import portal_release, render_portal


@cache
def portal_maker() -> PortalMaker:
    """How this release makes the portal's files."""
    return PortalMaker(portal_release(), render_portal)
