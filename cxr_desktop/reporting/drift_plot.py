"""Weeks as SVG text: scores (the darker a field, the more films), then devices and models."""

from __future__ import annotations

import math
from html import escape

from cxr_desktop.domain.drift import BINS, RECENT_WEEKS, Drift, DriftWeek, Mix

FIELD, TALL = 28, 22
LEFT, TOP, BELOW = 88, 46, 114
BAND, BAND_TALL, LEGEND = 46, 80, 18
BLUE, ORANGE = "#0072b2", "#d55e00"  # Okabe and Ito
COLOURS = (BLUE, "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#999999")


def drift_svg(drift: Drift) -> str:
    """Draw one column per week, the recent ones framed, and below them films and refusals."""
    count = len(drift.weeks)
    width, scores_tall = LEFT + FIELD * count + 40, TOP + TALL * BINS + BELOW
    devices = _band("Devices by week", drift.devices, scores_tall)
    models_top = scores_tall + _band_tall(drift.devices)
    models = _band("Models by week", drift.models, models_top)
    height = models_top + _band_tall(drift.models)
    parts = [
        _tag("rect", width=width, height=height, fill="#ffffff"),
        _text(LEFT, 24, f"P(abnormal) by week: {drift.model}", size=15, anchor="start"),
    ]
    parts += [
        _text(LEFT - 8, TOP + TALL * (BINS - tick) + 4, f"{tick / BINS:.1f}")
        for tick in range(0, BINS + 1, 5)
    ]
    for number, week in enumerate(drift.weeks):
        parts += _column(LEFT + FIELD * number, week, drift.week_index(week))
    recent = min(RECENT_WEEKS, count)
    below = TOP + TALL * BINS
    frame: dict[str, str | int] = {"fill": "none", "stroke": ORANGE, "stroke-width": 2}
    parts += [
        _text(LEFT - 8, below + 18, "films"),
        _text(LEFT - 8, below + 36, "% refused"),
        _text(LEFT - 8, below + 54, "index (PSI)"),
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
    return "\n".join([f'{head} font-family="sans-serif">', *parts, *devices, *models, "</svg>", ""])


def _column(x: int, week: DriftWeek, index: float) -> list[str]:
    parts = []
    for bin_, films in enumerate(week.scores):
        share = films / week.films if week.films else 0.0
        look = {"fill": BLUE, "fill-opacity": f"{min(1.0, share * 2):.3f}", "stroke": "#dddddd"}
        y = TOP + TALL * (BINS - 1 - bin_)
        parts.append(_tag("rect", x=x, y=y, width=FIELD, height=TALL, **look))
    middle, below = x + FIELD // 2, TOP + TALL * BINS
    rate = week.refusal_rate.value
    refused = "" if math.isnan(rate) else f"{rate * 100:.0f}"
    moved = "" if math.isnan(index) else f"{index:.2f}"
    turned = f'transform="translate({middle + 4} {below + 106}) rotate(-90)" font-size="10"'
    return [
        *parts,
        _text(middle, below + 18, _count(week.films), size=10, anchor="middle"),
        _text(middle, below + 36, refused, size=10, anchor="middle"),
        _text(middle, below + 54, moved, size=10, anchor="middle"),
        f"<text {turned}>{week.monday:%m-%d}</text>",
    ]


def _band(title: str, mix: Mix, top: int) -> list[str]:
    """Draw one stacked column per week and, below, what each colour is."""
    parts = [_text(LEFT, top + 24, title, size=15, anchor="start")]
    foot = top + BAND - 8 + BAND_TALL
    for number, films in enumerate(mix.weeks):
        y, total = float(foot), sum(films)
        for colour, count in zip(COLOURS, films, strict=False):
            tall = BAND_TALL * count / total if total else 0.0
            y -= tall
            if count:
                place: dict[str, str | int] = {"y": f"{y:.1f}", "height": f"{tall:.1f}"}
                look = {"fill": colour, "stroke": "#ffffff", "stroke-width": "0.5"}
                x = LEFT + FIELD * number + 3
                parts.append(_tag("rect", x=x, width=FIELD - 6, **place, **look))
    for number, (name, before, now) in enumerate(mix.shares):
        y_of = foot + LEGEND * (number + 1)
        colour = COLOURS[number % len(COLOURS)]
        parts.append(_tag("rect", x=LEFT, y=y_of - 9, width=10, height=10, fill=colour))
        unit = "film" if now == 1 else "films"
        words = f"{name}: {now:,} {unit} in the last four weeks, {before:,} before"
        parts.append(_text(LEFT + 18, y_of, words, anchor="start"))
    return parts


def _count(films: int) -> str:
    """Return a number that fits below a column."""
    return str(films) if films < 10_000 else f"{films / 1000:.0f}k"


def _band_tall(mix: Mix) -> int:
    return BAND + BAND_TALL + LEGEND * len(mix.shares)


def _text(x: int, y: int, text: str, *, size: int = 12, anchor: str = "end") -> str:
    place = f'x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(text)}</text>"


def _tag(name: str, **values: str | int) -> str:
    return f"<{name} " + " ".join(f'{key}="{value}"' for key, value in values.items()) + "/>"
