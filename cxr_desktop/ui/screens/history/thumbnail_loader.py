"""Fetches the small pictures of the rows in sight, the latest first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.history import ExamRow
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.history.table_model import HistoryTableModel
from cxr_desktop.ui.session import Session

AT_ONCE = 12
WISHES = 60
"""How many pictures wait at most: more than a tall window shows."""

Pictures = dict[str, QImage]


class ThumbnailLoader(QObject):
    """A handful of pictures at a time, into `rows`; where there is none the cell stays empty."""

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
        self._wanted: list[ExamRow] = []
        self._busy = False
        rows.thumbnail_wanted.connect(self._on_wanted)

    def _on_wanted(self, row: ExamRow) -> None:
        self._wanted.append(row)
        while len(self._wanted) > WISHES:
            self._rows.forget_thumbnail(self._wanted.pop(0).film_sha256)
        self._fetch_next()

    def _fetch_next(self) -> None:
        actor = self._session.actor
        if self._busy or not self._wanted or actor is None:
            return
        self._busy = True
        wanted = tuple(reversed(self._wanted[-AT_ONCE:]))
        del self._wanted[-AT_ONCE:]
        self._runner.start(
            lambda job: self._fetch(actor, wanted, job),
            done=self._on_fetched,
            failed=lambda error: self._on_failed(wanted, error),
        )

    def _fetch(self, actor: Actor, wanted: Sequence[ExamRow], job: JobContext) -> Pictures:
        """Read and decode off the GUI thread; a QImage may cross threads."""
        pictures: Pictures = {}
        for number, row in enumerate(wanted):
            job.report("Reading small pictures", number / len(wanted))
            png = self._history.thumbnail(actor, row)
            pictures[row.film_sha256] = QImage.fromData(png) if png else QImage()
        return pictures

    def _on_fetched(self, pictures: Pictures) -> None:
        self._busy = False
        for sha256, image in pictures.items():
            self._rows.put_thumbnail(sha256, image)
        self._rows.repaint_thumbnails()
        self._fetch_next()

    def _on_failed(self, wanted: Sequence[ExamRow], _error: UserError) -> None:
        """Leave the cells empty: the list itself reports when the history cannot be read."""
        self._busy = False
        for row in wanted:
            self._rows.put_thumbnail(row.film_sha256, QImage())
        self._fetch_next()
