"""From log-odds to probabilities: temperature, Platt's scaling, with or without a shift of one
source's own, or steps that rise.

Every fit takes weights, so that each source and each label counts as much as the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.training.logistic import Numbers, fit_logistic, logistic

Flags = NDArray[np.bool_]
Groups = Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What a network says of films, one value a film: the log-odds of abnormal before the scaling,
    and how much it looks like films of the source with a shift of its own (0 to 1; `likeness`).
    """

    log_odds: Numbers
    likeness: Numbers

    @classmethod
    def plain(cls, log_odds: Numbers) -> Scores:
        """Return scores where no source has a shift of its own."""
        return cls(log_odds, np.zeros(len(log_odds)))


@dataclass(frozen=True, slots=True)
class Scaling:
    """P(abnormal) = logistic((log_odds - shift - source_shift * likeness) / temperature).

    All of it folds into the exported graph.
    """

    temperature: float = 1.0
    shift: float = 0.0
    source_shift: float = 0.0

    def __call__(self, scores: Scores) -> Numbers:
        """Return probabilities."""
        moved = scores.log_odds - self.shift - self.source_shift * scores.likeness
        return logistic(moved / self.temperature)


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """P(abnormal) = `shares` at rising log-odds `at`, straight lines between, even outside."""

    at: Numbers
    shares: Numbers

    def __call__(self, scores: Scores) -> Numbers:
        """Return probabilities."""
        return np.asarray(np.interp(scores.log_odds, self.at, self.shares), dtype=np.float64)


def balanced_weights(abnormal: Flags, groups: Groups) -> Numbers:
    """Weigh films so that every group counts the same and, inside it, both labels do; sum 1."""
    weights = np.zeros(len(abnormal))
    for members in groups.values():
        for label in (True, False):
            chosen = members[abnormal[members] == label]
            weights[chosen] = 0.5 / len(groups) / max(1, len(chosen))
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def fit_temperature(scores: Scores, abnormal: Flags, weights: Numbers) -> Scaling:
    """Fit the temperature alone (Guo et al., ICML 2017)."""
    slope = _fit(scores.log_odds[:, None], abnormal, weights)
    return Scaling(float(1 / slope[0]))


def fit_platt(scores: Scores, abnormal: Flags, weights: Numbers) -> Scaling:
    """Fit temperature and shift.

    Platt, "Probabilistic outputs for support vector machines", 1999, with his targets just inside
    0 and 1, so that labels parted without an error still give finite numbers.
    """
    x = np.column_stack([scores.log_odds, np.ones(len(scores.log_odds))])
    slope, rest = _fit(x, abnormal, weights)
    return Scaling(float(1 / slope), float(-rest / slope))


def fit_source_shift(scores: Scores, abnormal: Flags, weights: Numbers) -> Scaling:
    """Fit temperature, shift, and the shift of films that look like one source's.

    Raises ValueError where no film looks like that source's.
    """
    if not scores.likeness.any():
        raise ValueError("no film looks like those of the source with a shift of its own")
    x = np.column_stack([scores.log_odds, np.ones(len(scores.log_odds)), scores.likeness])
    slope, rest, of_source = _fit(x, abnormal, weights)
    return Scaling(float(1 / slope), float(-rest / slope), float(-of_source / slope))


def _fit(x: Numbers, abnormal: Flags, weights: Numbers) -> Numbers:
    """Weighted logistic regression on columns of which the first holds the log-odds.

    Raises ValueError when higher log-odds do not mean abnormal more often.
    """
    chosen = weights > 0
    ill = abnormal[chosen]
    targets = np.where(ill, (ill.sum() + 1) / (ill.sum() + 2), 1 / ((~ill).sum() + 2))
    beta = fit_logistic(x[chosen], targets, weights[chosen], np.eye(x.shape[1])[0])
    if beta[0] <= 0:
        raise ValueError("the scores do not rise with abnormality")
    return beta


def fit_isotonic(scores: Scores, abnormal: Flags, weights: Numbers) -> Steps:
    """Fit shares that only rise, by pooling neighbours that fall (Zadrozny and Elkan, KDD 2002)."""
    chosen = np.flatnonzero(weights > 0)
    at, place = np.unique(scores.log_odds[chosen], return_inverse=True)
    weight = np.bincount(place, weights[chosen])
    share = np.bincount(place, weights[chosen] * abnormal[chosen]) / weight
    pooled: list[tuple[float, float, int]] = []  # share, weight, how many places
    for one, heavy in zip(share, weight, strict=True):
        pooled.append((float(one), float(heavy), 1))
        while len(pooled) > 1 and pooled[-2][0] > pooled[-1][0]:
            (s1, w1, n1), (s2, w2, n2) = pooled[-2:]
            pooled[-2:] = [((s1 * w1 + s2 * w2) / (w1 + w2), w1 + w2, n1 + n2)]
    return Steps(at, np.repeat([s for s, _, _ in pooled], [n for _, _, n in pooled]))
