"""Fetches the pages that the list is scrolled to, and gets it ready for letters that are typed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.history import HistoryPage, HistoryQuery
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.screens.history.table_model import HistoryTableModel
from cxr_desktop.ui.session import Session

WISHES = 3
"""How many pages wait at most: who drags through a million rows wants only where they stop."""
REST_MS = 300
"""How long a list must stand before it is made ready for what may be typed."""


class PageLoader(QObject):
    """One page at a time, into `rows`; a page of an older question is dropped when it comes.

    `failed` carries the `UserError`; `outdated` says that the number of exams has changed since the
    list was made.
    """

    failed = Signal(object)
    outdated = Signal()

    def __init__(
        self,
        history: BrowseHistory,
        runner: JobRunner,
        session: Session,
        rows: HistoryTableModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._runner = runner
        self._session = session
        self._rows = rows
        self._query = HistoryQuery()
        self._total = 0
        self._question = 0
        self._wanted: list[int] = []
        self._busy = False
        self._ahead: Job | None = None
        rows.page_wanted.connect(self._on_page_wanted)

    def restart(self, query: HistoryQuery, total: int) -> None:
        """Fetch pages of this question from now on; its first page found `total` exams."""
        self._query = query
        self._total = total
        self._question += 1
        self._wanted.clear()
        self._busy = False
        if self._ahead is not None:
            self._ahead.cancel()
        question, actor = self._question, self._session.actor
        QTimer.singleShot(REST_MS, self, lambda: self._get_ready(question, actor))

    def _get_ready(self, question: int, actor: Actor | None) -> None:
        query = self._query
        if actor is None or (question, actor) != (self._question, self._session.actor):
            return

        def work(job: JobContext) -> None:
            job.report("Getting the list ready", 0.0)  # unless another one is wanted by now
            self._history.get_ready(actor, query)

        # What is wrong with it the next search will say.
        self._ahead = self._runner.start(work, done=lambda _: None, failed=lambda _: None)

    def _on_page_wanted(self, page: int) -> None:
        self._wanted.append(page)
        while len(self._wanted) > WISHES:
            self._rows.forget_page(self._wanted.pop(0))
        self._fetch_next()

    def _fetch_next(self) -> None:
        if self._busy or not self._wanted or self._session.actor is None:
            return
        self._busy = True
        page, question, actor = self._wanted.pop(), self._question, self._session.actor
        size = self._rows.pages.page_size
        query = replace(self._query, offset=page * size, limit=size)
        self._runner.start(
            lambda _job: self._history.search(actor, query),
            done=lambda found: self._on_page(question, page, found),
            failed=lambda error: self._on_failed(question, error),
        )

    def _on_page(self, question: int, page: int, found: HistoryPage) -> None:
        if question != self._question:
            return
        self._busy = False
        self._rows.put_page(page, found.rows)
        if found.total != self._total:
            self._total = found.total
            self.outdated.emit()
        self._fetch_next()

    def _on_failed(self, question: int, error: UserError) -> None:
        """Tell once: until the next search the page counts as asked for, and is not asked again."""
        if question != self._question:
            return
        self._busy = False
        self._wanted.clear()
        self.failed.emit(error)
