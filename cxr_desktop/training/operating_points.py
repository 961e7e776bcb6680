"""The two cuts between normal, uncertain and abnormal, what they promise, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean

import numpy as np

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.performance import at_least, at_most
from cxr_desktop.training.cross_fit import REPEATS, SEED, halves
from cxr_desktop.training.logistic import Numbers
from cxr_desktop.training.scaling import Flags, Groups

MISSED_LIMIT = 0.02
PRECISION = 0.9
SURE = 0.95
RULE = (
    "normal: in no source with experts' labels more than 1 in 50 abnormal validation films; "
    "abnormal: in each of them at least 9 in 10 right if half of the films were abnormal; "
    "uncertain: all others"
)


def choose_points(probabilities: Numbers, abnormal: Flags, groups: Groups) -> OperatingPoints:
    """Choose the two cuts.

    `normal_below`: in no group do more than 2 % of the abnormal films fall below it.
    `abnormal_from`: the lowest cut at which, in every group that calls any film abnormal, the
    precision is at least 90 %, as it would be if half of the group's films were abnormal; 1 where
    there is no such cut. Rounded so that both still hold.
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
        if cut >= normal_below
        and worst_precision(probabilities, abnormal, groups, cut) >= PRECISION
    )
    return OperatingPoints(normal_below, min(1.0, next(good, 1.0)))


def worst_precision(probabilities: Numbers, abnormal: Flags, groups: Groups, cut: float) -> float:
    """Return the lowest precision of a group at 50 % prevalence; 0 when nothing is called."""
    found = [
        share
        for members in groups.values()
        if not math.isnan(share := precision(probabilities[members] >= cut, abnormal[members]))
    ]
    return min(found, default=0.0)


def precision(called: Flags, abnormal: Flags) -> float:
    """Share of abnormal films among those called, if half were abnormal; nan when none is."""
    hits, alarms = float(called[abnormal].mean()), float(called[~abnormal].mean())
    return hits / (hits + alarms) if hits + alarms else math.nan


def precision_bound(called: Flags, abnormal: Flags) -> float:
    """Return what that precision is at least, at 95 %: both shares by their bounds at 97.5 %."""
    each = 1 - (1 - SURE) / 2
    hits = at_least(int(called[abnormal].sum()), int(abnormal.sum()), each)
    alarms = at_most(int(called[~abnormal].sum()), int((~abnormal).sum()), each)
    return hits / (hits + alarms) if hits + alarms else math.nan


def point_figures(
    probabilities: Numbers, abnormal: Flags, groups: Groups, points: OperatingPoints
) -> dict[str, str]:
    """Say of every group how sure the promises are on as many films as it has."""
    lines = {}
    for name, members in groups.items():
        p, ill = probabilities[members], abnormal[members]
        missed, total = int((p[ill] < points.normal_below).sum()), int(ill.sum())
        lines[f"Abnormal films called normal at most, {name} validation"] = (
            f"{100 * at_most(missed, total):.1f} % (one-sided Clopper-Pearson bound at 95 %, from "
            f"{missed} of {total})"
        )
        called = p >= points.abnormal_from
        right = precision(called, ill)
        lines[f"Called abnormal and abnormal, {name} validation"] = (
            "nothing was called abnormal"
            if math.isnan(right)
            else f"{100 * right:.1f} % if half of the films were abnormal (at least "
            f"{100 * precision_bound(called, ill):.1f} % at 95 %)"
        )
    return lines


def held_out_figures(
    probabilities: Numbers,
    abnormal: Flags,
    groups: Groups,
    trusted: Groups,
    patients: Sequence[str],
) -> dict[str, str]:
    """Choose the points on halves of the patients and count on the other halves, 40 times."""
    rng = np.random.default_rng(SEED)
    missed: dict[str, list[float]] = {name: [] for name in trusted}
    right: dict[str, list[float]] = {name: [] for name in trusted}
    for _ in range(REPEATS):
        one = halves(abnormal, groups, patients, rng)
        for half in (one, ~one):
            fitted = {name: members[half[members]] for name, members in trusted.items()}
            points = choose_points(probabilities, abnormal, fitted)
            for name, members in trusted.items():
                rest = members[~half[members]]
                p, ill = probabilities[rest], abnormal[rest]
                missed[name].append(float((p[ill] < points.normal_below).mean()))
                right[name].append(precision(p >= points.abnormal_from, ill))
    lines = {}
    for name in trusted:
        known = [share for share in right[name] if not math.isnan(share)]
        lines[f"Abnormal films called normal, {name} halves the points were not chosen on"] = (
            f"{100 * fmean(missed[name]):.1f} % on average"
        )
        lines[f"Called abnormal and abnormal, {name} halves the points were not chosen on"] = (
            f"{100 * fmean(known):.1f} % on average" if known else "nothing was called abnormal"
        )
    return lines
