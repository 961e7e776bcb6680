"""The film with its tools, and beside it what is known: the one viewer of Read and History.

Three calls, in any order that makes sense::

    viewer.show_exam(exam)        # a stored exam: verdict, patient, facts; film still to come
    viewer.show_film(radiograph)  # its film, once it was read (same SHA-256: the exam stays shown)
    viewer.clear()

A film with another SHA-256 than the exam shown takes the exam away, and the other way round: what
is beside a film always belongs to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.measurement import Measurement
from cxr_desktop.domain.radiograph import Radiograph, StudyInfo
from cxr_desktop.ui.widgets.compare_stage import CompareStage
from cxr_desktop.ui.widgets.corner_text import Corners
from cxr_desktop.ui.widgets.exam_panel import ExamPanel
from cxr_desktop.ui.widgets.film_actions import make_film_actions
from cxr_desktop.ui.widgets.film_bar import FilmBar
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid
from cxr_desktop.ui.widgets.heat_controls import HeatControls
from cxr_desktop.ui.widgets.image_canvas import ImageCanvas
from cxr_desktop.ui.widgets.typed_study import TypedStudy


class ExamViewer(QWidget):
    """Shows one film, one stored exam, or both. Nothing is computed from a film here.

    `study_typed` carries a `TypedStudy` while `edit_study` lets a person type, `measured` a tuple
    of `Measurement` after each change of what is measured on the film. With `is_map_at_once` the
    heat map is on from the start with each exam that is shown, else off until it is asked for.
    """

    study_typed = Signal(object)
    measured = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_map_at_once = False
        self._exam: ExamView | None = None
        self._drawn: tuple[Radiograph | None, ExamView | None] = (None, None)
        self.canvas = ImageCanvas()
        self.film_actions = make_film_actions(self.canvas, self)
        self.addActions(self.film_actions.all())
        actions, contour = self.film_actions, self.canvas.contour
        self.panel = ExamPanel(HeatControls(actions.heat_map, actions.contour.show, contour))
        self.panel.heat.opacity_changed.connect(self.canvas.set_heat_map_opacity)
        self.panel.study.typed_changed.connect(self.study_typed)
        self.canvas.measures.changed.connect(self._list_measurements)
        self.canvas.measures.changed.connect(self.measured)
        self.compare = CompareStage(self.canvas)
        self._bar = FilmBar(self.film_actions)
        self._middle = QHBoxLayout()
        self._left = QVBoxLayout()
        self._lay_out()

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
            self._list_measurements(())
        self._draw()

    def show_exam(
        self,
        exam: ExamView,
        radiograph: Radiograph | None = None,
        pyramid: FilmPyramid | None = None,
    ) -> None:
        """Show a stored exam, with its film where that is at hand.

        Raises ValueError for the film of another exam.
        """
        if radiograph is not None and radiograph.sha256 != exam.film.sha256:
            raise ValueError("this film belongs to another exam")
        film = self.canvas.film
        if radiograph is not None and film is not radiograph:
            self.canvas.show_film(radiograph, pyramid)
            self._list_measurements(())
        elif film is not None and film.sha256 != exam.film.sha256:
            self.canvas.clear()
            self._list_measurements(())
        self._exam = exam
        self._draw()

    def forget_exam(self) -> None:
        """Take the exam away and leave the film, which has no answer yet."""
        if self._exam is not None:
            self._exam = None
            self._draw()

    def clear(self) -> None:
        """Show nothing; no patient's text or picture stays behind."""
        self._exam, self._drawn = None, (None, None)
        self.canvas.clear()
        self.panel.clear()
        self.film_actions.show_state(self.canvas)

    def edit_study(self, typed: TypedStudy, problems: Mapping[str, str]) -> None:
        """Let a person type what the film's file says nothing of."""
        film = self.canvas.film
        if film is not None and self._exam is None:
            self.panel.study.edit_study(film.study, typed, problems)

    def show_study(self, study: StudyInfo) -> None:
        """Freeze patient and study as they will be stored."""
        if self.canvas.film is not None:
            self.panel.study.show_study(study)
            self.canvas.set_corners(Corners.of(study).with_compression(self.canvas.film))

    def show_measurements(self, measurements: tuple[Measurement, ...]) -> None:
        """Show these on the film, unless a point is just being moved."""
        if self.canvas.film is not None:
            self.canvas.measures.show(measurements)
            self._list_measurements(self.canvas.measures.book.measurements)

    def add_beside(self, widget: QWidget) -> None:
        """Put a screen's own list left of the film, under the tools; it gets a fifth of it."""
        self._middle.insertWidget(0, widget, 1)

    def add_below(self, widget: QWidget) -> None:
        """Put a screen's own strip under the film."""
        self._left.addWidget(widget)

    def add_tools(self, first: Sequence[QAction], last: Sequence[QAction]) -> None:
        """Put a screen's own tools before and after those of the film."""
        self._bar.add_tools(first, last)

    def _list_measurements(self, measurements: tuple[Measurement, ...]) -> None:
        self.panel.show_measurements(measurements, self.canvas.measures.spacing)
        self.film_actions.show_state(self.canvas)  # a calibration allows true size

    def _draw(self) -> None:
        """Draw film and exam, unless they are what is drawn: a field keeps its cursor."""
        film, exam = self.canvas.film, self._exam
        if self._drawn[0] is film and self._drawn[1] is exam:
            return
        self._drawn = (film, exam)
        if exam is not None:
            self.panel.show_exam(exam, film)
        elif film is not None:
            self.panel.show_film(film)
        else:
            self.panel.clear()
        if film is not None:
            study = exam.study if exam is not None else film.study
            self.canvas.set_corners(Corners.of(study).with_compression(film))
            answer = exam.assessment if exam is not None else None
            heat_map = answer.heat_map if answer is not None else None
            if self.canvas.heat_map is not heat_map:
                self.canvas.set_heat_map(heat_map)
                self.canvas.set_heat_map_visible(self.is_map_at_once)
        self.film_actions.show_state(self.canvas)

    def _lay_out(self) -> None:
        self._middle.setSpacing(0)
        self._middle.addWidget(self.compare, 4)
        self._left.setSpacing(0)
        self._left.addWidget(self._bar)
        self._left.addLayout(self._middle, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(self._left, 1)
        row.addWidget(self.panel)
