"""Walking through all exams of a query, page by page, with how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.history import ExamRow, HistoryQuery
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.history_pages import every_page

PAGE = 500


class Exams:
    """All exams that a query finds; `total` is how many there were at first.

    Raises `InvalidRequest` when there is none.
    """

    def __init__(self, history: BrowseHistory, actor: Actor, query: HistoryQuery) -> None:
        self._history, self._actor, self._query = history, actor, query
        self.total = history.search(actor, replace(query, offset=0, limit=1)).total
        if not self.total:
            raise InvalidRequest("There is no exam for these filters.", hint="Change the filters.")

    def each(self, job: JobContext, what: str) -> Iterator[ExamRow]:
        """Give each, after saying “`what` 3 of 20”. Raises `JobCancelled`."""
        done = 0
        for page in every_page(partial(self._history.search, self._actor), self._query, PAGE):
            for number, row in enumerate(page.rows, start=done + 1):
                job.report(f"{what} {number:,} of {self.total:,}", (number - 1) / self.total)
                yield row
            done += len(page.rows)
