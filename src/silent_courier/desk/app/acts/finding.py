"""What the page asks when somebody searches."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from silent_courier.desk.app.office import Office
from silent_courier.desk.app.serving import Question, Route
from silent_courier.desk.searching import index_more, search_all

INDEXING_S: Final = 0.1
"""How long one question may index what an older program filed, before it is answered."""


class Search(Question, frozen=True, forbid_unknown_fields=True):
    """Words to look for."""

    words: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Searching, over the office's desk."""

    office: Office

    async def search(self, question: Search) -> object:
        """What has all of these words; asked again while an old vault is being indexed."""
        desk = self.office.attended()
        self._index()
        return search_all(desk, question.words)

    def _index(self) -> None:
        end = time.monotonic() + INDEXING_S
        while index_more(self.office.desk) and time.monotonic() < end:
            pass


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    finding = Finding(office)
    return {"/api/search": Route(finding.search, Search)}
