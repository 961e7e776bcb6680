"""One stored exam: who and when above, film and answer as they were below."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.texts import local_minute
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.screens.history.review_strip import ReviewStrip
from cxr_desktop.ui.screens.history.state import Closed, ExamState, Opened, OpenFailed, Opening
from cxr_desktop.ui.theme import Palette, Space
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.exam_viewer import ExamViewer
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.patient_text import person_name
from cxr_desktop.ui.widgets.plain_label import plain_label


class ExamPanel(QWidget):
    """Shows an `ExamState`. `back` follows its button; `step` carries -1 or 1: a neighbour."""

    back = Signal()
    step = Signal(int)

    def __init__(self, parent: QWidget | None = None, *, viewer: ExamViewer | None = None) -> None:
        super().__init__(parent)
        self.viewer = viewer or ExamViewer()
        self.review = ReviewStrip()
        self.report = QPushButton(self.tr("Report…"))
        self.report.setToolTip(self.tr("Look at the report, print it or save it as PDF (Ctrl+P)"))
        self.export = QPushButton(self.tr("Export…"))
        self.export.setToolTip(self.tr("Take this exam out of the program"))
        menu = QMenu(self.export)
        self.dicom = menu.addAction(self.tr("The answer as &DICOM…"))
        self.clean = menu.addAction(self.tr("The film &without its patient…"))
        self.export.setMenu(menu)
        self.delete = QPushButton()
        self.delete.setProperty("kind", "quiet")
        self.notice = NoticeBar(dismissable=False)
        self._busy = BusyBar()
        self._who = plain_label(role="heading")
        self._when = plain_label(role="muted", wrap=True)  # a reason may be long
        for label in (self._who, self._when):
            label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        self._shown: Opened | None = None
        self._may_export = self._may_delete = False
        page = QVBoxLayout(self)
        self._page = page
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(Space.ONE)
        page.addLayout(self._make_head())
        page.addWidget(self.notice)
        page.addWidget(self._busy)
        page.addWidget(self.viewer, 1)
        page.addWidget(self.review)

    def render_state(self, state: ExamState) -> None:
        """Show one state."""
        match state:
            case Closed():
                self._empty()
            case Opening():
                self._empty()
                self._busy.set_busy(self.tr("Opening the exam"))
            case Opened():
                self._show(state)
            case OpenFailed(notice=notice):
                self._empty()
                self._who.setText(self.tr("This exam could not be opened"))
                self.notice.show_notice(notice)
            case _:
                assert_never(state)

    def set_allowed(self, *, export: bool, delete: bool) -> None:
        """Offer to take the exam out of the program, and to delete it, from the next state on."""
        self._may_export, self._may_delete = export, delete

    def set_beside(self, *, beside: bool) -> None:
        """Keep some distance from the list when that is beside."""
        self._page.setContentsMargins(Space.TWO if beside else 0, 0, 0, 0)

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(Space.ONE)
        back = QPushButton(icon("arrow-left"), self.tr("Back"))
        back.setToolTip(self.tr("Back to the list (Esc)"))
        back.setAccessibleName(self.tr("Back to the list"))
        back.clicked.connect(self.back)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._who)
        words.addWidget(self._when)
        head.addWidget(back)
        head.addSpacing(Space.ONE)
        head.addLayout(words, 1)
        head.addWidget(self.report)
        head.addWidget(self.export)
        head.addWidget(self.delete)
        head.addSpacing(Space.ONE)
        for name, way, text in (
            ("chevron-up", -1, self.tr("Previous exam in the list (Alt+Up)")),
            ("chevron-down", 1, self.tr("Next exam in the list (Alt+Down)")),
        ):
            head.addWidget(self._make_step(name, way, text))
        return head

    def _make_step(self, name: str, way: int, text: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name, Palette.TEXT))
        button.setIconSize(QSize(20, 20))
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.clicked.connect(lambda: self.step.emit(way))
        return button

    def _show(self, state: Opened) -> None:
        if self._shown is None or self._shown.exam.exam_id != state.exam.exam_id:
            self.viewer.clear()
            self.viewer.show_exam(state.exam)
            self._name(state.exam)
        if state.film is not None and (self._shown is None or self._shown.film is not state.film):
            self.viewer.show_film(state.film)
            self.viewer.show_exam(state.exam)
        waiting = state.film is None and state.notice is None
        if waiting:
            self._busy.set_busy(self.tr("Reading the stored film"))
        else:
            self._busy.set_idle()
        self.notice.show_notice(state.notice)
        self.report.setVisible(state.exam.assessment is not None)
        self.export.setVisible(self._may_export)
        self.delete.setVisible(self._may_delete)
        gone = state.exam.deletion is not None
        self.delete.setText(self.tr("Bring back…") if gone else self.tr("Delete…"))
        self.dicom.setEnabled(state.exam.assessment is not None)
        self.clean.setEnabled(state.film is not None)
        self._shown = state

    def _name(self, exam: ExamView) -> None:
        study = exam.study
        known = [person_name(study.patient_name), study.patient_id]
        # Isolates (Unicode 9, U+2068/U+2069) keep a right-to-left name from turning the id round.
        parts = [f"\u2068{part}\u2069" for part in known if part]
        self._who.setText(" · ".join(parts) or exam.film.file_name)
        time = local_minute(exam.time)
        words = self.tr("Read {time} by {user}").format(time=time, user=exam.user)
        if exam.deletion is not None:
            words += " · " + self.tr("Deleted {time} by {user}: {reason}").format(
                time=local_minute(exam.deletion.time),
                user=exam.deletion.user,
                reason=exam.deletion.reason,
            )
        self._when.setText(words)

    def _empty(self) -> None:
        """Hold nothing of any patient."""
        self._shown = None
        self.report.hide()
        self.export.hide()
        self.delete.hide()
        self.viewer.clear()
        self._who.clear()
        self._when.clear()
        self._busy.set_idle()
        self.notice.show_notice(None)
