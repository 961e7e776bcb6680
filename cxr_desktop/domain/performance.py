"""How good a reader is, in figures with their uncertainty. Pure arithmetic, no data, no model.

Every proportion comes with Wilson's score interval and every AUC with DeLong's, at 95 %. Nothing
here pools hospitals: callers give one source at a time and may average the results.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Z_95 = 1.959963984540054
Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured value and its 95 % interval; nan where nothing was measured."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Three decimals: value (low-high)."""
        if math.isnan(self.value):
            return "not measured"
        return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})"


NOT_MEASURED = Estimate(math.nan, math.nan, math.nan)


def wilson(hits: int, total: int, z: float = Z_95) -> Estimate:
    """Proportion with the score interval of Wilson, JASA 1927."""
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total} is no proportion")
    if total == 0:
        return NOT_MEASURED
    share = hits / total
    spread = 1 + z * z / total
    centre = (share + z * z / (2 * total)) / spread
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / spread
    return Estimate(share, max(0.0, centre - half), min(1.0, centre + half))


def auc(scores: Scores, abnormal: Flags) -> Estimate:
    """Area under the ROC curve with DeLong's interval (DeLong et al., Biometrics 1988).

    The area is the probability that an abnormal film scores above a normal one, ties counted half.
    The interval is built on the logit scale, which keeps it inside 0..1 and its coverage right near
    the ends. Where DeLong's variance is 0 (films parted without an error) it is Wilson's interval
    for the rarer label instead: few films never prove perfection. Not measured when a label has
    fewer than two films.
    """
    above, below = _placements(scores, abnormal)
    fewest = min(len(above), len(below))
    if fewest < 2:
        return NOT_MEASURED
    area = float(above.mean())
    variance = float(above.var(ddof=1)) / len(above) + float(below.var(ddof=1)) / len(below)
    if variance <= 0 or area in {0.0, 1.0}:
        return replace(wilson(round(area * fewest), fewest), value=area)
    middle = math.log(area / (1 - area))
    half = Z_95 * math.sqrt(variance) / (area * (1 - area))
    return Estimate(area, _logistic(middle - half), _logistic(middle + half))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def _placements(scores: Scores, abnormal: Flags) -> tuple[Scores, Scores]:
    """Return, per abnormal film, the share of normals below it, and the reverse for normals."""
    positives, negatives = scores[abnormal], scores[~abnormal]
    if not len(positives) or not len(negatives):
        return np.empty(0), np.empty(0)
    return _share_below(positives, negatives), 1 - _share_below(negatives, positives)


def _share_below(scores: Scores, others: Scores) -> Scores:
    ordered = np.sort(others)
    lower = np.searchsorted(ordered, scores, side="left")
    upper = np.searchsorted(ordered, scores, side="right")
    return np.asarray((lower + upper) / (2 * len(others)), dtype=np.float64)


def calibration_error(scores: Scores, abnormal: Flags, bins: int = 10) -> Estimate:
    """Return the expected calibration error over equal bins (Naeini et al., AAAI 2015).

    The interval takes the films of each bin as given and Wilson's interval for its share of
    abnormal ones. Not measured without films.
    """
    if not len(scores):
        return NOT_MEASURED
    index = np.minimum((scores * bins).astype(np.int64), bins - 1)
    gaps, shares = [], []
    for number in np.unique(index):
        inside = index == number
        said = float(scores[inside].mean())
        gaps.append(_gap(wilson(int(abnormal[inside].sum()), int(inside.sum())), said))
        shares.append(float(inside.mean()))
    total = weighted_sum(gaps, shares)
    return Estimate(total.value, max(0.0, total.low), min(1.0, total.high))


def _gap(seen: Estimate, said: float) -> Estimate:
    """How far a share is from what was said of it, 0 or more."""
    ends = (abs(seen.low - said), abs(seen.high - said))
    crosses = seen.low <= said <= seen.high
    return Estimate(abs(seen.value - said), 0.0 if crosses else min(ends), max(ends))


def weighted_sum(estimates: Sequence[Estimate], weights: Sequence[float]) -> Estimate:
    """Add up independent estimates, with weights of 0 or more; what was not measured is left out.

    The interval is Zou and Donner's, from the parts' own (Statistics in Medicine 2008). Not
    measured when nothing is left.
    """
    pairs = [(e, w) for e, w in zip(estimates, weights, strict=True) if not math.isnan(e.value)]
    if not pairs:
        return NOT_MEASURED
    value = sum(w * e.value for e, w in pairs)
    below = math.sqrt(sum((w * (e.value - e.low)) ** 2 for e, w in pairs))
    above = math.sqrt(sum((w * (e.high - e.value)) ** 2 for e, w in pairs))
    return Estimate(value, value - below, value + above)


def mean(estimates: Sequence[Estimate]) -> Estimate:
    """Return the plain mean of independent estimates, each counting the same."""
    known = [estimate for estimate in estimates if not math.isnan(estimate.value)]
    return weighted_sum(known, [1 / len(known)] * len(known)) if known else NOT_MEASURED


def cleared_at(scores: Scores, abnormal: Flags, sensitivity: float) -> Estimate:
    """Share of normal films below the cut that keeps `sensitivity` of the abnormal ones."""
    if not abnormal.any() or abnormal.all():
        return NOT_MEASURED
    ordered = np.sort(scores[abnormal])
    missed = math.floor((1 - sensitivity) * len(ordered) + 1e-9)
    normals = scores[~abnormal]
    return wilson(int((normals < ordered[missed]).sum()), len(normals))


def predictive_values(
    sensitivity: float, specificity: float, prevalence: float
) -> tuple[float, float]:
    """Return (PPV, NPV) at a prevalence 0..1 by Bayes' rule; nan where nobody tests so."""
    true_positive = sensitivity * prevalence
    false_positive = (1 - specificity) * (1 - prevalence)
    true_negative = specificity * (1 - prevalence)
    false_negative = (1 - sensitivity) * prevalence
    called, cleared = true_positive + false_positive, true_negative + false_negative
    return (
        true_positive / called if called else math.nan,
        true_negative / cleared if cleared else math.nan,
    )


def positive_predictive_value(
    sensitivity: Estimate, specificity: Estimate, prevalence: float
) -> Estimate:
    """Share of abnormal films among those called abnormal, at a prevalence 0..1.

    The interval takes both ends at once, so it is at least at 95 %. Not measured where nothing is
    called abnormal.
    """
    value, low, high = (
        predictive_values(right, cleared, prevalence)[0]
        for right, cleared in (
            (sensitivity.value, specificity.value),
            (sensitivity.low, specificity.low),
            (sensitivity.high, specificity.high),
        )
    )
    if math.isnan(value):
        return NOT_MEASURED
    return Estimate(value, 0.0 if math.isnan(low) else low, 1.0 if math.isnan(high) else high)


def negative_predictive_value(
    sensitivity: Estimate, specificity: Estimate, prevalence: float
) -> Estimate:
    """Share of normal films among those called normal: the same rule with the labels exchanged."""
    return positive_predictive_value(specificity, sensitivity, 1 - prevalence)


def at_most(hits: int, total: int, confidence: float = 0.95) -> float:
    """Return the upper bound of a proportion, one-sided and exact; nan of nothing.

    Clopper and Pearson, Biometrika 1934: with the true share above it, so few hits or fewer would
    come up in less than 5 of 100 samples.
    """
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total} is no proportion")
    if total == 0:
        return math.nan
    if hits == total:
        return 1.0
    number = np.arange(hits + 1)
    ways = np.concatenate(([0.0], np.cumsum(np.log((total - number[1:] + 1) / number[1:]))))
    low, high = hits / total, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        each = ways + number * math.log(middle) + (total - number) * math.log1p(-middle)
        if float(np.exp(each).sum()) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def at_least(hits: int, total: int, confidence: float = 0.95) -> float:
    """Return the lower bound of a proportion, one-sided and exact; nan of nothing."""
    return 1 - at_most(total - hits, total, confidence)
