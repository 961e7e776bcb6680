"""From validation scores to a scaling, operating points, a meaning for every score, and figures.

Scaling and points that ship are fitted to all validation films; how well such a fit holds on films
it was not fitted to is measured on halves (`cross_fit`, `operating_points`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.performance import auc, wilson
from cxr_desktop.inference.manifest import MeaningRow
from cxr_desktop.training.cross_fit import COMPARED, FOLDED, METHODS, CrossFit, cross_fit
from cxr_desktop.training.films import Film
from cxr_desktop.training.logistic import Numbers
from cxr_desktop.training.meaning import meaning_rows
from cxr_desktop.training.operating_points import (
    RULE,
    choose_points,
    held_out_figures,
    point_figures,
)
from cxr_desktop.training.sampler import trust
from cxr_desktop.training.scaling import (
    Flags,
    Groups,
    Scaling,
    Scores,
    balanced_weights,
)

TRUSTED = 0.9
WITH_SHIFT = "Platt"
LOOKS_LIKE = 0.5


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
    scores: Scores, abnormal: Flags, groups: Groups, trusted: Groups, patients: Sequence[str]
) -> Calibration:
    """Choose scaling and points on the `trusted` groups; measure on all `groups`.

    `scores` are each film's before the scaling, `patients` whose it is. Of the scalings that the
    file can hold (`FOLDED`) the one with the lowest loss on halves not fitted to is taken. Raises
    ValueError without a trusted group.
    """
    if not trusted:
        raise ValueError("no validation group has both labels from experts")
    weights = balanced_weights(abnormal, trusted)
    tried = _tried(scores, abnormal, trusted, patients)
    best = min((name for name in FOLDED if name in tried), key=lambda name: tried[name].loss)
    scaling = FOLDED[best](scores, abnormal, weights)
    probabilities = scaling(scores)
    points = choose_points(probabilities, abnormal, trusted)
    return Calibration(
        scaling=scaling,
        probabilities=probabilities,
        points=points,
        meaning=meaning_rows(tried[best].probabilities, abnormal, weights),
        figures={
            **figures(probabilities, abnormal, groups, points),
            **point_figures(probabilities, abnormal, trusted, points),
            **held_out_figures(probabilities, abnormal, groups, trusted, patients),
            **calibration_figures(best, tried, trusted),
            **likeness_figures(scores, groups),
            "Operating points": RULE,
        },
    )


def _tried(
    scores: Scores, abnormal: Flags, groups: Groups, patients: Sequence[str]
) -> dict[str, CrossFit]:
    """Cross-fit every method that can be fitted; without a shift, scores off to one side cannot,
    and a source's own shift needs films that look like it.

    Raises ValueError when Platt's scaling cannot either: then higher scores mean nothing.
    """
    tried = {}
    for name in METHODS:
        try:
            tried[name] = cross_fit(name, scores, abnormal, groups, patients)
        except ValueError:
            if name == WITH_SHIFT:
                raise
    return tried


def calibration_figures(best: str, tried: dict[str, CrossFit], groups: Groups) -> dict[str, str]:
    """Say how far off the probabilities are on halves not fitted to, source by source."""
    lines = {}
    for name, members in groups.items():
        held_out, compared = tried[best].errors[name], tried[COMPARED].errors[name]
        lines[f"Calibration error, {name} halves not fitted to"] = (
            f"{held_out.beyond_chance:.3f} beyond chance ({held_out.error:.3f}, of which a perfect "
            f"calibration would show {held_out.by_chance:.3f} on half of {len(members)} films; "
            f"{COMPARED} {compared.beyond_chance:.3f} beyond chance)"
        )
    losses = ", ".join(f"{name} {fit.loss:.3f}" for name, fit in tried.items())
    lines["Calibration"] = (
        f"{best} (sources and labels balanced); log loss on halves not fitted to: {losses} "
        "(isotonic for comparison: the file cannot hold it)"
    )
    return lines


def likeness_figures(scores: Scores, groups: Groups) -> dict[str, str]:
    """Say how many films of each group look like the source with a shift of its own."""
    if not scores.likeness.any():
        return {}
    return {
        f"Films that look like the source with a shift of its own, {name} validation": share_text(
            int((scores.likeness[members] >= LOOKS_LIKE).sum()), len(members)
        )
        for name, members in groups.items()
    }


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
