"""The films at hand and what is done with them; says what to show, and holds no widget.

A film moves WAITING → OPENING → OPENED → (QUEUED →) RUNNING → STORED, or ends REFUSED or FAILED.
Every callback is bound to the `Item` it was started for, and the screen is made of the current item
alone (`stage_of`), so that no answer can appear beside another film.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.measurement import Measurement
from cxr_desktop.domain.roles import Permission
from cxr_desktop.ui.clock import utc_now
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.read.beside import Beside
from cxr_desktop.ui.screens.read.bulk_run import BulkRun
from cxr_desktop.ui.screens.read.film_search import FilmSearch, Found
from cxr_desktop.ui.screens.read.item import Item, stage_of
from cxr_desktop.ui.screens.read.loader import FilmLoader
from cxr_desktop.ui.screens.read.measure_keeper import MeasureKeeper
from cxr_desktop.ui.screens.read.ports import ReadServices
from cxr_desktop.ui.screens.read.run_line import RunLine
from cxr_desktop.ui.screens.read.state import Empty, FilmList, FilmStatus, ReadState
from cxr_desktop.ui.screens.read.summary_keeper import SummaryKeeper
from cxr_desktop.ui.screens.read.worklist import Worklist
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.widgets.typed_study import TypedStudy


class ReadPresenter(QObject):
    """`state_changed` carries a `ReadState`. Everything that may block runs in `runner`."""

    state_changed = Signal(object)

    def __init__(
        self,
        services: ReadServices,
        runner: JobRunner,
        session: Session,
        *,
        today: Callable[[], date] = date.today,
        now: Callable[[], datetime] = utc_now,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._session = session
        self._today = today
        self._loader = FilmLoader(
            services, runner, session, changed=self._on_changed,
            is_needed=lambda item: item is self._current or self._line.needs(item),
        )  # fmt: skip
        self._line = RunLine(services, runner, session, self._loader, self._on_changed)
        self.bulk = BulkRun(services, runner, session, self._on_bulk)
        self._search = FilmSearch(
            services, runner,
            found=self._on_found, failed=self._on_refused, cancelled=self._emit,
        )  # fmt: skip
        self._measured = MeasureKeeper(
            services, runner, session, changed=lambda _: self._emit(), failed=self._on_not_kept
        )
        self.summaries = SummaryKeeper(services, runner, session, self._emit)
        self.beside = Beside(
            services, runner, session,
            current=lambda: self._current, now=now, changed=self._emit, failed=self._on_refused,
        )  # fmt: skip
        self.worklist = Worklist(now)
        self.worklist.late.connect(self._emit)
        self._current: Item | None = None
        self._notice: Notice | None = None
        session.signed_out.connect(self.close_all)
        session.actor_changed.connect(lambda _: self._emit())

    @property
    def state(self) -> ReadState:
        """What the screen shows now."""
        actor = self._session.actor
        current = self._current
        looking = self.tr("Looking for films…") if self._search.is_running else ""
        return ReadState(
            stage=stage_of(current) if current is not None else Empty(looking),
            films=FilmList(
                self.worklist.entries(actor),
                current.key if current is not None else None,
                self.worklist.is_by_urgency,
            ),
            measurements=current.measurements if current is not None else (),
            reading=self.beside.readings.state,
            priors=self.beside.priors.state,
            occlusion=self.beside.occlusion.state,
            notice=self._notice,
            summary=self.summaries.summary,
            bulk=self.bulk.state,
            is_running=self._line.is_busy or self.bulk.is_busy,
            is_searching=self._search.is_running,
            may_open=actor is not None and actor.may(Permission.IMPORT),
            may_run=actor is not None and actor.may(Permission.RUN),
            may_report=self.beside.may_report,
        )

    # Films come and go

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Add these files, and the films inside these folders, and show the first of them."""
        if self._session.actor is None or not paths:
            return
        self._notice = None
        self._search.start(paths)
        self._emit()

    def open_exam(self, exam_id: str) -> None:
        """Show a stored exam as it was answered then; nothing is computed."""
        item = self.worklist.of_exam(exam_id)
        self._show(item or self.worklist.add(self.tr("Stored exam"), exam_id=exam_id))

    def select(self, key: int) -> None:
        """Show another film of the list."""
        item = self.worklist.get(key)
        if item is not None and item is not self._current:
            self._show(item)

    def step(self, by: int) -> None:
        """Show the next (1) or the previous (-1) film."""
        item = self.worklist.beside(self._current, by, self._session.actor)
        if item is not None:
            self._show(item)

    def close_current(self) -> None:
        """Take the film shown off the list; what was stored stays in History."""
        item = self._current
        if item is None:
            return
        actor = self._session.actor
        following = self.worklist.beside(item, 1, actor) or self.worklist.beside(item, -1, actor)
        self._drop(item)
        self._current = None
        if following is not None:
            self._show(following)
        self._emit()

    def close_all(self) -> None:
        """Take every film off the list and off the screen."""
        self._search.cancel()
        self.bulk.cancel()
        for item in self.worklist.as_they_came():
            self._drop(item)
        self._current = self._notice = None
        self.summaries.forget()
        self._emit()

    # Running

    def type_study(self, typed: TypedStudy) -> None:
        """Take over what was typed for the film shown, until it is run."""
        item = self._current
        if item is not None and item.may_run:
            item.typed = typed
            if item.problems:
                item.check(self._today())
            self._emit()

    def measure(self, measurements: tuple[Measurement, ...]) -> None:
        """Take over what was measured on the film shown; it is stored with its exam."""
        if self._current is not None:
            self._measured.take(self._current, measurements)
            self._emit()

    def run(self) -> None:
        """Classify the film shown, unless something was typed wrongly."""
        self._notice = None  # what stood in the way may be put right by now
        if self._current is not None:
            self._put_in_line([self._current], self._line)

    def run_all(self) -> None:
        """Classify every film of the list that has no answer yet, in order, each once."""
        self._notice, items = None, self.worklist.as_they_came()
        turned = [item for item in items if item.is_turned]
        self._put_in_line([item for item in items if not item.is_turned], self.bulk)
        if turned:
            self._put_in_line(turned, self._line)

    def run_again(self, *, every: bool = False) -> None:
        """Ask for another answer where there was one before: of the film shown, or of every."""
        chosen = self.worklist.as_they_came() if every else filter(None, (self._current,))
        before = [item for item in chosen if item.was_stored_before]
        for item in before:
            item.ask_again()
        self.bulk.add(before)
        self._emit()  # a run that ends at once is one, too

    def turn_negative(self) -> None:
        """Exchange black and white of the film shown before it is run, or back as its file is."""
        item = self._current
        if item is not None and item.may_turn:
            item.is_turned = not item.is_turned
            self._loader.read_anew(item)
            self._emit()

    def retry(self) -> None:
        """Do again what something stood in the way of: reading, running, or showing the film."""
        item = self._current
        if item is None:
            return
        run_again = item.status is FilmStatus.FAILED and item.shown is not None
        item.start_over()
        if run_again:
            self._put_in_line([item], self._line)
        else:
            self._show(item)

    def cancel(self) -> None:
        """Stop, at the next step, what is run, read or looked for and what waits for its turn."""
        self._search.cancel()
        self._line.cancel()
        if self._current is not None and self._current.exam is None:
            self._loader.cancel(self._current)
        self.bulk.cancel()  # tells

    def dismiss_notice(self) -> None:
        """Take the message away."""
        self._notice = None
        self._emit()

    # What comes back

    def _on_found(self, found: Found) -> None:
        self.worklist.order(found.urgency)
        if not found.paths:
            self._tell(
                self.tr("There is no film here."),
                self.tr("Choose PNG, JPEG, TIFF or DICOM files, or a folder that holds some."),
            )
            return
        self.summaries.forget()
        items = self.worklist.add_files(found.paths, found.places)
        for item in items:
            item.start_over()
            self._loader.read_when_shown(item)
        self._show(items[0])
        if found.run_them:
            self._put_in_line(items, self.bulk)

    def _on_refused(self, error: UserError | None) -> None:
        self._notice = notice_of(error) if error is not None else None
        self._emit()

    def _on_changed(self, item: Item) -> None:
        """Something happened to an item: the next one may be run now."""
        self._measured.follow(item)
        self.beside.follow(item)
        if item.status is not FilmStatus.RUNNING:
            self._line.go_on()
        if item.status is FilmStatus.FAILED and item is not self._current and item.error:
            self._notice = notice_of(item.error)
        self._emit()

    def _on_bulk(self, items: Sequence[Item]) -> None:
        """Something became of these in a run of many."""
        for item in items:
            self._loader.forget_ready(item)
            self._measured.follow(item)
            if item.status is FilmStatus.FAILED and item is not self._current and item.error:
                self._notice = notice_of(item.error)
            if item is self._current:
                self._loader.open(item)
                self.beside.follow(item)
        if not self.bulk.is_busy:
            self.beside.priors.look_again()
        self._emit()

    def _on_not_kept(self, error: UserError) -> None:
        message = self.tr("What was measured is not stored: {reason}").format(reason=error.message)
        self._tell(message, error.hint)

    # Inside

    def _drop(self, item: Item) -> None:
        self.worklist.remove(item)
        self._line.drop(item)
        self._loader.drop(item)
        self.bulk.drop(item)

    def _show(self, item: Item) -> None:
        before = self._current
        if before is not None and before is not item:
            self._loader.leave(before)  # somebody leafs through the list: do not read them all
        self._current, self._notice = item, None
        self._runner.draw_first()
        self._loader.open(item)
        self.beside.follow(item)
        self._emit()

    def _put_in_line(self, items: list[Item], line: RunLine | BulkRun) -> None:
        ready = [item for item in items if item.may_run and item.check(self._today())]
        wrong = [item for item in items if item.problems and item.may_run]
        if wrong and self._current not in wrong:
            self._show(wrong[0])
        line.add(ready)
        if wrong:
            self._tell(
                self.tr("What was typed for this film cannot be stored."),
                self.tr("Correct the marked fields, then run it again."),
            )
        self._emit()

    def _tell(self, text: str, hint: str) -> None:
        self._notice = Notice("caution", text, hint)
        self._emit()

    def _emit(self) -> None:
        self.summaries.follow(self.bulk, self.worklist.as_they_came())
        self.state_changed.emit(self.state)
