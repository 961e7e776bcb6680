"""From validation scores to operating points, a meaning for every score, and figures per source.

The points, the scaling and the figures come from the SAME validation films: the figures flatter
the points a little, and the model card says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.performance import auc, wilson
from cxr_desktop.inference.manifest import MeaningRow
from cxr_desktop.training.films import Film
from cxr_desktop.training.sampler import trust

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Groups = Mapping[str, NDArray[np.int64]]

MISSED_LIMIT = 0.02
PRECISION = 0.9
TRUSTED = 0.9
LEAST_IN_ROW = 25


@dataclass(frozen=True, slots=True)
class Scaling:
    """P(abnormal) = logistic((log_odds - shift) / temperature); both fold into the last layer."""

    temperature: float = 1.0
    shift: float = 0.0

    def __call__(self, log_odds: Numbers) -> Numbers:
        """Return probabilities."""
        return logistic((log_odds - self.shift) / self.temperature)


@dataclass(frozen=True, slots=True)
class Calibration:
    """All that validation decides. `probabilities` are after the scaling, one per film."""

    scaling: Scaling
    probabilities: Numbers
    points: OperatingPoints
    meaning: tuple[MeaningRow, ...]
    figures: dict[str, str]


def trusted_groups(films: Sequence[Film], groups: Groups) -> dict[str, NDArray[np.int64]]:
    """Return the groups with both labels, and labels that experts gave: only these may decide."""
    return {
        name: members
        for name, members in groups.items()
        if len({films[i].is_abnormal for i in members}) == 2
        and float(np.mean([trust(films[i]) for i in members])) >= TRUSTED
    }


def calibrate_pack(
    log_odds: Numbers, abnormal: Flags, groups: Groups, trusted: Groups
) -> Calibration:
    """Choose scaling and points on the `trusted` groups; measure on all `groups`.

    `log_odds` is logit(abnormal) - logit(normal) of each film before the scaling. Raises
    ValueError without a trusted group.
    """
    if not trusted:
        raise ValueError("no validation group has both labels from experts")
    weights = balanced_weights(abnormal, trusted)
    scaling = fit_scaling(log_odds, abnormal, weights)
    probabilities = scaling(log_odds)
    points = choose_points(probabilities, abnormal, trusted)
    return Calibration(
        scaling=scaling,
        probabilities=probabilities,
        points=points,
        meaning=meaning_rows(probabilities, abnormal, weights),
        figures=figures(probabilities, abnormal, groups, points),
    )


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


def fit_scaling(log_odds: Numbers, abnormal: Flags, weights: Numbers) -> Scaling:
    """Fit temperature and shift by weighted logistic regression on the log-odds.

    Platt, "Probabilistic outputs for support vector machines", 1999, with his targets just inside
    0 and 1, so that labels parted without an error still give finite numbers. Newton's method with
    step halving. Raises ValueError when higher log-odds do not mean abnormal more often.
    """
    chosen = weights > 0
    x = np.column_stack([log_odds[chosen], np.ones(int(chosen.sum()))])
    ill, w = abnormal[chosen], weights[chosen]
    targets = np.where(ill, (ill.sum() + 1) / (ill.sum() + 2), 1 / ((~ill).sum() + 2))

    def loss(beta: Numbers) -> float:
        margins = x @ beta
        return float((w * (np.logaddexp(0.0, margins) - targets * margins)).sum())

    beta = np.array([1.0, 0.0])
    for _ in range(100):
        p = logistic(x @ beta)
        gradient = x.T @ (w * (p - targets))
        curvature = (x * (w * p * (1 - p))[:, None]).T @ x + 1e-12 * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        while loss(beta - step) > loss(beta) and np.abs(step).max() > 1e-12:
            step /= 2
        beta = beta - step
        if np.abs(step).max() < 1e-10:
            break
    if beta[0] <= 0:
        raise ValueError("the scores do not rise with abnormality")
    return Scaling(float(1 / beta[0]), float(-beta[1] / beta[0]))


def choose_points(probabilities: Numbers, abnormal: Flags, groups: Groups) -> OperatingPoints:
    """Choose the two cuts.

    `normal_below`: in no group do more than 2 % of the abnormal films fall below it.
    `abnormal_from`: the lowest cut at which the precision, as it would be if half of each group's
    films were abnormal, averages at least 90 % over the groups. Rounded so that both still hold.
    """
    lowest = []
    for members in groups.values():
        scores = np.sort(probabilities[members][abnormal[members]])
        lowest.append(float(scores[math.floor(MISSED_LIMIT * len(scores))]))
    normal_below = math.floor(min(lowest) * 1e4) / 1e4
    chosen = np.concatenate(list(groups.values()))
    cuts = sorted({math.ceil(p * 1e4) / 1e4 for p in probabilities[chosen]})
    good = (
        cut
        for cut in cuts
        if cut >= normal_below and _precision(probabilities, abnormal, groups, cut) >= PRECISION
    )
    abnormal_from = next(good, 1.0)
    return OperatingPoints(normal_below, min(1.0, abnormal_from))


def _precision(probabilities: Numbers, abnormal: Flags, groups: Groups, cut: float) -> float:
    """Precision at 50 % prevalence, averaged over the groups that call any film abnormal."""
    shares = []
    for members in groups.values():
        called = probabilities[members] >= cut
        hits = float(called[abnormal[members]].mean())
        alarms = float(called[~abnormal[members]].mean())
        if hits + alarms > 0:
            shares.append(hits / (hits + alarms))
    return float(np.mean(shares)) if shares else 0.0


def meaning_rows(
    probabilities: Numbers, abnormal: Flags, weights: Numbers
) -> tuple[MeaningRow, ...]:
    """Count how many of 100 balanced films with such a score were abnormal, in rows of scores.

    Neighbouring tenths are joined until each row has 25 films and the share only rises. Never 0 or
    100: so few films cannot show that.
    """
    rows = [_Row(tenth / 10, (tenth + 1) / 10) for tenth in range(10)]
    for p, ill, weight in zip(probabilities, abnormal, weights, strict=True):
        if weight > 0:
            rows[min(9, int(p * 10))].add(float(weight), ill=bool(ill))
    joined: list[_Row] = []
    for row in rows:
        joined.append(row)
        while len(joined) > 1 and joined[-2].must_join(joined[-1]):
            last = joined.pop()
            joined[-1] = joined[-1].with_(last)
    if len(joined) > 1 and joined[-1].films < LEAST_IN_ROW:
        last = joined.pop()
        joined[-1] = joined[-1].with_(last)
    return tuple(MeaningRow(r.low, r.high, min(99, max(1, round(100 * r.share)))) for r in joined)


@dataclass
class _Row:
    low: float
    high: float
    films: int = 0
    ill: float = 0.0
    all: float = 0.0

    @property
    def share(self) -> float:
        return self.ill / self.all if self.all else 0.0

    def add(self, weight: float, *, ill: bool) -> None:
        self.films += 1
        self.all += weight
        self.ill += weight * ill

    def must_join(self, other: _Row) -> bool:
        return self.films < LEAST_IN_ROW or other.films == 0 or other.share < self.share

    def with_(self, other: _Row) -> _Row:
        return _Row(
            self.low,
            other.high,
            self.films + other.films,
            self.ill + other.ill,
            self.all + other.all,
        )


def figures(
    probabilities: Numbers, abnormal: Flags, groups: Groups, points: OperatingPoints
) -> dict[str, str]:
    """Measure every group by itself, each figure with its 95 % interval."""
    lines = {}
    for name, members in groups.items():
        p, ill = probabilities[members], abnormal[members]
        if ill.all() or not ill.any():
            continue
        area = auc(p, ill)
        lines[f"AUC, {name} validation"] = (
            f"{area.value:.3f} (95 % interval {area.low:.3f} to {area.high:.3f}; "
            f"{int(ill.sum())} abnormal, {int((~ill).sum())} normal films)"
        )
        zones = (
            ("Abnormal films called abnormal", p[ill] >= points.abnormal_from),
            ("Abnormal films called normal", p[ill] < points.normal_below),
            ("Normal films called normal", p[~ill] < points.normal_below),
            ("Normal films called abnormal", p[~ill] >= points.abnormal_from),
            ("Films left uncertain", (p >= points.normal_below) & (p < points.abnormal_from)),
        )
        for title, flags in zones:
            lines[f"{title}, {name} validation"] = share_text(int(flags.sum()), len(flags))
    return lines


def share_text(count: int, total: int) -> str:
    """Write a share with its interval."""
    share = wilson(count, total)
    return (
        f"{count} of {total} ({100 * share.value:.1f} %, "
        f"95 % interval {100 * share.low:.1f} to {100 * share.high:.1f} %)"
    )
