"""A model's figures on films of known truth: every source by itself, then their plain mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.performance import (
    Estimate,
    Flags,
    Scores,
    auc,
    calibration_error,
    cleared_at,
    mean,
    negative_predictive_value,
    positive_predictive_value,
    wilson,
)

SENSITIVITIES = (0.95, 0.98, 0.99)


@dataclass(frozen=True, slots=True)
class ScoredFilm:
    """P(abnormal) of one film of known truth."""

    name: str
    source: str
    abnormal: bool
    probability: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """Films per truth and zone: (normal, uncertain, abnormal) for each truth."""

    normal: tuple[int, int, int]
    abnormal: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """What one source says of the model.

    At `normal_below`: `sensitivity` is the share of abnormal films not called normal, and
    `missed` its complement. At `abnormal_from`: `specificity` is the share of normal films not
    called abnormal. `accuracy` is the share called rightly of the films outside the uncertain zone,
    `uncertain` the share inside it. `ppv` and `npv` hold at `prevalence`.
    """

    source: str
    normals: int
    abnormals: int
    auc: Estimate
    sensitivity: Estimate
    specificity: Estimate
    accuracy: Estimate
    uncertain: Estimate
    cleared: tuple[Estimate, ...]
    calibration_error: Estimate
    ppv: Estimate
    npv: Estimate
    prevalence: float
    confusion: Confusion


@dataclass(frozen=True, slots=True)
class MacroFigures:
    """The plain mean over the sources that have both labels, each counting the same.

    `sources` names them. The rest as in `SourceFigures`.
    """

    sources: tuple[str, ...]
    auc: Estimate
    sensitivity: Estimate
    specificity: Estimate
    accuracy: Estimate
    uncertain: Estimate
    cleared: tuple[Estimate, ...]
    calibration_error: Estimate
    ppv: Estimate
    npv: Estimate


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All sources, their mean, and the worst misses."""

    sources: tuple[SourceFigures, ...]
    macro: MacroFigures
    worst_misses: tuple[ScoredFilm, ...]


def evaluate(
    films: Sequence[ScoredFilm],
    points: OperatingPoints,
    *,
    prevalence: float = 0.1,
    misses: int = 20,
) -> Evaluation:
    """Measure. The films of all sources together are never pooled into one figure."""
    by_source: dict[str, list[ScoredFilm]] = {}
    for film in films:
        by_source.setdefault(film.source, []).append(film)
    sources = tuple(
        _figures(source, members, points, prevalence)
        for source, members in sorted(by_source.items())
    )
    both = [figures for figures in sources if figures.normals and figures.abnormals]
    return Evaluation(sources, _macro(both), tuple(_worst(films)[:misses]))


def _macro(sources: Sequence[SourceFigures]) -> MacroFigures:
    def over(figure: Callable[[SourceFigures], Estimate]) -> Estimate:
        return mean([figure(source) for source in sources])

    return MacroFigures(
        sources=tuple(figures.source for figures in sources),
        auc=over(lambda source: source.auc),
        sensitivity=over(lambda source: source.sensitivity),
        specificity=over(lambda source: source.specificity),
        accuracy=over(lambda source: source.accuracy),
        uncertain=over(lambda source: source.uncertain),
        cleared=tuple(
            mean([source.cleared[place] for source in sources])
            for place in range(len(SENSITIVITIES))
        ),
        calibration_error=over(lambda source: source.calibration_error),
        ppv=over(lambda source: source.ppv),
        npv=over(lambda source: source.npv),
    )


def _figures(
    source: str, films: Sequence[ScoredFilm], points: OperatingPoints, prevalence: float
) -> SourceFigures:
    scores: Scores = np.array([film.probability for film in films], dtype=np.float64)
    abnormal: Flags = np.array([film.abnormal for film in films], dtype=np.bool_)
    low, high = scores < points.normal_below, scores >= points.abnormal_from
    decided = low | high
    right = (low & ~abnormal) | (high & abnormal)
    sensitivity = wilson(int((abnormal & ~low).sum()), int(abnormal.sum()))
    specificity = wilson(int((~abnormal & ~high).sum()), int((~abnormal).sum()))
    called = wilson(int((abnormal & high).sum()), int(abnormal.sum()))
    cleared = wilson(int((~abnormal & low).sum()), int((~abnormal).sum()))
    return SourceFigures(
        source=source,
        normals=int((~abnormal).sum()),
        abnormals=int(abnormal.sum()),
        auc=auc(scores, abnormal),
        sensitivity=sensitivity,
        specificity=specificity,
        accuracy=wilson(int(right.sum()), int(decided.sum())),
        uncertain=wilson(int((~decided).sum()), len(films)),
        cleared=tuple(cleared_at(scores, abnormal, level) for level in SENSITIVITIES),
        calibration_error=calibration_error(scores, abnormal),
        ppv=positive_predictive_value(called, specificity, prevalence),
        npv=negative_predictive_value(sensitivity, cleared, prevalence),
        prevalence=prevalence,
        confusion=Confusion(
            normal=_zones(low[~abnormal], high[~abnormal]),
            abnormal=_zones(low[abnormal], high[abnormal]),
        ),
    )


def _zones(low: Flags, high: Flags) -> tuple[int, int, int]:
    return int(low.sum()), len(low) - int(low.sum()) - int(high.sum()), int(high.sum())


def _worst(films: Sequence[ScoredFilm]) -> list[ScoredFilm]:
    """Films on the wrong side of one half, the farthest first."""
    wrong = [film for film in films if film.abnormal != (film.probability >= 0.5)]
    return sorted(wrong, key=lambda film: -abs(film.probability - 0.5))
