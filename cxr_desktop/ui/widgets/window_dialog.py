"""The grey window by figures and on a histogram; the film follows at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid
from cxr_desktop.ui.widgets.film_view import CENTRE_LIMITS, WIDTH_LIMITS, FilmView
from cxr_desktop.ui.widgets.histogram import Histogram
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.spin_text import with_room

FIELD_WIDTH = 160


class WindowDialog(QDialog):
    """Follows a film widget and sets its window; in per cent of the film's range of values."""

    def __init__(self, view: FilmView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.setWindowTitle(self.tr("Grey window"))
        self.centre = _percent_box(CENTRE_LIMITS)
        self.width_box = _percent_box(WIDTH_LIMITS)
        self.histogram = Histogram()
        self._counted: FilmPyramid | None = None
        form = QFormLayout()
        form.setHorizontalSpacing(Space.TWO)
        form.setVerticalSpacing(Space.ONE)
        for text, box in (
            (self.tr("&Centre (brightness)"), self.centre),
            (self.tr("&Width (contrast)"), self.width_box),
        ):
            label = plain_label(text)
            label.setBuddy(box)
            form.addRow(label, box)
        note = self.tr(
            "Per cent of the film's own range: 0 is its darkest value, 100 its lightest."
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.THREE, Space.THREE, Space.THREE, Space.TWO)
        column.setSpacing(Space.TWO)
        column.addWidget(self.histogram)
        column.addLayout(form)
        column.addWidget(plain_label(note, role="small", wrap=True))
        column.addWidget(buttons)
        for box in (self.centre, self.width_box):
            box.valueChanged.connect(self._on_typed)
        self.histogram.window_dragged.connect(view.set_window)
        view.view_changed.connect(self._follow)

    def show_window(self) -> None:
        """Open, or come forward, with the figures of the window in use."""
        if self._view.film is None:
            return
        self._follow(force=True)
        self.show()
        self.activateWindow()
        self.centre.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.centre.selectAll()

    def _follow(self, *, force: bool = False) -> None:
        if self._counted is not self._view.pyramid:
            self._counted = None  # keep no pixels of a film that went
        if not (force or self.isVisible()):
            return
        if self._view.film is None:
            self.reject()
            return
        if self._view.pyramid is not None and self._view.pyramid is not self._counted:
            self._counted = self._view.pyramid
            self.histogram.show_film(self._view.pyramid)
        window = self._view.window_level
        self.histogram.show_window(window)
        for box, value in ((self.centre, window.centre), (self.width_box, window.width)):
            if abs(box.value() - value * 100) > 10 ** -box.decimals() / 2:
                box.blockSignals(True)  # noqa: FBT003 - Qt's own signature
                box.setValue(value * 100)
                box.blockSignals(False)  # noqa: FBT003 - Qt's own signature

    def _on_typed(self) -> None:
        self._view.set_window(self.centre.value() / 100, self.width_box.value() / 100)


def _percent_box(limits: tuple[float, float]) -> QDoubleSpinBox:
    box = with_room(QDoubleSpinBox())
    box.setDecimals(1)
    box.setRange(limits[0] * 100, limits[1] * 100)
    box.setSingleStep(0.5)
    box.setSuffix(" %")
    box.setFixedWidth(FIELD_WIDTH)
    return box
