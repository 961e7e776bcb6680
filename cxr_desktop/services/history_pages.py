"""All that a question to the History finds, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from cxr_desktop.domain.history import HistoryPage, HistoryQuery

PAGE = 2000


def every_page(
    search: Callable[[HistoryQuery], HistoryPage], query: HistoryQuery, size: int = 0
) -> Iterator[HistoryPage]:
    """Yield the pages, of PAGE exams unless `size` says otherwise; each with the first one's total.

    Each begins behind the last exam of the one before, so that the thousandth costs what the first
    does. Exams that come meanwhile are left out only where the query ends in time (`before`).
    """
    size = size or PAGE
    page = search(replace(query, offset=0, limit=size, after=""))
    total = page.total
    yield page
    while len(page.rows) == size:
        last = page.rows[-1].exam_id
        page = search(replace(query, offset=0, limit=size, after=last))
        yield HistoryPage(page.rows, total)
