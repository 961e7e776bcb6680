"""The measurements of one film as they are drawn, moved and undone. No Qt, no painting."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from cxr_desktop.domain.measurement import POINTS, Measurement, MeasurementKind, Point

REACH = 9.0  # screen pixels within which a point or a line is taken hold of


@dataclass(frozen=True, slots=True)
class Grip:
    """A point (or with `point` None the line) of a measurement, by their numbers."""

    measurement: int
    point: int | None


class MeasureBook:
    """Finished measurements, the one being drawn, what is selected, and the way back."""

    def __init__(self) -> None:
        self._done: tuple[Measurement, ...] = ()
        self._past: list[tuple[Measurement, ...]] = []
        self._kind: MeasurementKind | None = None
        self.drawn: tuple[Point, ...] = ()
        self.selected: int | None = None

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """What is finished, in the order it was drawn."""
        return self._done

    @property
    def drawing(self) -> MeasurementKind | None:
        """What is being drawn."""
        return self._kind if self.drawn else None

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self.drawn or self._past)

    def show(self, measurements: tuple[Measurement, ...]) -> None:
        """Take these over; there is no way back from here."""
        self._done, self._past = measurements, []
        self.drawn, self.selected = (), None

    def begin(self, kind: MeasurementKind, at: Point) -> None:
        """Set the first point, or the next one of what is being drawn.

        A calibration waits for its length, `calibrate`, once both ends are there.
        """
        if self._kind is not kind:
            self.drawn = ()
        self._kind = kind
        self.selected = None
        self.drawn = (*self.drawn, at)
        if len(self.drawn) == POINTS[kind] and kind is not MeasurementKind.CALIBRATION:
            finished, self.drawn = Measurement(kind, self.drawn), ()
            self._change((*self._done, finished))
            self.selected = len(self._done) - 1

    def calibrate(self, millimetres: float) -> None:
        """Finish the calibration that is drawn, in place of an earlier one."""
        drawn, self.drawn = self.drawn, ()
        others = (one for one in self._done if one.kind is not MeasurementKind.CALIBRATION)
        finished = Measurement(MeasurementKind.CALIBRATION, drawn, millimetres)
        self._change((*others, finished))
        self.selected = len(self._done) - 1

    def give_up(self) -> bool:
        """Drop what is being drawn; whether there was anything."""
        was_drawing = bool(self.drawn)
        self.drawn = ()
        return was_drawing

    def start_move(self) -> None:
        """Remember how things are before a point is moved."""
        self._past.append(self._done)

    def move(self, grip: Grip, by: Point) -> None:
        """Move a point, or the whole measurement, by film pixels."""
        old = self._done[grip.measurement]
        points = tuple(
            (x + by[0], y + by[1]) if grip.point in {None, place} else (x, y)
            for place, (x, y) in enumerate(old.points)
        )
        changed = list(self._done)
        changed[grip.measurement] = replace(old, points=points)
        self._done = tuple(changed)

    def end_move(self) -> bool:
        """Forget the remembered state when nothing moved; whether something did."""
        if self._past and self._past[-1] == self._done:
            self._past.pop()
            return False
        return True

    def delete_selected(self) -> bool:
        """Take the selected measurement away; whether there was one."""
        place = self.selected
        if place is None:
            return False
        self._change(self._done[:place] + self._done[place + 1 :])
        return True

    def delete_all(self) -> bool:
        """Take all away; whether there were any."""
        self.drawn = ()
        if not self._done:
            return False
        self._change(())
        return True

    def undo(self) -> bool:
        """Take back the last point being drawn, else the last change; whether there was one."""
        if self.drawn:
            self.drawn = self.drawn[:-1]
            return True
        if not self._past:
            return False
        self._done, self.selected = self._past.pop(), None
        return True

    def find(self, at: Point, reach: float) -> Grip | None:
        """Return what lies within `reach` film pixels: points before lines, newest first."""
        numbered = list(enumerate(self._done))[::-1]
        for number, one in numbered:
            for place, point in enumerate(one.points):
                if math.dist(at, point) <= reach:
                    return Grip(number, place)
        for number, one in numbered:
            if any(_away(at, *line) <= reach for line in lines_of(one.kind, one.points)):
                return Grip(number, None)
        return None

    def _change(self, measurements: tuple[Measurement, ...]) -> None:
        self._past.append(self._done)
        self._done, self.selected = measurements, None


def lines_of(kind: MeasurementKind, points: tuple[Point, ...]) -> list[tuple[Point, Point]]:
    """Return the lines between those points that are there already."""
    pairs = [(0, 1), (1, 2)] if kind is MeasurementKind.ANGLE else [(0, 1), (2, 3)]
    return [(points[a], points[b]) for a, b in pairs if b < len(points)]


def _away(at: Point, start: Point, end: Point) -> float:
    """Return the distance from a point to a line between two others."""
    length = math.dist(start, end)
    if length == 0:
        return math.dist(at, start)
    along = (at[0] - start[0]) * (end[0] - start[0]) + (at[1] - start[1]) * (end[1] - start[1])
    share = min(max(along / length**2, 0.0), 1.0)
    nearest = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
    return math.dist(at, nearest)
