"""A chart of curves in the unit square: numbers and places, for whatever draws it.

Lengths are in points of a page of `WIDTH` x `HEIGHT`, from the top left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SIDE = 420
MARGIN = 64
LEGEND = 300
WIDTH, HEIGHT = SIDE + 2 * MARGIN + LEGEND, SIDE + 2 * MARGIN
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")  # Okabe and Ito
GRID, DIAGONAL, INK = "#dddddd", "#888888", "#000000"
TICKS = tuple(float(tick) for tick in np.linspace(0, 1, 6))
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Chart:
    """Named curves of points 0..1; with `marks` every point gets a dot."""

    title: str
    across: str
    up: str
    curves: tuple[tuple[str, tuple[Point, ...]], ...]
    marks: bool


def place(point: Point) -> Point:
    """Return where a point of the unit square lies on the page."""
    return MARGIN + point[0] * SIDE, MARGIN + (1 - point[1]) * SIDE


def places(points: Sequence[Point]) -> list[Point]:
    """Return where several points lie."""
    return [place(point) for point in points]


def legend_place(number: int) -> Point:
    """Return where the name of a curve begins; its dash lies to the left."""
    return 2 * MARGIN + SIDE, MARGIN + 20 + 24 * number


def colour_of(number: int) -> str:
    """Return the colour of a curve."""
    return COLOURS[number % len(COLOURS)]
