"""From a network's log-odds to probabilities: temperature, Platt's scaling, or steps that rise.

Every fit takes weights, so that each source and each label counts as much as the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Groups = Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Scaling:
    """P(abnormal) = logistic((log_odds - shift) / temperature); both fold into the last layer."""

    temperature: float = 1.0
    shift: float = 0.0

    def __call__(self, log_odds: Numbers) -> Numbers:
        """Return probabilities."""
        return logistic((log_odds - self.shift) / self.temperature)


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """P(abnormal) = `shares` at rising log-odds `at`, straight lines between, even outside."""

    at: Numbers
    shares: Numbers

    def __call__(self, log_odds: Numbers) -> Numbers:
        """Return probabilities."""
        return np.asarray(np.interp(log_odds, self.at, self.shares), dtype=np.float64)


def logistic(values: Numbers) -> Numbers:
    """Return log-odds as probabilities."""
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -60, 60))), dtype=np.float64)


def balanced_weights(abnormal: Flags, groups: Groups) -> Numbers:
    """Weigh films so that every group counts the same and, inside it, both labels do; sum 1."""
    weights = np.zeros(len(abnormal))
    for members in groups.values():
        for label in (True, False):
            chosen = members[abnormal[members] == label]
            weights[chosen] = 0.5 / len(groups) / max(1, len(chosen))
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def fit_temperature(log_odds: Numbers, abnormal: Flags, weights: Numbers) -> Scaling:
    """Fit the temperature alone (Guo et al., ICML 2017)."""
    return _fit(log_odds, abnormal, weights, with_shift=False)


def fit_platt(log_odds: Numbers, abnormal: Flags, weights: Numbers) -> Scaling:
    """Fit temperature and shift.

    Platt, "Probabilistic outputs for support vector machines", 1999, with his targets just inside
    0 and 1, so that labels parted without an error still give finite numbers.
    """
    return _fit(log_odds, abnormal, weights, with_shift=True)


def _fit(log_odds: Numbers, abnormal: Flags, weights: Numbers, *, with_shift: bool) -> Scaling:
    """Weighted logistic regression by Newton's method with step halving.

    Raises ValueError when higher log-odds do not mean abnormal more often.
    """
    chosen = weights > 0
    x = np.column_stack([log_odds[chosen], np.ones(int(chosen.sum()))])[:, : 1 + with_shift]
    ill, w = abnormal[chosen], weights[chosen]
    targets = np.where(ill, (ill.sum() + 1) / (ill.sum() + 2), 1 / ((~ill).sum() + 2))

    def loss(beta: Numbers) -> float:
        margins = x @ beta
        return float((w * (np.logaddexp(0.0, margins) - targets * margins)).sum())

    beta = np.array([1.0, 0.0])[: x.shape[1]]
    for _ in range(100):
        p = logistic(x @ beta)
        gradient = x.T @ (w * (p - targets))
        curvature = (x * (w * p * (1 - p))[:, None]).T @ x + 1e-12 * np.eye(x.shape[1])
        step = np.linalg.solve(curvature, gradient)
        while loss(beta - step) > loss(beta) and np.abs(step).max() > 1e-12:
            step /= 2
        beta = beta - step
        if np.abs(step).max() < 1e-10:
            break
    if beta[0] <= 0:
        raise ValueError("the scores do not rise with abnormality")
    return Scaling(float(1 / beta[0]), float(-beta[1] / beta[0]) if with_shift else 0.0)


def fit_isotonic(log_odds: Numbers, abnormal: Flags, weights: Numbers) -> Steps:
    """Fit shares that only rise, by pooling neighbours that fall (Zadrozny and Elkan, KDD 2002)."""
    chosen = np.flatnonzero(weights > 0)
    at, place = np.unique(log_odds[chosen], return_inverse=True)
    weight = np.bincount(place, weights[chosen])
    share = np.bincount(place, weights[chosen] * abnormal[chosen]) / weight
    pooled: list[tuple[float, float, int]] = []  # share, weight, how many places
    for one, heavy in zip(share, weight, strict=True):
        pooled.append((float(one), float(heavy), 1))
        while len(pooled) > 1 and pooled[-2][0] > pooled[-1][0]:
            (s1, w1, n1), (s2, w2, n2) = pooled[-2:]
            pooled[-2:] = [((s1 * w1 + s2 * w2) / (w1 + w2), w1 + w2, n1 + n2)]
    return Steps(at, np.repeat([s for s, _, _ in pooled], [n for _, _, n in pooled]))
