"""Covering parts of a film: drawn with the mouse or given by numbers."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from cxr_desktop.domain.deidentify import MaskBox
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.widgets.mask_canvas import MaskCanvas
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.spin_text import with_room


class MaskEditor(QWidget):
    """A `MaskCanvas` and, for whoever has no mouse, four numbers and a button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = MaskCanvas()
        self.numbers = [with_room(QSpinBox()) for _ in range(4)]
        self.add = QPushButton(self.tr("&Add box"))
        self.undo = QPushButton(self.tr("&Remove last"))
        self._count = plain_label(role="muted")
        line = QHBoxLayout()
        line.setSpacing(Space.ONE)
        names = (self.tr("Left"), self.tr("Top"), self.tr("Width"), self.tr("Height"))
        for number, (name, field) in enumerate(zip(names, self.numbers, strict=True)):
            field.setAccessibleName(name)
            field.setMinimum(0 if number < 2 else 1)
            named = QVBoxLayout()
            named.setSpacing(Space.HALF)
            named.addWidget(plain_label(name, role="muted"))
            named.addWidget(field)
            line.addLayout(named, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.ONE)
        buttons.addWidget(self._count, 1)
        buttons.addWidget(self.undo)
        buttons.addWidget(self.add)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(Space.ONE)
        page.addWidget(self.canvas, 1)
        page.addLayout(line)
        page.addLayout(buttons)
        self.add.clicked.connect(self._on_add)
        self.undo.clicked.connect(self.canvas.remove_last)
        self.canvas.changed.connect(self._on_changed)
        self._on_changed()

    @property
    def boxes(self) -> tuple[MaskBox, ...]:
        """What is to be covered."""
        return tuple(self.canvas.boxes)

    def show_film(self, film: Radiograph) -> None:
        """Show the film that is to be covered."""
        self.canvas.show_film(film)
        for field, most in zip(self.numbers, self.canvas.film_size * 2, strict=True):
            field.setMaximum(most)
        self._on_changed()

    def _on_add(self) -> None:
        x, y, width, height = (field.value() for field in self.numbers)
        self.canvas.add(MaskBox(x, y, width, height))

    def _on_changed(self) -> None:
        count = len(self.canvas.boxes)
        self._count.setText(self.tr("1 box") if count == 1 else self.tr("{0} boxes").format(count))
        self.undo.setEnabled(count > 0)
        self.add.setEnabled(self.canvas.film_size != (0, 0))
