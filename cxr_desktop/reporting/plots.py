"""ROC and reliability plots as SVG text, drawn without a plotting library."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from cxr_desktop.domain.evaluation import ScoredFilm
from cxr_desktop.domain.performance import auc

SIDE = 420
MARGIN = 64
LEGEND = 300
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")  # Okabe and Ito
Point = tuple[float, float]


def roc_svg(films: Sequence[ScoredFilm]) -> str:
    """Draw one ROC curve per source that has both labels."""
    curves = []
    for source, members in _by_source(films).items():
        scores = np.array([film.probability for film in members])
        abnormal = np.array([film.abnormal for film in members])
        if abnormal.any() and not abnormal.all():
            curves.append((f"{source}: AUC {auc(scores, abnormal)}", roc_points(scores, abnormal)))
    return _chart("ROC", "1 - specificity", "sensitivity", curves, marks=False)


def reliability_svg(films: Sequence[ScoredFilm], bins: int = 10) -> str:
    """Draw, per source, the share of abnormal films against what was said, in equal bins."""
    curves = []
    for source, members in _by_source(films).items():
        scores = np.array([film.probability for film in members])
        abnormal = np.array([film.abnormal for film in members])
        index = np.minimum((scores * bins).astype(np.int64), bins - 1)
        points = [
            (float(scores[index == b].mean()), float(abnormal[index == b].mean()))
            for b in range(bins)
            if (index == b).any()
        ]
        curves.append((f"{source}: {len(members)} films", points))
    return _chart("Reliability", "said: P(abnormal)", "seen: share abnormal", curves, marks=True)


def roc_points(scores: np.ndarray, abnormal: np.ndarray) -> list[Point]:
    """Return (1 - specificity, sensitivity) for every cut, from (0, 0) to (1, 1)."""
    cuts = np.unique(scores)[::-1]
    positives, negatives = scores[abnormal], scores[~abnormal]
    rest = [(float((negatives >= c).mean()), float((positives >= c).mean())) for c in cuts]
    return [(0.0, 0.0), *rest]


def _by_source(films: Sequence[ScoredFilm]) -> dict[str, list[ScoredFilm]]:
    groups: dict[str, list[ScoredFilm]] = {}
    for film in films:
        groups.setdefault(film.source, []).append(film)
    return dict(sorted(groups.items()))


def _place(point: Point) -> str:
    return f"{MARGIN + point[0] * SIDE:.1f},{MARGIN + (1 - point[1]) * SIDE:.1f}"


def _chart(
    title: str,
    across: str,
    up: str,
    curves: Sequence[tuple[str, Sequence[Point]]],
    *,
    marks: bool,
) -> str:
    """Draw curves in the unit square with its diagonal, a grid and a legend."""
    width, height = SIDE + 2 * MARGIN + LEGEND, SIDE + 2 * MARGIN
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'font-family="sans-serif" font-size="13">'
        ),
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{MARGIN}" y="{MARGIN - 24}" font-size="16">{escape(title)}</text>',
    ]
    for tick in np.linspace(0, 1, 6):
        x, y = MARGIN + tick * SIDE, MARGIN + (1 - tick) * SIDE
        parts += [
            f'<path d="M{x:.1f} {MARGIN}v{SIDE}M{MARGIN} {y:.1f}h{SIDE}" stroke="#dddddd"/>',
            f'<text x="{x:.1f}" y="{MARGIN + SIDE + 20}" text-anchor="middle">{tick:.1f}</text>',
            f'<text x="{MARGIN - 10}" y="{y + 4:.1f}" text-anchor="end">{tick:.1f}</text>',
        ]
    middle = MARGIN + SIDE / 2
    parts += [
        f'<text x="{middle}" y="{MARGIN + SIDE + 44}" text-anchor="middle">{escape(across)}</text>',
        (
            f'<text transform="translate(18 {middle}) rotate(-90)" text-anchor="middle">'
            f"{escape(up)}</text>"
        ),
        (
            f'<polyline points="{_place((0, 0))} {_place((1, 1))}" stroke="#888888" '
            'stroke-dasharray="4 4" fill="none"/>'
        ),
    ]
    for number, (name, points) in enumerate(curves):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(_place(point) for point in points)
        x, y = 2 * MARGIN + SIDE, MARGIN + 20 + 24 * number
        parts += [
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
            f'<path d="M{x - 40} {y - 4}h28" stroke="{colour}" stroke-width="3"/>',
            f'<text x="{x - 6}" y="{y}">{escape(name)}</text>',
        ]
        if marks:
            parts += [
                f'<circle cx="{place.split(",")[0]}" cy="{place.split(",")[1]}" r="4" '
                f'fill="{colour}"/>'
                for place in map(_place, points)
            ]
    return "\n".join([*parts, "</svg>", ""])
