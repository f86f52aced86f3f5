"""Everything the page can ask, from one module of `acts` for each concept."""

from collections.abc import Mapping
from typing import Final

from silent_courier.desk.app.acts import (
    arriving,
    case,
    door,
    files,
    finding,
    lists,
    looking,
    records,
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
    finding,
    records,
    syncing,
)


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    return {path: route for acts in _ACTS for path, route in acts.routes(office).items()}
