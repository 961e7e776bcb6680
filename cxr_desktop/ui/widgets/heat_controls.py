"""The switches of heat map and contour, opacity and level, and what both say and do not say."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QPixmap
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.ui import icons
from cxr_desktop.ui.keymap import with_key
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.widgets.heat_contour import LEAST, MOST, STEP, HeatContour
from cxr_desktop.ui.widgets.heat_overlay import legend_image
from cxr_desktop.ui.widgets.plain_label import plain_label

DEFAULT_OPACITY = 60


class HeatControls(QWidget):
    """Follows two checkable actions (H, G) and `contour`; `opacity_changed` carries 0..1."""

    opacity_changed = Signal(float)

    def __init__(
        self,
        action: QAction,
        contour_action: QAction,
        contour: HeatContour,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._action = action
        self._contour_action = contour_action
        self._contour = contour
        self.button = self._switch(action)
        self.contour_button = self._switch(contour_action)
        self.slider = _slider(10, 100, self.tr("Opacity of the heat map"))
        self.slider.setValue(DEFAULT_OPACITY)
        self.slider.valueChanged.connect(lambda value: self.opacity_changed.emit(value / 100))
        self.level = _slider(LEAST, MOST, self.tr("Level of the contour, percent"))
        self.level.setSingleStep(STEP)
        self.level.setPageStep(2 * STEP)
        self.level.valueChanged.connect(contour.set_level)
        self._level_text = plain_label(role="small")
        self._legend = plain_label(self.legend, role="small", wrap=True)
        self._details = self._make_details()
        self._levels = self._make_levels()
        contour.changed.connect(self._say)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.ONE)
        for part in (
            self.button, self._details, self.contour_button, self._levels, self._legend,
        ):  # fmt: skip
            column.addWidget(part)
        self._say()

    @property
    def legend(self) -> str:
        """What colours and line mean, in words."""
        return self.tr("Shows what moved the score towards abnormal, not the outline of a lesion")

    def _switch(self, action: QAction) -> QPushButton:
        button = QPushButton(icons.icon("map"), "")
        button.setCheckable(True)
        button.clicked.connect(action.toggle)  # which brings the button along
        action.changed.connect(self._say)  # the key, too, can change
        return button

    def _make_details(self) -> QWidget:
        details = QWidget()
        grid = QGridLayout(details)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(Space.HALF)
        opacity = plain_label(self.tr("&Opacity"), role="muted")
        opacity.setBuddy(self.slider)
        grid.addWidget(opacity, 0, 0)
        grid.addWidget(self.slider, 0, 1)
        scale = QLabel()
        scale.setPixmap(QPixmap.fromImage(legend_image()))
        scale.setScaledContents(True)
        scale.setFixedHeight(10)
        ends = QHBoxLayout()
        ends.setSpacing(Space.ONE)
        ends.addWidget(plain_label(self.tr("less"), role="small"))
        ends.addWidget(scale, 1)
        ends.addWidget(plain_label(self.tr("more"), role="small"))
        grid.addLayout(ends, 1, 0, 1, 2)
        return details

    def _make_levels(self) -> QWidget:
        levels = QWidget()
        row = QHBoxLayout(levels)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.ONE)
        name = plain_label(self.tr("Le&vel"), role="muted")
        name.setBuddy(self.level)
        row.addWidget(name)
        row.addWidget(self.level, 1)
        row.addWidget(self._level_text)
        return levels

    def _say(self) -> None:
        shown, drawn = self._action.isChecked(), self._contour_action.isChecked()
        heat = self.tr("Hide heat map") if shown else self.tr("Show heat map")
        line = self.tr("Hide contour") if drawn else self.tr("Show contour")
        for button, action, words in (
            (self.button, self._action, heat),
            (self.contour_button, self._contour_action, line),
        ):
            button.setChecked(action.isChecked())
            text = with_key(words, action)
            if text != button.text():
                button.setText(text)
        self._details.setVisible(shown)
        self._levels.setVisible(drawn)
        self._legend.setVisible(shown or drawn)
        with QSignalBlocker(self.level):
            self.level.setValue(self._contour.level)
        self._level_text.setText(self.tr("{level} %").format(level=self._contour.level))


def _slider(least: int, most: int, name: str) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(least, most)
    slider.setAccessibleName(name)
    return slider
