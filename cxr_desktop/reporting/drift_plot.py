"""Scores by week as SVG text: the darker a field, the more of that week's films lie in it."""

from __future__ import annotations

import math
from html import escape

from cxr_desktop.domain.drift import BINS, RECENT_WEEKS, Drift, DriftWeek

FIELD, TALL = 28, 22
LEFT, TOP, BELOW = 70, 46, 96
BLUE, ORANGE = "#0072b2", "#d55e00"  # Okabe and Ito


def drift_svg(drift: Drift) -> str:
    """Draw one column per week, the recent ones framed, and below them films and refusals."""
    count = len(drift.weeks)
    width, height = LEFT + FIELD * count + 40, TOP + TALL * BINS + BELOW
    parts = [
        _tag("rect", width=width, height=height, fill="#ffffff"),
        _text(LEFT, 24, f"P(abnormal) by week: {drift.model}", size=15, anchor="start"),
    ]
    parts += [
        _text(LEFT - 8, TOP + TALL * (BINS - tick) + 4, f"{tick / BINS:.1f}")
        for tick in range(0, BINS + 1, 5)
    ]
    for number, week in enumerate(drift.weeks):
        parts += _column(LEFT + FIELD * number, week)
    recent = min(RECENT_WEEKS, count)
    below = TOP + TALL * BINS
    frame: dict[str, str | int] = {"fill": "none", "stroke": ORANGE, "stroke-width": 2}
    parts += [
        _text(LEFT - 8, below + 18, "films"),
        _text(LEFT - 8, below + 36, "% refused"),
        _tag(
            "rect",
            x=LEFT + FIELD * (count - recent),
            y=TOP,
            width=FIELD * recent,
            height=TALL * BINS,
            **frame,
        ),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
    return "\n".join([f'{head} font-family="sans-serif">', *parts, "</svg>", ""])


def _column(x: int, week: DriftWeek) -> list[str]:
    parts = []
    for bin_, films in enumerate(week.scores):
        share = films / week.films if week.films else 0.0
        look = {"fill": BLUE, "fill-opacity": f"{min(1.0, share * 2):.3f}", "stroke": "#dddddd"}
        y = TOP + TALL * (BINS - 1 - bin_)
        parts.append(_tag("rect", x=x, y=y, width=FIELD, height=TALL, **look))
    middle, below = x + FIELD // 2, TOP + TALL * BINS
    rate = week.refusal_rate.value
    refused = "" if math.isnan(rate) else f"{rate * 100:.0f}"
    turned = f'transform="translate({middle + 4} {below + 88}) rotate(-90)" font-size="10"'
    return [
        *parts,
        _text(middle, below + 18, str(week.films), size=10, anchor="middle"),
        _text(middle, below + 36, refused, size=10, anchor="middle"),
        f"<text {turned}>{week.monday:%m-%d}</text>",
    ]


def _text(x: int, y: int, text: str, *, size: int = 12, anchor: str = "end") -> str:
    place = f'x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(text)}</text>"


def _tag(name: str, **values: str | int) -> str:
    return f"<{name} " + " ".join(f'{key}="{value}"' for key, value in values.items()) + "/>"
