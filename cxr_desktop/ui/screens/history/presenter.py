"""History without widgets: what was asked, what came back, which exam is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.history import HistoryPage, HistoryQuery, SortKey
from cxr_desktop.domain.review import Agreement
from cxr_desktop.domain.roles import Actor
from cxr_desktop.domain.saved_filters import Filters
from cxr_desktop.services.deletion import DeleteExams
from cxr_desktop.services.export import ExportHistory
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.own_figures import MeasureOwnExams
from cxr_desktop.services.report import MakeReport
from cxr_desktop.services.reviews import ReviewExams
from cxr_desktop.services.saved_filters import KeepFilters
from cxr_desktop.services.signing import SignReports
from cxr_desktop.services.taking_out import TakeOut
from cxr_desktop.ui.errors import notice_of
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.printing.reporter import Reporter
from cxr_desktop.ui.screens.history.columns import columns_for
from cxr_desktop.ui.screens.history.exam_opener import ExamOpener
from cxr_desktop.ui.screens.history.exporter import Exporter
from cxr_desktop.ui.screens.history.figure_counter import FigureCounter
from cxr_desktop.ui.screens.history.page_loader import PageLoader
from cxr_desktop.ui.screens.history.reviewer import Reviewer
from cxr_desktop.ui.screens.history.state import (
    NEWEST_FIRST,
    NO_FILTERS,
    ExamState,
    ExportState,
    HistoryState,
    Listed,
    ListState,
    NothingFound,
    NothingYet,
    Opened,
    Order,
    ReviewState,
    SearchFailed,
    Searching,
    Sight,
    nothing_of,
    query_for,
)
from cxr_desktop.ui.screens.history.table_model import HistoryTableModel
from cxr_desktop.ui.screens.history.thumbnail_loader import ThumbnailLoader
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.timers import single_shot

PAUSE_MS = 150
"""How long typing must rest before it is searched for."""


class HistoryPresenter(QObject):
    """Emits one `HistoryState` after every change; the rows themselves are in `rows`.

    Only the answer to the latest question is taken, whatever order the answers come in.
    """

    state_changed = Signal(object)

    def __init__(
        self,
        history: BrowseHistory,
        runner: JobRunner,
        session: Session,
        rows: HistoryTableModel,
        parent: QObject | None = None,
        *,
        reviews: ReviewExams,
        export: ExportHistory,
        report: MakeReport,
        figures: MeasureOwnExams,
        out: TakeOut,
        saved: KeepFilters,
        deleting: DeleteExams,
        signing: SignReports,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._runner = runner
        self._session = session
        self.rows = rows
        self._state = HistoryState(sight=Sight.of(session.actor))
        self._shown: tuple[Sight, Filters, Order] | None = None
        self._question = 0
        self._search_job: Job | None = None
        self._pages = PageLoader(history, runner, session, rows, self)
        self._thumbnails = ThumbnailLoader(history, runner, session, rows, self)
        self._opener = ExamOpener(history, runner, session, self)
        self._opener.changed.connect(self._on_exam_changed)
        self._reviewer = Reviewer(reviews, signing, runner, session, self)
        self._reviewer.changed.connect(self._on_review_changed)
        self._reviewer.saved.connect(self._on_reviewed)
        self._report = report
        self._figures = figures
        self.out, self.saved, self.deleting, self.signing = out, saved, deleting, signing
        self._exporter = Exporter(export, runner, session, self)
        self._exporter.changed.connect(self._on_export_changed)
        self._typing = single_shot(self, self.refresh)
        self._typing.setInterval(PAUSE_MS)
        self._pages.failed.connect(self._on_search_failed)
        self._pages.outdated.connect(self.refresh)
        session.actor_changed.connect(self._on_person_changed)
        session.signed_in.connect(self._on_person_changed)
        session.signed_out.connect(self._on_signed_out)

    @property
    def state(self) -> HistoryState:
        """The latest state."""
        return self._state

    @property
    def query(self) -> HistoryQuery:
        """Ask for the exams that were picked, else for all that the filters leave, in order."""
        state = self._state
        return query_for(state.filters, state.order, offset=0, limit=0, only=self.rows.picked)

    # What to list

    def refresh(self) -> None:
        """Ask again; rows that are shown stay until the answer is there."""
        self._typing.stop()
        actor = self._session.actor
        if actor is None:
            return
        self._question += 1
        question, asked = (
            self._question,
            (self._state.sight, self._state.filters, self._state.order),
        )
        if self._search_job is not None:
            self._search_job.cancel()
        match self._state.listing:
            case Listed() as listed:
                self._set_list(replace(listed, searching=True))
            case Searching() | NothingYet() | NothingFound():
                pass
            case SearchFailed():
                self._set_list(Searching())
        query = query_for(asked[1], asked[2], offset=0, limit=self.rows.pages.page_size)
        self._search_job = self._runner.start(
            lambda _job: self._history.search(actor, query),
            done=lambda page: self._on_found(question, asked, page),
            failed=lambda error: (
                self._on_search_failed(error) if question == self._question else None
            ),
        )

    def set_text(self, text: str) -> None:
        """Search for what was typed, once typing rests."""
        if text != self._state.filters.text:
            self._set(replace(self._state, filters=replace(self._state.filters, text=text)))
            self._typing.start()

    def set_verdict(self, verdict: Verdict | None) -> None:
        """List only one answer, or all."""
        self._narrow(replace(self._state.filters, verdict=verdict))

    def set_user(self, user: str) -> None:
        """List only one user's exams, or (empty) everybody's."""
        self._narrow(replace(self._state.filters, user=user))

    def set_review(
        self, reviewed: bool | None, agreement: Agreement | None, signed: bool | None = None
    ) -> None:
        """List only exams with or without a review or signature, or whose latest review says so."""
        self._narrow(
            replace(self._state.filters, reviewed=reviewed, agreement=agreement, signed=signed)
        )

    def set_days(self, first: date | None, last: date | None) -> None:
        """List only exams of these days, both included; turned round when they are."""
        if first is not None and last is not None and last < first:
            first, last = last, first
        self._narrow(replace(self._state.filters, first_day=first, last_day=last))

    def apply(self, filters: Filters) -> None:
        """List what these filters leave."""
        self._narrow(filters)

    def clear_filters(self) -> None:
        """List everything again."""
        self._narrow(NO_FILTERS)

    def sort_by(self, key: SortKey) -> None:
        """Sort by a column, or turn its order round."""
        self._set(replace(self._state, order=self._state.order.clicked(key)))
        self.refresh()

    # Which exam is open

    def open_exam(self, exam_id: str) -> None:
        """Open a stored exam: its answer first, its film as soon as that is read."""
        self._opener.open(exam_id)

    def close_exam(self) -> None:
        """Go back to the list."""
        self._opener.close()

    def save_review(self, verdict: Verdict | None, text: str) -> None:
        """Store one's own answer to the open exam beside the model's, or (None) an addendum."""
        self._reviewer.save(verdict, text)

    def follow_signature(self) -> None:
        """Show the open exam's report as it stands after it was signed, and the list, too."""
        self._reviewer.reload()
        self.refresh()

    # Taking the list out

    def export(self, path: Path) -> None:
        """Write all exams that the filters leave, in the order shown; a file there is replaced."""
        self._exporter.start(self.query, path)

    def cancel_export(self) -> None:
        """Stop writing; nothing of it stays."""
        self._exporter.cancel()

    def dismiss_export(self) -> None:
        """Take away what was said of the last one."""
        self._exporter.dismiss()

    # One exam on paper

    def make_reporter(self) -> Reporter:
        """Return what fetches and writes reports, for one dialog."""
        return Reporter(self._report, self._runner, self._session)

    def make_counter(self) -> FigureCounter:
        """Return what counts the exams that the filters leave, for one dialog."""
        return FigureCounter(self._figures, self._runner, self._session, self.query)

    def make_job(self) -> OneJob:
        """Return what works in the background for one dialog."""
        return OneJob(self._runner, self._session)

    # Answers

    def _on_found(
        self, question: int, asked: tuple[Sight, Filters, Order], page: HistoryPage
    ) -> None:
        if question != self._question:
            return
        sight, filters, order = asked
        if asked == self._shown and self.rows.rowCount():
            on_top = order == NEWEST_FIRST
            self.rows.refresh(page.total, page.rows, new_on_top=on_top)
        else:
            self.rows.restart(columns_for(sight), page.total, page.rows)
        self._shown = asked
        self._pages.restart(query_for(filters, order, offset=0, limit=0), page.total)
        if page.total:
            self._set_list(Listed(page.total))
        else:
            self._set_list(nothing_of(filters))

    def _on_search_failed(self, error: UserError) -> None:
        self._set_list(SearchFailed(notice_of(error)))

    def _on_exam_changed(self, exam: ExamState) -> None:
        self._set(replace(self._state, exam=exam))
        self._reviewer.follow(exam)

    def _on_reviewed(self, exam_id: str) -> None:
        """Follow a stored review: the list tells of it, and an answer that waited for it comes."""
        exam = self._state.exam
        if isinstance(exam, Opened) and exam.exam.awaits_reading and exam.exam.exam_id == exam_id:
            self._opener.open(exam_id)
        self.refresh()

    def _on_export_changed(self, export: ExportState) -> None:
        self._set(replace(self._state, export=export))

    def _on_review_changed(self, review: ReviewState | None) -> None:
        self._set(replace(self._state, review=review))

    # The person

    def _on_person_changed(self, actor: Actor) -> None:
        """Start afresh: another person, or the same one with other permissions."""
        self._forget()
        self._set(HistoryState(sight=Sight.of(actor)))
        self.refresh()

    def _on_signed_out(self) -> None:
        """Hold nothing of any patient."""
        self._forget()
        self._set(HistoryState())

    def _forget(self) -> None:
        self._opener.close()
        self._exporter.cancel()
        self._question += 1
        self._shown = None
        self._typing.stop()
        self.rows.clear()

    def _narrow(self, filters: Filters) -> None:
        if filters != self._state.filters:
            self._set(replace(self._state, filters=filters))
            self.refresh()

    def _set_list(self, listing: ListState) -> None:
        self._set(replace(self._state, listing=listing))

    def _set(self, state: HistoryState) -> None:
        self._state = state
        self.state_changed.emit(state)
