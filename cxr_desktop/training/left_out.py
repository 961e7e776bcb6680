"""Figures of hospitals that were left out of training, and the sentence that they allow.

Each file is written by the training (`loso.json`): group of test films -> [AUC, low, high].
Networks of other seeds differ by more than an interval over films can tell (docs/model.md), so
several files of the same hospital become one figure whose interval spans theirs.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from cxr_desktop.domain.performance import Estimate

CHANCE = 0.5
HOSPITALS = {
    "shenzhen": "Shenzhen",
    "nih_boxed": "NIH (boxed against radiologists' normal films)",
    "kermany": "Kermany",
}
NOT_MEASURED = (
    "How it reads films of a hospital that it was not trained on was not measured for this "
    "version: measure it on your own films first."
)


def read_left_out(path: Path) -> dict[str, Estimate]:
    """Read the file. Raises ValueError for one that is something else."""
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        found = {str(name): Estimate(*map(float, values)) for name, values in table.items()}
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name} is not a table of name: [value, low, high]") from error
    if not all(0 <= e.low <= e.value <= e.high <= 1 for e in found.values()):
        raise ValueError(f"{path.name} holds a figure outside its own interval")
    return found


def mean_of_runs(runs: Sequence[Mapping[str, Estimate]]) -> dict[str, Estimate]:
    """Return, per group, the mean AUC of the runs that tested it, from the lowest end of their
    intervals to the highest.
    """
    by_group: dict[str, list[Estimate]] = defaultdict(list)
    for run in runs:
        for name, estimate in run.items():
            by_group[name].append(estimate)
    return {
        name: Estimate(
            sum(e.value for e in found) / len(found),
            min(e.low for e in found),
            max(e.high for e in found),
        )
        for name, found in by_group.items()
    }


def left_out_figures(found: Mapping[str, Estimate], how: str) -> dict[str, str]:
    """Write every figure with its interval and what it means beside chance."""
    made = f" ({how})" if how else ""
    return {
        f"AUC, {name} left out of training": (
            f"{e.value:.3f} (95 % interval {e.low:.3f} to {e.high:.3f}), {beside_chance(e)}{made}"
        )
        for name, e in found.items()
    }


def beside_chance(estimate: Estimate) -> str:
    """Say whether an AUC is better or worse than chance, as far as its interval can tell."""
    if estimate.low > CHANCE:
        return "better than chance"
    if estimate.high < CHANCE:
        return "worse than chance"
    return "not to be told from chance"


def left_out_sentence(found: Mapping[str, Estimate], how: str = "") -> str:
    """Say, for the limits, what is known of hospitals that the model was not trained on.

    `how` tells which networks were trained without them.
    """
    parts = [
        f"{words} {found[name].value:.2f} ({found[name].low:.2f} to {found[name].high:.2f}, "
        f"{beside_chance(found[name])})"
        for name, words in HOSPITALS.items()
        if name in found
    ]
    if not parts:
        return NOT_MEASURED
    way = f"without it ({how})" if how else "the same way"
    return (
        "On films of a hospital that was left out of training, the AUC of networks trained "
        f"{way} was: {'; '.join(parts)}. Measure it on your own films first."
    )
