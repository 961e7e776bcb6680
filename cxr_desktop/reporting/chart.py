"""A chart of curves in the unit square: numbers and places, for whatever draws it.

Lengths are in points of a page of `WIDTH` by `height_of`, from the top left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SIDE = 440
MARGIN = 72
WIDTH = SIDE + 2 * MARGIN
LEGEND_LINE = 24
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")  # Okabe and Ito
GRID, DIAGONAL, INK = "#dddddd", "#888888", "#000000"
TICKS = tuple(float(tick) for tick in np.linspace(0, 1, 6))
DOT, MARK, CAP = 4.0, 8.0, 4.0  # half the size of a dot, of a mark, of the end of a bar
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """A named line of points 0..1; `bars` are intervals (low, high), one for each point, or none.

    A curve with bars has a dot at every point.
    """

    name: str
    points: tuple[Point, ...]
    bars: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A named place, on one curve or more, drawn as an outline of so many corners."""

    name: str
    corners: int
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Curves with their axes; the legend below names curves and marks, and says a `note`."""

    title: str
    across: str
    up: str
    curves: tuple[Curve, ...]
    marks: tuple[Mark, ...] = ()
    note: str = ""


def height_of(chart: Chart) -> int:
    """Return how high the page is: the square, its margins and the legend."""
    lines = len(chart.curves) + len(chart.marks) + bool(chart.note)
    return SIDE + 2 * MARGIN + LEGEND_LINE * lines


def place(point: Point) -> Point:
    """Return where a point of the unit square lies on the page."""
    return MARGIN + point[0] * SIDE, MARGIN + (1 - point[1]) * SIDE


def places(points: Sequence[Point]) -> list[Point]:
    """Return where several points lie."""
    return [place(point) for point in points]


def legend_place(number: int) -> Point:
    """Return where a line of the legend begins; its dash or mark lies to the left."""
    return float(MARGIN + 48), float(2 * MARGIN + SIDE + LEGEND_LINE * number)


def outline(at: Point, corners: int) -> list[Point]:
    """Return the corners of a mark around a place of the page, closed; four make a square."""
    turn = np.pi / 4 if corners == 4 else 0.0
    around = turn + 2 * np.pi * np.arange(corners + 1) / corners
    return [
        (float(at[0] + MARK * np.sin(angle)), float(at[1] - MARK * np.cos(angle)))
        for angle in around
    ]


def colour_of(number: int) -> str:
    """Return the colour of a curve."""
    return COLOURS[number % len(COLOURS)]
