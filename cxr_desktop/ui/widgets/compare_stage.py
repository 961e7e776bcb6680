"""The film, and an earlier one beside or in place of it, seen alike."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.ui.widgets.corner_text import Corners
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid
from cxr_desktop.ui.widgets.image_canvas import ImageCanvas
from cxr_desktop.ui.widgets.linked_views import LinkedViews
from cxr_desktop.ui.widgets.tools import MouseButtons

GAP = 2
NARROWEST = 160


class CompareStage(QWidget):
    """Holds `canvas` and, hidden until `show_other`, a second one.

    What is done to one (zoom, place, window, invert) happens to the other; nothing is measured on
    the other.
    """

    def __init__(self, canvas: ImageCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = canvas
        self.other = ImageCanvas()
        self.other.setAccessibleName(self.tr("Earlier film"))
        self._links = LinkedViews(canvas, self.other)
        self._in_place = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        for one in (canvas, self.other):
            one.setMinimumWidth(NARROWEST)  # side by side in the smallest window
            self._row.addWidget(one, 1)
        self.other.hide()
        canvas.tool_changed.connect(self._follow_tool)

    @property
    def is_on(self) -> bool:
        """Whether there is an earlier film."""
        return self.other.film is not None

    @property
    def is_in_place(self) -> bool:
        """Whether one of the two takes all the room."""
        return self.is_on and self._in_place

    def show_other(
        self, film: Radiograph, pyramid: FilmPyramid, corners: Corners, sign: str
    ) -> None:
        """Show an earlier film beside; `sign` always says on it that it is one."""
        if self.other.film is film:
            return
        self.other.show_film(film, pyramid)
        self.other.set_corners(corners)
        self.other.set_sign(sign)
        self._follow_tool()
        self._links.lead(self.canvas)
        self.show_beside()

    def set_buttons(self, buttons: MouseButtons) -> None:
        """Let the mouse buttons do this on both films."""
        for one in (self.other, self.canvas):
            one.set_buttons(buttons)
        self._follow_tool()

    def end(self) -> None:
        """Take the earlier film away and forget it."""
        if self.is_on:
            self._in_place = False
            self.canvas.show()
            if self.other.hasFocus():
                self.canvas.setFocus()
            self.other.hide()
            self.other.set_sign("")
            self.other.clear()

    def show_beside(self) -> None:
        """Show both side by side."""
        self._in_place = False
        self.canvas.show()
        self.other.setVisible(self.is_on)

    def toggle_in_place(self) -> None:
        """Show the earlier film in the whole place of the film, or the film again."""
        if self.is_on:
            is_in_front = self.is_in_place and not self.other.isHidden()
            front = self.canvas if is_in_front else self.other
            back = self.other if front is self.canvas else self.canvas
            self._in_place = True
            front.show()
            front.setFocus()
            back.hide()

    def swap(self) -> None:
        """Exchange left and right."""
        last = self.other if self._row.indexOf(self.canvas) == 0 else self.canvas
        self._row.removeWidget(last)
        self._row.insertWidget(0, last, 1)

    def _follow_tool(self) -> None:
        measures = self.canvas.tool.measures is not None
        self.other.tool = self.other.buttons.left if measures else self.canvas.tool
