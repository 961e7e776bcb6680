"""A chart as SVG text."""

from __future__ import annotations

from html import escape

from cxr_desktop.reporting.chart import (
    DIAGONAL,
    GRID,
    HEIGHT,
    MARGIN,
    SIDE,
    TICKS,
    WIDTH,
    Chart,
    Point,
    colour_of,
    legend_place,
    place,
    places,
)


def chart_svg(chart: Chart) -> str:
    """Draw the curves with diagonal, grid and legend."""
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'font-family="sans-serif" font-size="13">'
        ),
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{MARGIN}" y="{MARGIN - 24}" font-size="16">{escape(chart.title)}</text>',
    ]
    for tick in TICKS:
        x, y = place((tick, tick))
        parts += [
            f'<path d="M{x:.1f} {MARGIN}v{SIDE}M{MARGIN} {y:.1f}h{SIDE}" stroke="{GRID}"/>',
            f'<text x="{x:.1f}" y="{MARGIN + SIDE + 20}" text-anchor="middle">{tick:.1f}</text>',
            f'<text x="{MARGIN - 10}" y="{y + 4:.1f}" text-anchor="end">{tick:.1f}</text>',
        ]
    middle = MARGIN + SIDE / 2
    parts += [
        (
            f'<text x="{middle}" y="{MARGIN + SIDE + 44}" text-anchor="middle">'
            f"{escape(chart.across)}</text>"
        ),
        (
            f'<text transform="translate(18 {middle}) rotate(-90)" text-anchor="middle">'
            f"{escape(chart.up)}</text>"
        ),
        (
            f'<polyline points="{_path(places([(0, 0), (1, 1)]))}" stroke="{DIAGONAL}" '
            'stroke-dasharray="4 4" fill="none"/>'
        ),
    ]
    for number, (name, points) in enumerate(chart.curves):
        colour, (x, y) = colour_of(number), legend_place(number)
        parts += [
            (
                f'<polyline points="{_path(places(points))}" fill="none" stroke="{colour}" '
                'stroke-width="2"/>'
            ),
            f'<path d="M{x - 40} {y - 4}h28" stroke="{colour}" stroke-width="3"/>',
            f'<text x="{x - 6}" y="{y}">{escape(name)}</text>',
        ]
        if chart.marks:
            parts += [
                f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4" fill="{colour}"/>'
                for px, py in places(points)
            ]
    return "\n".join([*parts, "</svg>", ""])


def _path(where: list[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in where)
