"""Draws a `ReadState`: the drop zone, or the list of films and the viewer. It decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from cxr_desktop.ui.keymap import key_text, named_actions
from cxr_desktop.ui.screens.read.action_box import ActionBox
from cxr_desktop.ui.screens.read.dropped import has_paths, paths_of
from cxr_desktop.ui.screens.read.empty_page import EmptyPage
from cxr_desktop.ui.screens.read.film_focus import FilmFocus
from cxr_desktop.ui.screens.read.film_list_panel import FilmListPanel
from cxr_desktop.ui.screens.read.occlusion_box import OcclusionBox
from cxr_desktop.ui.screens.read.presenter import ReadPresenter
from cxr_desktop.ui.screens.read.prior_actions import make_prior_actions
from cxr_desktop.ui.screens.read.prior_strip import PriorStrip, show_prior
from cxr_desktop.ui.screens.read.read_actions import make_read_actions
from cxr_desktop.ui.screens.read.reading_actions import make_reading_actions
from cxr_desktop.ui.screens.read.reading_box import ReadingBox
from cxr_desktop.ui.screens.read.run_bar import RunBar
from cxr_desktop.ui.screens.read.state import (
    Empty,
    Failed,
    Opened,
    Opening,
    ReadState,
    Refused,
    Running,
    Showing,
    ShownFilm,
)
from cxr_desktop.ui.screens.read.summary_bar import SummaryBar
from cxr_desktop.ui.screens.read.tags_dialog import TagsDialog
from cxr_desktop.ui.widgets.exam_viewer import ExamViewer
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.typed_study import TYPED_FIELDS

KEPT = ("read.cancel", "film.measures.magnifier")  # the film takes these keys itself


class ReadView(QWidget):
    """The Read screen. `paths_chosen` carries a list of paths, dropped, pasted or chosen."""

    paths_chosen = Signal(object)

    def __init__(
        self,
        presenter: ReadPresenter,
        parent: QWidget | None = None,
        *,
        viewer: ExamViewer | None = None,
        films: FilmListPanel | None = None,
    ) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.empty = EmptyPage()
        self.films = films or FilmListPanel()
        self.viewer = viewer or ExamViewer()
        self.actions_box = ActionBox()
        self.notice = NoticeBar()
        self.summary = SummaryBar(presenter.summaries)
        self.run_bar = RunBar(presenter.bulk)
        self.priors = PriorStrip()
        self.stack = QStackedWidget()
        self._told: tuple[object, ...] = ()
        self._lay_out()
        self.read_actions = make_read_actions(self, presenter)
        self.reading_actions = make_reading_actions(
            self, presenter.beside.readings, self._write_reading
        )
        self.reading = ReadingBox(self.reading_actions)
        self.viewer.panel.below.addWidget(self.reading)
        occlusion = presenter.beside.occlusion
        self.occlusion = OcclusionBox(self.viewer.canvas.boxes, occlusion, self)
        self.viewer.panel.below.insertWidget(0, self.occlusion)
        self.prior_actions = make_prior_actions(self, presenter.beside.priors, self.viewer.compare)
        self._focus = FilmFocus(
            self, self.viewer.canvas, leafed=self.films.list, typed=self.reading.text
        )
        self._order_tabs()
        self._connect(presenter)
        self.setAcceptDrops(True)
        self.show_keys()

    def open_exam(self, exam_id: str) -> None:
        """Show a stored exam as it was answered then."""
        self._presenter.open_exam(exam_id)

    def open_films(self, paths: Sequence[Path]) -> None:
        """Open films, as if they had been chosen here."""
        self._presenter.open_paths(paths)

    def unsaved_readings(self) -> list[str]:
        """Return the films whose reading is not stored."""
        return self._presenter.worklist.unsaved()

    def keyed_actions(self) -> dict[str, QAction]:
        """Return what a person may choose a key for, by lasting names."""
        found = {
            **named_actions("read", self.read_actions),
            **named_actions("reading", self.reading_actions),
            **named_actions("priors", self.prior_actions),
            "read.occlusion": self.occlusion.action,
            **named_actions("film", self.viewer.film_actions),
        }
        return {name: action for name, action in found.items() if name not in KEPT}

    def show_keys(self) -> None:
        """Say the keys of today wherever one is written."""
        read = self.read_actions
        for button, action in (
            (self.empty.files, read.open_files), (self.empty.folder, read.open_folder),
            (self.actions_box.run, read.run), (self.films.previous, read.previous),
            (self.films.next, read.next),
        ):  # fmt: skip
            button.setToolTip(action.toolTip())
        self.films.unread_key = key_text(read.next_unread)
        self.render_state(self._presenter.state)

    def render_state(self, state: ReadState) -> None:
        """Show this state, whatever was shown before."""
        had_focus = QApplication.focusWidget()
        self.films.show_films(state.films, may_run=state.may_run)
        stage, notice = state.stage, state.notice
        match stage:
            case Empty():
                self.viewer.clear()
                self.empty.show_step(stage.step, may_open=state.may_open)
            case Opening():
                self.viewer.clear()
                self.viewer.canvas.set_message(self.tr("Reading the film…"))
                step = stage.step or self.tr("Reading the film")
                self.actions_box.show_progress(step, None, cancelling=False)
            case Opened():
                self._show_film(stage.film)
                self.viewer.edit_study(stage.typed, stage.problems)
                self._offer_run(stage.film, may_run=state.may_run)
            case Running():
                self._show_film(stage.film)
                self.viewer.show_study(stage.study)
                step = stage.step or self.tr("Waiting for its turn")
                self.actions_box.show_progress(step, stage.fraction, cancelling=stage.is_cancelling)
            case Showing():
                self._show_exam(stage)
                notice = notice or stage.problem
            case Refused():
                self._show_film(stage.film)
                film = stage.film.radiograph if stage.film is not None else None
                self.actions_box.show_refused(stage.code, stage.notice, film, may_run=state.may_run)
            case Failed():
                self._show_film(stage.film)
                self.actions_box.show_failed(stage.notice)
            case _:
                assert_never(stage)
        self.viewer.show_measurements(state.measurements)
        self._show_prior(state)
        self.reading.render_state(state.reading)
        self.occlusion.render_state(state.occlusion)
        self.stack.setCurrentIndex(0 if isinstance(stage, Empty) else 1)
        self.notice.show_notice(notice)
        self.summary.show_summary(state.summary)
        self.run_bar.show_run(state.bulk)
        self.read_actions.show_state(state)
        self._focus.follow(state, had_focus)
        is_answered = isinstance(stage, Showing) and stage.exam.assessment is not None
        if self._told != (told := (state.films.current, type(stage), is_answered)):
            self._told = told
            self.viewer.panel.verticalScrollBar().setValue(0)  # what is new stands at the top

    def _show_film(self, film: ShownFilm | None) -> None:
        if film is None:
            self.viewer.clear()
            self.viewer.canvas.set_message(self.tr("There is no picture to show."))
            return
        self.viewer.forget_exam()
        self.viewer.show_film(film.radiograph, film.pyramid)

    def _show_exam(self, stage: Showing) -> None:
        self.viewer.is_map_at_once = stage.map_at_once
        if (film := stage.film) is not None:
            self.viewer.show_exam(stage.exam, film.radiograph, film.pyramid)
        else:
            self.viewer.show_exam(stage.exam)
        if stage.problem is None:
            self.viewer.canvas.set_message(self.tr("Reading the stored film…"))
        else:
            self.viewer.canvas.set_message(self.tr("The stored film cannot be shown."))
        if stage.exam.assessment is not None or stage.stored_before:
            self.actions_box.show_stored(stage.exam, before=stage.stored_before)
        else:
            self.actions_box.show_nothing()  # the column says it in its own words

    def _offer_run(self, film: ShownFilm, *, may_run: bool) -> None:
        if may_run:
            self.actions_box.show_run(film.radiograph.cautions)
        else:
            self.actions_box.show_nothing()

    def _show_prior(self, state: ReadState) -> None:
        self.priors.render_state(state.priors)
        show_prior(self.viewer.compare, state.priors.shown)
        self.prior_actions.show_state(self.viewer.compare)

    def _write_reading(self) -> None:
        self.viewer.panel.ensureWidgetVisible(self.reading)
        self.reading.text.setFocus()

    # Dropping and choosing

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if has_paths(event.mimeData()) and self._presenter.state.may_open:
            event.acceptProposedAction()
            self.empty.show_drag(over=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Light down."""
        self.empty.show_drag(over=False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self.empty.show_drag(over=False)
        event.acceptProposedAction()
        self.paths_chosen.emit(paths_of(event.mimeData()))

    def choose_files(self) -> QFileDialog:
        """Ask for films."""
        dialog = QFileDialog(self, self.tr("Open films"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            [
                self.tr("All files (*)"),  # DICOM files often have no ending
                self.tr("Films (*.dcm *.dicom *.png *.jpg *.jpeg *.tif *.tiff)"),
            ]
        )
        return self._ask(dialog)

    def choose_folder(self) -> QFileDialog:
        """Ask for a folder."""
        dialog = QFileDialog(self, self.tr("Open a folder of films"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        return self._ask(dialog)

    def show_tags(self) -> TagsDialog | None:
        """Show the DICOM tags of the film shown, if it has any."""
        fetcher = self._presenter.beside.tags()
        if fetcher is None:
            return None
        name = self._presenter.state.films.name
        dialog = TagsDialog(fetcher, name, self)
        dialog.setModal(True)
        dialog.show()
        dialog.begin()
        return dialog

    def _ask(self, dialog: QFileDialog) -> QFileDialog:
        dialog.filesSelected.connect(lambda names: self.paths_chosen.emit(list(map(Path, names))))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    # Made once

    def _connect(self, presenter: ReadPresenter) -> None:
        presenter.state_changed.connect(self.render_state)
        self.paths_chosen.connect(presenter.open_paths)
        self.empty.files_asked.connect(self.choose_files)
        self.empty.folder_asked.connect(self.choose_folder)
        self.films.chosen.connect(presenter.select)
        self.films.step_asked.connect(presenter.step)
        self.films.run_all_asked.connect(presenter.run_all)
        self.films.close_all_asked.connect(self.read_actions.close_all.trigger)
        self.actions_box.run_asked.connect(presenter.run)
        self.actions_box.cancel_asked.connect(presenter.cancel)
        self.actions_box.retry_asked.connect(presenter.retry)
        self.actions_box.again_asked.connect(presenter.run_again)
        self.actions_box.turn_asked.connect(presenter.turn_negative)
        self.summary.again_asked.connect(lambda: presenter.run_again(every=True))
        self.viewer.study_typed.connect(presenter.type_study)
        self.viewer.measured.connect(presenter.measure)
        self.priors.chosen.connect(presenter.beside.priors.choose)
        self.reading.typed.connect(presenter.beside.readings.type)
        self.notice.dismissed.connect(presenter.dismiss_notice)

    def _order_tabs(self) -> None:
        """Tab goes film, run, map, fields, list: the order of the work."""
        panel, box = self.viewer.panel, self.actions_box
        order: list[QWidget] = [
            self.viewer.canvas, box.run, box.cancel, box.retry, box.again, panel.heat.button,
            panel.heat.slider, panel.heat.contour_button, panel.heat.level, self.occlusion.button,
            *self.reading.tab_order(),
            *(panel.study.editor(name) for name in TYPED_FIELDS),
            self.films.list, self.films.run_all,
        ]  # fmt: skip
        for one, following in pairwise(order):
            self.setTabOrder(one, following)

    def _lay_out(self) -> None:
        # From the outside in: each part is styled anew with every parent that it gets.
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.summary)
        column.addWidget(self.run_bar)
        column.addWidget(self.stack, 1)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.viewer)
        self.viewer.panel.top.addWidget(self.actions_box)
        self.viewer.add_beside(self.films)
        self.viewer.add_below(self.priors)
