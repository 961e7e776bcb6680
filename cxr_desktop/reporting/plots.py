"""ROC and reliability plots of an evaluation, drawn without a plotting library."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.evaluation import ScoredFilm
from cxr_desktop.domain.performance import Flags, Scores, auc, wilson
from cxr_desktop.domain.texts import three_digits
from cxr_desktop.reporting.chart import Chart, Curve, Mark, Point
from cxr_desktop.reporting.chart_png import chart_png
from cxr_desktop.reporting.chart_svg import chart_svg

FINEST = 0.001  # of the square's side
LETTERS = 24  # of a source's name: the legend has no room for more


def draw_plots(
    films: Sequence[ScoredFilm], points: OperatingPoints | None = None
) -> dict[str, bytes]:
    """Return both plots as SVG and as PNG files, by name; `points` are marked on the curve."""
    files: dict[str, bytes] = {}
    charts = {"roc": roc_chart(films, points), "reliability": reliability_chart(films)}
    for name, chart in charts.items():
        files[f"{name}.svg"] = chart_svg(chart).encode()
        files[f"{name}.png"] = chart_png(chart)
    return files


def roc_chart(films: Sequence[ScoredFilm], points: OperatingPoints | None = None) -> Chart:
    """Draw one ROC curve per source that has both labels, and where the two cuts lie on each."""
    curves, both = [], []
    for source, members in _by_source(films).items():
        scores, abnormal = _arrays(members)
        if abnormal.any() and not abnormal.all():
            name = f"{_short(source)}: AUC {auc(scores, abnormal)}"
            curves.append(Curve(name, _thinned(roc_points(scores, abnormal))))
            both.append((scores, abnormal))
    marks: tuple[Mark, ...] = ()
    if points is not None and both:
        low, high = points.normal_below, points.abnormal_from
        marks = (
            Mark(
                f"normal below {three_digits(low)}", 4, tuple(roc_point(*one, low) for one in both)
            ),
            Mark(
                f"abnormal from {three_digits(high)}",
                3,
                tuple(roc_point(*one, high) for one in both),
            ),
        )
    return Chart("ROC curve", "1 - specificity", "sensitivity", tuple(curves), marks)


def reliability_chart(films: Sequence[ScoredFilm], bins: int = 10) -> Chart:
    """Draw, per source, the share of abnormal films against what was said, in equal bins."""
    curves = []
    for source, members in _by_source(films).items():
        scores, abnormal = _arrays(members)
        index = np.minimum((scores * bins).astype(np.int64), bins - 1)
        inside = [index == number for number in np.unique(index)]
        seen = [wilson(int(abnormal[one].sum()), int(one.sum())) for one in inside]
        said = [float(scores[one].mean()) for one in inside]
        curves.append(
            Curve(
                f"{_short(source)}: {len(members):,} films",
                tuple((x, y.value) for x, y in zip(said, seen, strict=True)),
                tuple((y.low, y.high) for y in seen),
            )
        )
    return Chart(
        "Reliability",
        "said: P(abnormal)",
        "seen: share abnormal",
        tuple(curves),
        note="Bars: 95 % interval of the share in each tenth (Wilson)",
    )


def roc_points(scores: Scores, abnormal: Flags) -> tuple[Point, ...]:
    """Return (1 - specificity, sensitivity) for every cut, from (0, 0) to (1, 1)."""
    cuts = np.unique(scores)[::-1]
    positives, negatives = np.sort(scores[abnormal]), np.sort(scores[~abnormal])
    hits, alarms = (1 - np.searchsorted(one, cuts) / len(one) for one in (positives, negatives))
    rest = zip(alarms.tolist(), hits.tolist(), strict=True)
    return ((0.0, 0.0), *rest)


def _thinned(points: Sequence[Point]) -> tuple[Point, ...]:
    """Leave out points nearer to the last one than a page can show; both ends stay."""
    kept = [points[0]]
    for point in points[1:-1]:
        if max(point[0] - kept[-1][0], point[1] - kept[-1][1]) >= FINEST:
            kept.append(point)
    return (*kept, points[-1])


def roc_point(scores: Scores, abnormal: Flags, cut: float) -> Point:
    """Return (1 - specificity, sensitivity) of calling films from this score on abnormal."""
    return float((scores[~abnormal] >= cut).mean()), float((scores[abnormal] >= cut).mean())


def _short(name: str) -> str:
    return name if len(name) <= LETTERS else f"{name[: LETTERS - 1]}…"


def _arrays(films: Sequence[ScoredFilm]) -> tuple[Scores, Flags]:
    scores = np.array([film.probability for film in films], dtype=np.float64)
    return scores, np.array([film.abnormal for film in films], dtype=np.bool_)


def _by_source(films: Sequence[ScoredFilm]) -> dict[str, list[ScoredFilm]]:
    groups: dict[str, list[ScoredFilm]] = {}
    for film in films:
        groups.setdefault(film.source, []).append(film)
    return dict(sorted(groups.items()))
