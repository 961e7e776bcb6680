"""Measurements on a film under the mouse: drawn, taken hold of, moved, deleted, undone."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QPainter, QTransform

from cxr_desktop.domain.measurement import (
    SHORTEST,
    Measurement,
    MeasurementKind,
    Point,
    calibrated_spacing,
)
from cxr_desktop.domain.radiograph import PixelSpacing
from cxr_desktop.ui.widgets.film_view import FilmView
from cxr_desktop.ui.widgets.measure_book import REACH, Grip, MeasureBook
from cxr_desktop.ui.widgets.measure_paint import paint_lines, paint_measurement

ENDS = 2
DRAWN_BY_DRAG = 6.0  # screen pixels from which on letting go sets the next point


class MeasureLayer(QObject):
    """The measurements of the film in `view`. `changed` carries them when the reader changed some.

    `length_asked` follows a line drawn to calibrate: answer with `calibrate` or `give_up`.
    Positions are widget pixels.
    """

    changed = Signal(object)
    length_asked = Signal()

    def __init__(self, view: FilmView) -> None:
        super().__init__(view)
        self._view = view
        self._book = MeasureBook()
        self._cursor: QPointF | None = None
        self._pressed: QPointF | None = None  # where the point being drawn was set
        self._held: Grip | None = None
        self._held_at: Point = (0.0, 0.0)

    @property
    def book(self) -> MeasureBook:
        """What is drawn; call `show` here, not there, to replace it."""
        return self._book

    @property
    def spacing(self) -> PixelSpacing | None:
        """The size of a pixel: as the film's file says, else as it was calibrated by hand."""
        film = self._view.film
        if film is not None and film.spacing is not None:
            return film.spacing
        return calibrated_spacing(self._book.measurements)

    @property
    def is_busy(self) -> bool:
        """Whether a point is held or a measurement is half drawn."""
        return self._held is not None or self._book.drawing is not None

    def show(self, measurements: tuple[Measurement, ...]) -> None:
        """Show these instead, unless the reader holds a point of what is shown."""
        if self._held is None and measurements != self._book.measurements:
            self._book.show(measurements)
            self._pressed = None
            self._view.update()

    def clear(self) -> None:
        """Forget everything: another film comes."""
        self._book.show(())
        self._held = self._pressed = None

    # Mouse

    def press(self, at: QPointF, kind: MeasurementKind | None) -> bool:
        """Set a point of `kind`, or take hold of what lies here; whether either was done."""
        if self._view.film is None:
            return False
        self._cursor = at
        if self._book.drawing is None:
            grip = self._find(at)
            self._book.selected = grip.measurement if grip is not None else None
            if grip is not None:
                self._book.start_move()
                self._held, self._held_at = grip, self._film_point(at)
        if self._held is None and kind is not None:
            self._pressed = at
            self._add_point(kind, at)
        self._view.update()
        return self._held is not None or kind is not None

    def move(self, at: QPointF) -> bool:
        """Follow the mouse; whether it is needed here."""
        self._cursor = at
        if self._held is None:
            if self._book.drawing is not None:
                self._view.update()
            return self._book.drawing is not None
        point = self._film_point(at)
        self._book.move(self._held, (point[0] - self._held_at[0], point[1] - self._held_at[1]))
        self._held_at = point
        self._view.update()
        return True

    def release(self, at: QPointF, kind: MeasurementKind | None) -> None:
        """Let go: end a move, or set the next point when a line was drawn by dragging."""
        pressed, self._pressed = self._pressed, None
        if self._held is not None:
            self._held = None
            if self._book.end_move():
                self._tell()
        elif pressed is not None and kind is not None and self._book.drawing is kind:
            moved = at - pressed
            if moved.manhattanLength() >= DRAWN_BY_DRAG:
                self._add_point(kind, at)
        self._view.update()

    def is_over_one(self, at: QPointF) -> bool:
        """Whether there is something to take hold of here."""
        return self._book.drawing is None and self._find(at) is not None

    # Keys

    def give_up(self) -> bool:
        """Drop what is half drawn; whether there was anything."""
        dropped = self._book.give_up()
        self._view.update()
        return dropped

    def calibrate(self, millimetres: float) -> None:
        """Give the line that was drawn its length."""
        if self._is_awaiting_length:
            self._book.calibrate(millimetres)
            self._tell()

    def delete_selected(self) -> None:
        """Take the selected measurement away."""
        if self._held is None and self._book.delete_selected():
            self._tell()

    def delete_all(self) -> None:
        """Take all away."""
        if self._held is None and self._book.delete_all():
            self._tell()

    def undo(self) -> None:
        """Take the last change back."""
        before = self._book.measurements
        if self._held is None and self._book.undo():
            self._view.update()
            if self._book.measurements != before:
                self._tell()

    def paint(self, painter: QPainter, place: QTransform) -> None:
        """Draw all of it; a layer of `FilmDisplay`."""
        book = self._book
        if self._view.film is None:
            return
        for number, one in enumerate(book.measurements):
            selected = number == book.selected
            paint_measurement(painter, place, one, self.spacing, selected=selected)
        if book.drawing is None:
            return
        points = list(book.drawn)
        if self._cursor is not None and not self._is_awaiting_length:
            points.append(self._film_point(self._cursor))
        paint_lines(painter, place, book.drawing, points, selected=True)

    def _add_point(self, kind: MeasurementKind, at: QPointF) -> None:
        if self._is_awaiting_length:
            return
        before = self._book.measurements
        self._book.begin(kind, self._film_point(at))
        self._ask_length()
        if self._book.measurements != before:
            self._tell()

    def _ask_length(self) -> None:
        """Ask for the length of a calibration, once it is drawn long enough to be one."""
        if not self._is_awaiting_length:
            return
        if math.dist(*self._book.drawn) < SHORTEST:
            self._book.give_up()
        else:
            self.length_asked.emit()

    @property
    def _is_awaiting_length(self) -> bool:
        book = self._book
        return book.drawing is MeasurementKind.CALIBRATION and len(book.drawn) == ENDS

    def _tell(self) -> None:
        self._view.update()
        self.changed.emit(self._book.measurements)

    def _find(self, at: QPointF) -> Grip | None:
        place = self._view.film_to_widget
        scale = abs(place.determinant()) ** 0.5
        return self._book.find(_mapped(place, at), REACH / scale) if scale > 0 else None

    def _film_point(self, at: QPointF) -> Point:
        """Return the film point under a place of the widget, kept on the film."""
        x, y = _mapped(self._view.film_to_widget, at)
        film = self._view.film
        if film is None:
            return (x, y)
        return (min(max(x, 0.0), float(film.columns)), min(max(y, 0.0), float(film.rows)))


def _mapped(place: QTransform, at: QPointF) -> Point:
    point = place.inverted()[0].map(at)
    return (point.x(), point.y())
