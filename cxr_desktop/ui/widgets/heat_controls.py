"""The heat map's switch, its opacity, and what its colours say and do not say."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
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
from cxr_desktop.ui.widgets.heat_overlay import legend_image
from cxr_desktop.ui.widgets.plain_label import plain_label

DEFAULT_OPACITY = 60


class HeatControls(QWidget):
    """Follows a checkable `action` (key H); `opacity_changed` carries 0..1."""

    opacity_changed = Signal(float)

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = action
        self.button = QPushButton(icons.icon("map"), "")
        self.button.setCheckable(True)
        self.button.clicked.connect(action.toggle)  # which brings the button along
        action.toggled.connect(self._on_toggled)
        action.changed.connect(self._say)  # the key, too, can change
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(10, 100)
        self.slider.setValue(DEFAULT_OPACITY)
        self.slider.setAccessibleName(self.tr("Opacity of the heat map"))
        self.slider.valueChanged.connect(lambda value: self.opacity_changed.emit(value / 100))
        self._details = self._make_details()
        self._details.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.ONE)
        column.addWidget(self.button)
        column.addWidget(self._details)
        self._say()

    @property
    def legend(self) -> str:
        """What the colours mean, in words."""
        return self.tr("Moved the score towards abnormal (not the outline of a lesion)")

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
        grid.addWidget(plain_label(self.legend, role="small", wrap=True), 2, 0, 1, 2)
        return details

    def _on_toggled(self, shown: bool) -> None:
        self.button.setChecked(shown)
        self._say()
        self._details.setVisible(shown)

    def _say(self) -> None:
        shown = self._action.isChecked()
        words = self.tr("Hide heat map") if shown else self.tr("Show heat map")
        text = with_key(words, self._action)
        if text != self.button.text():
            self.button.setText(text)
