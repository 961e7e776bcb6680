"""The column beside a film: answer, cautions, heat map, patient and study, facts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.measurement import Measurement
from cxr_desktop.domain.radiograph import PixelSpacing, Radiograph
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.widgets.caution_list import CautionList
from cxr_desktop.ui.widgets.exam_facts import answer_rows, film_rows, stored_film_rows
from cxr_desktop.ui.widgets.facts import Facts
from cxr_desktop.ui.widgets.heat_controls import HeatControls
from cxr_desktop.ui.widgets.measure_text import name_of, text_of
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.study_form import StudyForm
from cxr_desktop.ui.widgets.verdict_badge import VerdictBadge

WIDTH = 328


class ExamPanel(QScrollArea):
    """Shows a film's facts, or a stored exam.

    `top` is a layout for what a screen adds above, `below` for what belongs under the answer.
    """

    def __init__(self, heat: HeatControls, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.badge = VerdictBadge()
        self.no_answer = plain_label(wrap=True)
        self.no_answer.setProperty("role", "card")
        self.no_answer.setMargin(Space.TWO)
        self.cautions = CautionList()
        self.heat = heat
        self.study = StudyForm()
        self.answer = Facts(self.tr("EXAM"))
        self.film = Facts(self.tr("FILM"))
        self.measured = Facts(self.tr("MEASURED"))
        self._study_title = plain_label(self.tr("PATIENT AND STUDY"), role="caption")
        self._lines: list[QFrame] = []
        self.top = QVBoxLayout()
        self.top.setSpacing(Space.ONE)
        self.below = QVBoxLayout()
        self._lay_out()
        self.clear()

    def clear(self) -> None:
        """Show nothing, and keep no text."""
        self._arrange()
        self.badge.clear()
        self.study.clear()
        self.cautions.show_cautions(())
        self.answer.show_rows(())
        self.film.show_rows(())
        self.measured.show_rows(())

    def show_film(self, film: Radiograph) -> None:
        """Show a film that has no answer yet."""
        self.badge.clear()
        self.cautions.show_cautions(film.cautions)
        self.study.show_study(film.study)
        self.answer.show_rows(())
        self.film.show_rows(film_rows(film))
        self._arrange(study=True)

    def show_exam(self, exam: ExamView, film: Radiograph | None) -> None:
        """Show a stored exam as it was answered; `film` adds facts once it is read again."""
        answer = exam.assessment
        if answer is not None:
            self.badge.show_assessment(answer)
        else:
            self.badge.clear()
        self.no_answer.setText(
            self.tr("Stored. The model's answer is shown after your own reading.")
            if exam.awaits_reading
            else self.tr("Stored. Your account does not show the model's answer.")
        )
        self.cautions.show_cautions(exam.cautions)
        self.study.show_study(exam.study)
        self.answer.show_rows(answer_rows(exam))
        self.film.show_rows(film_rows(film) if film is not None else stored_film_rows(exam.film))
        self._arrange(
            study=True,
            badge=answer is not None,
            no_answer=answer is None,
            heat=answer is not None and answer.heat_map is not None,
        )

    def show_measurements(
        self, measurements: tuple[Measurement, ...], spacing: PixelSpacing | None
    ) -> None:
        """List what was measured on the film, in words."""
        self.measured.show_rows(
            [(name_of(one.kind), text_of(one, spacing)) for one in measurements]
        )

    def _arrange(
        self,
        *,
        study: bool = False,
        badge: bool = False,
        no_answer: bool = False,
        heat: bool = False,
    ) -> None:
        """Show these parts; what stays shown is not touched, which spares laying it out again."""
        self.badge.setVisible(badge)
        self.no_answer.setVisible(no_answer)
        self.heat.setVisible(heat)
        for part in (self.study, self._study_title, *self._lines):
            part.setVisible(study)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(Space.TWO, Space.TWO, Space.TWO, Space.TWO)
        column.setSpacing(Space.TWO)
        column.addLayout(self.top)
        for part in (self.badge, self.no_answer, self.cautions, self.heat):
            column.addWidget(part)
        column.addLayout(self.below)
        column.addWidget(self._study_title)
        column.addWidget(self.study)
        column.addWidget(self._line())
        column.addWidget(self.measured)
        column.addWidget(self.answer)
        column.addWidget(self.film)
        column.addStretch(1)
        self.setWidget(inside)

    def _line(self) -> QFrame:
        line = QFrame()
        line.setProperty("role", "line")
        line.setFixedHeight(1)
        self._lines.append(line)
        return line
