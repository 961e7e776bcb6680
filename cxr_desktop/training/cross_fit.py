"""How well a calibration holds on films it was not fitted to: halves of patients, many times.

The calibration error of a source is measured with both labels weighing half, because that is what
the fit promises; a source's own share of abnormal films says nothing about another hospital's.
Few films show an error even of a perfect calibration, so the error that chance alone would show is
measured beside it: scores of as many films, drawn so that they are exactly right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.training.logistic import Numbers
from cxr_desktop.training.scaling import (
    Flags,
    Groups,
    Scaling,
    Scores,
    balanced_weights,
    fit_isotonic,
    fit_platt,
    fit_source_shift,
    fit_temperature,
)

Curve = Callable[[Scores], Numbers]
Fit = Callable[[Scores, Flags, Numbers], Curve]
FOLDED: dict[str, Callable[[Scores, Flags, Numbers], Scaling]] = {  # what the file can hold
    "temperature": fit_temperature,
    "Platt": fit_platt,
    "Platt with a source's own shift": fit_source_shift,
}
COMPARED = "isotonic"
METHODS: dict[str, Fit] = {**FOLDED, COMPARED: fit_isotonic}
REPEATS = 20
DRAWS = 20
BINS = 10
SEED = 20261125
SURE = 1e-3  # a curve that says 0 or 1 is taken at its word only so far


@dataclass(frozen=True, slots=True)
class HeldOutError:
    """The calibration error of one source, as a mean over halves not fitted to.

    `by_chance` is what a perfect calibration would show on as many films.
    """

    error: float
    by_chance: float

    @property
    def beyond_chance(self) -> float:
        """The error less what chance would show; never below 0."""
        return max(0.0, self.error - self.by_chance)


@dataclass(frozen=True, slots=True, eq=False)
class CrossFit:
    """One method. `probabilities` are each film's mean over the fits without its patient, nan for
    films outside the groups; `loss` is the log loss on held-out halves, every source the same.
    """

    probabilities: Numbers
    loss: float
    errors: dict[str, HeldOutError]


def halves(
    abnormal: Flags, groups: Groups, patients: Sequence[str], rng: np.random.Generator
) -> Flags:
    """Part the patients in two: True for one half. Sources and labels are shared out evenly."""
    kinds = np.full(len(abnormal), "", dtype=object)
    for name, members in groups.items():
        kinds[members] = [f"{name} {abnormal[i]}" for i in members]
    first: dict[str, str] = {}
    for patient, kind in zip(patients, kinds, strict=True):
        first.setdefault(patient, kind)
    order = [list(first)[i] for i in rng.permutation(len(first))]
    ordered = sorted(order, key=lambda patient: first[patient])  # stable: random inside a kind
    side = {patient: bool(place % 2) for place, patient in enumerate(ordered)}
    return np.array([side[patient] for patient in patients], dtype=np.bool_)


def cross_fit(
    method: str,
    scores: Scores,
    abnormal: Flags,
    groups: Groups,
    patients: Sequence[str],
) -> CrossFit:
    """Fit a method to halves of the patients and measure it on the other halves, seeded."""
    rng = np.random.default_rng(SEED)
    total = np.zeros(len(abnormal))
    errors: dict[str, list[tuple[float, float]]] = {name: [] for name in groups}
    losses = []
    for _ in range(REPEATS):
        one = halves(abnormal, groups, patients, rng)
        for half in (one, ~one):
            fitted = {name: members[half[members]] for name, members in groups.items()}
            tested = {name: members[~half[members]] for name, members in groups.items()}
            curve = METHODS[method](scores, abnormal, balanced_weights(abnormal, fitted))
            said = curve(scores)
            total[~half] += said[~half]
            losses.append(_log_loss(said, abnormal, balanced_weights(abnormal, tested)))
            for name, members in tested.items():
                p, ill = said[members], abnormal[members]
                errors[name].append((balanced_error(p, ill), chance_error(p, ill, rng)))
    inside = np.isin(np.arange(len(abnormal)), np.concatenate(list(groups.values())))
    return CrossFit(
        np.where(inside, total / REPEATS, np.nan),
        fmean(losses),
        {
            name: HeldOutError(fmean(e for e, _ in pairs), fmean(c for _, c in pairs))
            for name, pairs in errors.items()
        },
    )


def _log_loss(said: Numbers, abnormal: Flags, weights: Numbers) -> float:
    p = np.clip(said, SURE, 1 - SURE)
    return float(-(weights * np.log(np.where(abnormal, p, 1 - p))).sum())


def balanced_error(probabilities: Numbers, abnormal: Flags) -> float:
    """Return the expected calibration error over ten bins, both labels weighing half.

    nan where a label is missing.
    """
    if abnormal.all() or not abnormal.any():
        return float("nan")
    weights = _half_each(abnormal)
    index = np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(index, weights * (abnormal - probabilities), BINS)
    return float(np.abs(gaps).sum())


def chance_error(probabilities: Numbers, abnormal: Flags, rng: np.random.Generator) -> float:
    """Return the error that films of a perfect calibration show: as many, with such scores."""
    weights = _half_each(abnormal)
    ill, well = weights * probabilities, weights * (1 - probabilities)
    if ill.sum() <= 0 or well.sum() <= 0:
        return float("nan")
    drawn: NDArray[np.int64]
    labels = np.arange(len(abnormal)) < abnormal.sum()
    found = []
    for _ in range(DRAWS):
        drawn = np.concatenate(
            [
                rng.choice(len(ill), int(labels.sum()), p=ill / ill.sum()),
                rng.choice(len(well), int((~labels).sum()), p=well / well.sum()),
            ]
        )
        found.append(balanced_error(probabilities[drawn], labels))
    return fmean(found)


def _half_each(abnormal: Flags) -> Numbers:
    return balanced_weights(abnormal, {"all": np.arange(len(abnormal))})
