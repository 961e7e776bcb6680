"""Asks how long something on the film is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.measurement import MOST_MILLIMETRES
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.spin_text import with_room

WIDTH = 400
LEAST = 1.0
USUAL = 100.0


class CalibrationDialog(QDialog):
    """`length_given` carries millimetres when it is accepted; gone when it is closed."""

    length_given = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Calibrate by hand"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        self.length = with_room(QDoubleSpinBox())
        self.length.setRange(LEAST, MOST_MILLIMETRES)
        self.length.setDecimals(1)
        self.length.setValue(USUAL)
        self.length.setSuffix(self.tr(" mm"))
        label = plain_label(self.tr("&Length of the line"))
        label.setBuddy(self.length)
        form = QFormLayout()
        form.setHorizontalSpacing(Space.TWO)
        form.addRow(label, self.length)
        note = self.tr(
            "Lengths then say that they were calibrated by hand. They hold in the plane of what"
            " was measured: a ruler or a marker that lay on the detector gives lengths there."
        )
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(lambda: self.length_given.emit(self.length.value()))
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.THREE, Space.THREE, Space.THREE, Space.TWO)
        column.setSpacing(Space.TWO)
        column.addLayout(form)
        column.addWidget(plain_label(note, role="small", wrap=True))
        column.addWidget(buttons)
        self.length.setFocus()
        self.length.selectAll()
