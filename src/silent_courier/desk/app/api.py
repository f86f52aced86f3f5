"""Everything the page can ask, from one module of `acts` for each concept."""

from collections.abc import Mapping
from typing import Final

from silent_courier.desk.app.acts import (
    arriving,
    case,
    deciding,
    door,
    files,
    finding,
    lists,
    looking,
    records,
    safekeeping,
    syncing,
    team,
    thread,
)
from silent_courier.desk.app.office import Office
from silent_courier.desk.app.serving import Route

_ACTS: Final = (
    door,
    arriving,
    lists,
    thread,
    team,
    files,
    looking,
    case,
    deciding,
    finding,
    records,
    safekeeping,
    syncing,
)


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    return {path: route for acts in _ACTS for path, route in acts.routes(office).items()}
