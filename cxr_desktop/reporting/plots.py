"""ROC and reliability plots of an evaluation, drawn without a plotting library."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxr_desktop.domain.evaluation import ScoredFilm
from cxr_desktop.domain.performance import auc
from cxr_desktop.reporting.chart import Chart, Point
from cxr_desktop.reporting.chart_png import chart_png
from cxr_desktop.reporting.chart_svg import chart_svg


def draw_plots(films: Sequence[ScoredFilm]) -> dict[str, bytes]:
    """Return both plots as SVG and as PNG files, by name."""
    files: dict[str, bytes] = {}
    for name, chart in (("roc", roc_chart(films)), ("reliability", reliability_chart(films))):
        files[f"{name}.svg"] = chart_svg(chart).encode()
        files[f"{name}.png"] = chart_png(chart)
    return files


def roc_chart(films: Sequence[ScoredFilm]) -> Chart:
    """Draw one ROC curve per source that has both labels."""
    curves = []
    for source, members in _by_source(films).items():
        scores = np.array([film.probability for film in members])
        abnormal = np.array([film.abnormal for film in members])
        if abnormal.any() and not abnormal.all():
            curves.append((f"{source}: AUC {auc(scores, abnormal)}", roc_points(scores, abnormal)))
    return Chart("ROC", "1 - specificity", "sensitivity", tuple(curves), marks=False)


def reliability_chart(films: Sequence[ScoredFilm], bins: int = 10) -> Chart:
    """Draw, per source, the share of abnormal films against what was said, in equal bins."""
    curves = []
    for source, members in _by_source(films).items():
        scores = np.array([film.probability for film in members])
        abnormal = np.array([film.abnormal for film in members])
        index = np.minimum((scores * bins).astype(np.int64), bins - 1)
        points = tuple(
            (float(scores[index == b].mean()), float(abnormal[index == b].mean()))
            for b in range(bins)
            if (index == b).any()
        )
        curves.append((f"{source}: {len(members)} films", points))
    return Chart(
        "Reliability", "said: P(abnormal)", "seen: share abnormal", tuple(curves), marks=True
    )


def roc_points(scores: np.ndarray, abnormal: np.ndarray) -> tuple[Point, ...]:
    """Return (1 - specificity, sensitivity) for every cut, from (0, 0) to (1, 1)."""
    cuts = np.unique(scores)[::-1]
    positives, negatives = scores[abnormal], scores[~abnormal]
    rest = [(float((negatives >= c).mean()), float((positives >= c).mean())) for c in cuts]
    return ((0.0, 0.0), *rest)


def _by_source(films: Sequence[ScoredFilm]) -> dict[str, list[ScoredFilm]]:
    groups: dict[str, list[ScoredFilm]] = {}
    for film in films:
        groups.setdefault(film.source, []).append(film)
    return dict(sorted(groups.items()))
