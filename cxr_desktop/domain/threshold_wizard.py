"""From films of known truth to operating points that miss at most 1 in N. Pure arithmetic.

The cut is an order statistic of the abnormal films' scores. If at most k of n lie below it, the
share of all abnormal films below it is, with 95 % confidence, at most the upper Clopper-Pearson
bound of k in n (Wilks, Annals of Mathematical Statistics 1941; scores without ties, films drawn as
those to come). So the promise holds for a cut that was chosen on these very films.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.evaluation import ScoredFilm
from cxr_desktop.domain.performance import Estimate, at_most, wilson

CONFIDENCE = 0.95  # of `at_most`
PROMISES = (10, 20, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Operating points and what they cost on the films they were found on.

    `missed` of `abnormal_films` lie below `points.normal_below`, `overcalled` of `normal_films` at
    or above `points.abnormal_from`; `most_missed` and `most_overcalled` are the 95 % bounds of
    these shares. `cleared` is the share of normal films called normal, `open_` that of all films
    left uncertain.
    """

    points: OperatingPoints
    miss_one_in: int
    alarm_one_in: int
    abnormal_films: int
    normal_films: int
    missed: int
    overcalled: int
    most_missed: float
    most_overcalled: float
    cleared: Estimate
    open_: Estimate


@dataclass(frozen=True, slots=True)
class TooFew:
    """Not enough films for that promise: so many of each kind are needed at least."""

    abnormal_needed: int
    normal_needed: int
    abnormal_films: int
    normal_films: int


def propose(
    films: Sequence[ScoredFilm], *, miss_one_in: int, alarm_one_in: int
) -> Proposal | TooFew:
    """Find the points that clear most and still miss at most 1 in `miss_one_in` abnormal films,
    and call at most 1 in `alarm_one_in` normal films abnormal; both at 95 % confidence.

    Raises ValueError for promises below 1 in 2.
    """
    if min(miss_one_in, alarm_one_in) < 2:
        raise ValueError("a promise is 1 in 2 at least")
    abnormal = sorted(film.probability for film in films if film.abnormal)
    normal = sorted((film.probability for film in films if not film.abnormal), reverse=True)
    misses = most_allowed(len(abnormal), 1 / miss_one_in)
    alarms = most_allowed(len(normal), 1 / alarm_one_in)
    if misses is None or alarms is None:
        return TooFew(
            least_films(miss_one_in), least_films(alarm_one_in), len(abnormal), len(normal)
        )
    low = abnormal[misses]
    high = max(low, min(1.0, math.nextafter(normal[alarms], 2.0)))
    points = OperatingPoints(low, high)
    missed = sum(score < low for score in abnormal)
    overcalled = sum(score >= high for score in normal)
    between = sum(low <= film.probability < high for film in films)
    return Proposal(
        points=points,
        miss_one_in=miss_one_in,
        alarm_one_in=alarm_one_in,
        abnormal_films=len(abnormal),
        normal_films=len(normal),
        missed=missed,
        overcalled=overcalled,
        most_missed=at_most(missed, len(abnormal)),
        most_overcalled=at_most(overcalled, len(normal)),
        cleared=wilson(sum(score < low for score in normal), len(normal)),
        open_=wilson(between, len(films)),
    )


def ladder(
    films: Sequence[ScoredFilm], alarm_one_in: int
) -> tuple[tuple[int, Proposal | TooFew], ...]:
    """Return what each of the usual promises would cost: (miss at most 1 in, outcome)."""
    return tuple(
        (one_in, propose(films, miss_one_in=one_in, alarm_one_in=alarm_one_in))
        for one_in in PROMISES
    )


def least_films(one_in: int) -> int:
    """Return how many films are needed when not one of them is missed."""
    return math.ceil(math.log(1 - CONFIDENCE) / math.log(1 - 1 / one_in))


def most_allowed(total: int, share: float) -> int | None:
    """Return how many of `total` may lie on the wrong side; None when even none is too many."""
    if total == 0 or at_most(0, total) > share:
        return None
    low, high = 0, total  # the bound grows with the hits: halve
    while high - low > 1:
        middle = (low + high) // 2
        if at_most(middle, total) <= share:
            low = middle
        else:
            high = middle
    return low
