"""The film with its tools, and beside it what is known: the one viewer of Read and History.

Three calls, in any order that makes sense::

    viewer.show_exam(exam)        # a stored exam: verdict, patient, facts; film still to come
    viewer.show_film(radiograph)  # its film, once it was read (same SHA-256: the exam stays shown)
    viewer.clear()

A film with another SHA-256 than the exam shown takes the exam away, and the other way round: what
is beside a film always belongs to it.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.ui.palette import Size, Space
from cxr_desktop.ui.widgets.corner_text import Corners
from cxr_desktop.ui.widgets.exam_panel import ExamPanel
from cxr_desktop.ui.widgets.film_actions import make_film_actions
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid
from cxr_desktop.ui.widgets.image_canvas import ImageCanvas


class ExamViewer(QWidget):
    """Shows one film, one stored exam, or both. Read-only; nothing is computed from a film here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exam: ExamView | None = None
        self.canvas = ImageCanvas()
        self.film_actions = make_film_actions(self.canvas, self)
        self.addActions(self.film_actions.all())
        self.panel = ExamPanel(self.film_actions.heat_map)
        self.panel.heat.opacity_changed.connect(self.canvas.set_heat_map_opacity)
        self.tools = self._make_tools()
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.tools)
        left.addWidget(self.canvas, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self.panel)

    @property
    def exam(self) -> ExamView | None:
        """The exam shown, or None."""
        return self._exam

    def show_film(self, radiograph: Radiograph, pyramid: FilmPyramid | None = None) -> None:
        """Show a film, fitted, through its own window.

        `pyramid` is `FilmPyramid.of(radiograph.pixels)`, made in a job; without it it is made here
        (3 ms for 9 megapixels).
        """
        if self._exam is not None and self._exam.film.sha256 != radiograph.sha256:
            self._exam = None
        if self.canvas.film is not radiograph:
            self.canvas.show_film(radiograph, pyramid)
        self._show()

    def show_exam(self, exam: ExamView) -> None:
        """Show a stored exam; the heat map stays off until it is asked for."""
        film = self.canvas.film
        if film is not None and film.sha256 != exam.film.sha256:
            self.canvas.clear()
        self._exam = exam
        self._show()

    def clear(self) -> None:
        """Show nothing; no patient's text or picture stays behind."""
        self._exam = None
        self.canvas.clear()
        self.panel.clear()
        self.film_actions.show_state(self.canvas)

    def _show(self) -> None:
        film, exam = self.canvas.film, self._exam
        if exam is not None:
            self.panel.show_exam(exam, film)
        elif film is not None:
            self.panel.show_film(film)
        if film is not None:
            self.canvas.set_corners(Corners.of(exam.study if exam is not None else film.study))
            answer = exam.assessment if exam is not None else None
            heat_map = answer.heat_map if answer is not None else None
            if self.canvas.heat_map is not heat_map:
                self.canvas.set_heat_map(heat_map)
        self.film_actions.show_state(self.canvas)

    def _make_tools(self) -> QWidget:
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(Space.ONE, Space.HALF, Space.ONE, Space.HALF)
        row.setSpacing(2)
        actions = self.film_actions
        for action in actions.all():
            if action in (actions.fit, actions.invert, actions.text):
                row.addSpacing(Space.TWO)
            button = QToolButton()
            button.setDefaultAction(action)
            button.setIconSize(QSize(Size.ICON, Size.ICON))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setAccessibleName(action.text())
            row.addWidget(button)
        row.addStretch(1)
        return bar
