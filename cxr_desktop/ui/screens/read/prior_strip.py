"""The patient's earlier films under the film: a small picture and a day each."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from cxr_desktop.domain.priors import Prior
from cxr_desktop.ui import icons
from cxr_desktop.ui.palette import Palette, Space
from cxr_desktop.ui.screens.read.state import PriorFilm, PriorsState
from cxr_desktop.ui.widgets.compare_stage import CompareStage
from cxr_desktop.ui.widgets.corner_text import Corners
from cxr_desktop.ui.widgets.patient_text import date_text
from cxr_desktop.ui.widgets.plain_label import plain_label

PICTURE = 40
HEIGHT = 96


class PriorStrip(QFrame):
    """Shows a `PriorsState`; hidden without any. `chosen` carries the exam's id."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setFixedHeight(HEIGHT)
        self._priors: tuple[Prior, ...] = ()
        self.buttons: dict[str, QToolButton] = {}
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.HALF)
        inside = QWidget()
        inside.setLayout(self._row)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.ONE, Space.HALF, Space.ONE, 0)
        column.setSpacing(0)
        column.addWidget(plain_label(self.tr("EARLIER FILMS OF THIS PATIENT"), role="caption"))
        column.addWidget(area, 1)
        self.hide()

    def render_state(self, state: PriorsState) -> None:
        """Show these films, and which of them is open."""
        self.setVisible(bool(state.priors))
        if state.priors != self._priors:
            self._priors = state.priors
            self._fill()
        for exam_id, button in self.buttons.items():
            button.setChecked(exam_id == state.chosen)

    def _fill(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = {one.exam.exam_id: self._make(one) for one in self._priors}
        for button in self.buttons.values():
            self._row.addWidget(button)
        self._row.addStretch(1)

    def _make(self, prior: Prior) -> QToolButton:
        exam = prior.exam
        button = QToolButton()
        button.setIcon(_picture(prior))
        button.setIconSize(QSize(PICTURE, PICTURE))
        words = " ".join(part for part in (date_text(exam.day), exam.view_position) if part)
        button.setText(words.replace("&", "&&"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setCheckable(True)
        name = self.tr("Earlier film of {day}").format(day=date_text(exam.day))
        if prior.differs:
            button.setStyleSheet(f"color: {Palette.UNCERTAIN};")
            name = f"{name}. {differing()}"
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.clicked.connect(lambda: self.chosen.emit(exam.exam_id))
        return button


def show_prior(stage: CompareStage, shown: PriorFilm | None) -> None:
    """Put the earlier film beside the one shown, or take it away."""
    if shown is None:
        stage.end()
        return
    film = shown.film.radiograph
    day = date_text(shown.prior.exam.day)
    sign = QCoreApplication.translate("PriorStrip", "EARLIER FILM {day}").format(day=day)
    if shown.prior.differs:
        sign = f"{sign} · {differing().upper()}"
    corners = Corners.of(shown.exam.study).with_compression(film)
    stage.show_other(film, shown.film.pyramid, corners, sign)


def differing() -> str:
    """Say that the patient ID is the same and the rest is not."""
    return QCoreApplication.translate("PriorStrip", "Other name or birth date")


def _picture(prior: Prior) -> QIcon:
    pixmap = QPixmap()
    if prior.thumbnail is not None and pixmap.loadFromData(prior.thumbnail):
        return QIcon(pixmap)
    return icons.icon("film", Palette.MUTED)
