"""A chart as a PNG picture, for documents that take no SVG."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.reporting.chart import (
    CAP,
    DIAGONAL,
    DOT,
    GRID,
    INK,
    MARGIN,
    SIDE,
    TICKS,
    WIDTH,
    Chart,
    Curve,
    Point,
    colour_of,
    height_of,
    legend_place,
    outline,
    place,
    places,
)

SCALE = 2  # pixels for each point of the page
SHIFT = 4  # sub-pixel bits of cv2's drawing functions
DASH = 8.0
FONT = cv2.FONT_HERSHEY_SIMPLEX
TEXT_SIZE, TITLE_SIZE = 0.48, 0.6
Picture = NDArray[np.uint8]


def chart_png(chart: Chart) -> bytes:
    """Draw the same page as `chart_svg`. Letters that the plain font lacks become “?”."""
    page: Picture = np.full((height_of(chart) * SCALE, WIDTH * SCALE, 3), 255, np.uint8)
    for tick in TICKS:
        x, y = place((tick, tick))
        _line(page, [(x, MARGIN), (x, MARGIN + SIDE)], GRID)
        _line(page, [(MARGIN, y), (MARGIN + SIDE, y)], GRID)
        _write(page, f"{tick:.1f}", (x - 11, MARGIN + SIDE + 22))
        _write(page, f"{tick:.1f}", (MARGIN - 34, y + 5))
    for start in np.arange(0.0, SIDE, 2 * DASH):
        ends = (start / SIDE, min(1.0, (start + DASH) / SIDE))
        _line(page, places([(end, end) for end in ends]), DIAGONAL)
    _write(page, chart.title, (MARGIN, MARGIN - 24), TITLE_SIZE)
    _write(page, chart.across, (MARGIN + SIDE / 2 - 50, MARGIN + SIDE + 48))
    _write_upwards(page, chart.up)
    for number, curve in enumerate(chart.curves):
        colour, (x, y) = colour_of(number), legend_place(number)
        _curve(page, curve, colour)
        _line(page, [(x - 40, y - 5), (x - 12, y - 5)], colour, 3)
        _write(page, curve.name, (x, y))
    for number, mark in enumerate(chart.marks, len(chart.curves)):
        x, y = legend_place(number)
        _write(page, mark.name, (x, y))
        for at in (*places(mark.points), (x - 26, y - 5)):
            _line(page, outline(at, mark.corners), INK, 2)
    if chart.note:
        _write(page, chart.note, legend_place(len(chart.curves) + len(chart.marks)))
    return bytes(cv2.imencode(".png", page)[1])


def _curve(page: Picture, curve: Curve, colour: str) -> None:
    _line(page, places(curve.points), colour, 2)
    for (x, y), (low, high) in zip(curve.points, curve.bars, strict=bool(curve.bars)):
        for end in (low, high):
            across, at = place((x, end))
            _line(page, [(across - CAP, at), (across + CAP, at)], colour)
        _line(page, places([(x, low), (x, high)]), colour)
        _dot(page, place((x, y)), colour)


def _pixel(point: Point) -> tuple[int, int]:
    unit = SCALE * (1 << SHIFT)
    return round(point[0] * unit), round(point[1] * unit)


def _bgr(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return blue, green, red


def _line(page: Picture, points: Sequence[Point], colour: str, width: int = 1) -> None:
    corners = np.array([_pixel(point) for point in points], np.int32)
    cv2.polylines(page, [corners], False, _bgr(colour), width * SCALE, cv2.LINE_AA, SHIFT)  # noqa: FBT003 - cv2 takes no names


def _dot(page: Picture, at: Point, colour: str) -> None:
    cv2.circle(page, _pixel(at), round(DOT) * SCALE << SHIFT, _bgr(colour), -1, cv2.LINE_AA, SHIFT)


def _write(page: Picture, text: str, at: Point, size: float = TEXT_SIZE) -> None:
    plain = text.encode("ascii", "replace").decode("ascii")
    where = (round(at[0] * SCALE), round(at[1] * SCALE))
    cv2.putText(page, plain, where, FONT, size * SCALE, _bgr(INK), SCALE - 1, cv2.LINE_AA)


def _write_upwards(page: Picture, text: str) -> None:
    """Write beside the upright axis, from below to above."""
    strip: Picture = np.full((20 * SCALE, SIDE * SCALE, 3), 255, np.uint8)
    _write(strip, text, (SIDE / 2 - 70, 15))
    turned = np.rot90(strip)
    top, left = MARGIN * SCALE, 6 * SCALE
    page[top : top + turned.shape[0], left : left + turned.shape[1]] = turned
