"""A chart as SVG text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

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


def chart_svg(chart: Chart) -> str:
    """Draw the curves with diagonal, grid and legend."""
    height = height_of(chart)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'font-family="sans-serif" font-size="16">'
        ),
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{MARGIN}" y="{MARGIN - 24}" font-size="20">{escape(chart.title)}</text>',
    ]
    for tick in TICKS:
        x, y = place((tick, tick))
        parts += [
            f'<path d="M{x:.1f} {MARGIN}v{SIDE}M{MARGIN} {y:.1f}h{SIDE}" stroke="{GRID}"/>',
            f'<text x="{x:.1f}" y="{MARGIN + SIDE + 22}" text-anchor="middle">{tick:.1f}</text>',
            f'<text x="{MARGIN - 10}" y="{y + 5:.1f}" text-anchor="end">{tick:.1f}</text>',
        ]
    middle = MARGIN + SIDE / 2
    parts += [
        (
            f'<text x="{middle}" y="{MARGIN + SIDE + 48}" text-anchor="middle">'
            f"{escape(chart.across)}</text>"
        ),
        (
            f'<text transform="translate(22 {middle}) rotate(-90)" text-anchor="middle">'
            f"{escape(chart.up)}</text>"
        ),
        _line(places([(0, 0), (1, 1)]), DIAGONAL, 'stroke-dasharray="4 4"'),
    ]
    for number, curve in enumerate(chart.curves):
        parts += _curve(curve, colour_of(number))
        parts += _legend(number, curve.name)
        x, y = legend_place(number)
        parts.append(
            _line([(x - 40, y - 5), (x - 12, y - 5)], colour_of(number), 'stroke-width="3"')
        )
    for number, mark in enumerate(chart.marks, len(chart.curves)):
        x, y = legend_place(number)
        parts += _legend(number, mark.name)
        parts += [
            _line(outline(at, mark.corners), INK, 'stroke-width="2"')
            for at in (*places(mark.points), (x - 26, y - 5))
        ]
    if chart.note:
        parts += _legend(len(chart.curves) + len(chart.marks), chart.note)
    return "\n".join([*parts, "</svg>", ""])


def _curve(curve: Curve, colour: str) -> list[str]:
    parts = [_line(places(curve.points), colour, 'stroke-width="2"')]
    for (x, y), (low, high) in zip(curve.points, curve.bars, strict=bool(curve.bars)):
        (across, upper), (_, lower) = places([(x, high), (x, low)])
        (_, middle) = place((x, y))
        ends = f"M{across - CAP:.1f} {upper:.1f}h{2 * CAP}M{across - CAP:.1f} {lower:.1f}h{2 * CAP}"
        parts += [
            f'<path d="M{across:.1f} {upper:.1f}V{lower:.1f}{ends}" stroke="{colour}"/>',
            f'<circle cx="{across:.1f}" cy="{middle:.1f}" r="{DOT}" fill="{colour}"/>',
        ]
    return parts


def _legend(number: int, words: str) -> list[str]:
    x, y = legend_place(number)
    return [f'<text x="{x}" y="{y}">{escape(words)}</text>']


def _line(where: Sequence[Point], colour: str, look: str) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in where)
    return f'<polyline points="{points}" fill="none" stroke="{colour}" {look}/>'
