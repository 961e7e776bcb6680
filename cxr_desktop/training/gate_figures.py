"""How often the gate refuses what it should, and what it should not; each with its interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.inference.film_gate import GateNumbers
from cxr_desktop.training.calibrate import share_text
from cxr_desktop.training.gate_data import FILM, Seen
from cxr_desktop.training.gate_fit import fit_layer, lay_out, margins_of

HOSPITALS = ("kermany", "nih", "shenzhen")
WORDS = {
    "ood_ct": "CT slices",
    "ood_dicom_a": "CT, MR and ultrasound pictures",
    "ood_documents": "scanned documents",
    "ood_knee": "knee films",
    "ood_screens_a": "screenshots",
    "ood_skimage": "photographs and test pictures",
    "ood_xanylabeling": "photographs and screenshots",
}


def gate_figures(
    numbers: GateNumbers, fitted: Seen, validation: Seen, made: Seen, held_out: Seen
) -> dict[str, str]:
    """Measure the gate. `made` comes from validation films, `held_out` was never fitted to."""
    lines = {}
    refused = refusals(numbers, validation)
    for source in np.unique(validation.sources):
        lines[f"Gate: films refused, {source} validation"] = _share(
            refused[validation.sources == source]
        )
    refused = refusals(numbers, held_out)
    lines["Gate: pictures that are no chest films refused, none of them fitted to"] = _share(
        refused
    )
    for kind in np.unique(held_out.kinds):
        name = f"Gate: {words(kind)} refused, others of the kind fitted to"
        lines[name] = _share(refused[held_out.kinds == kind])
    refused = refusals(numbers, made)
    for kind in np.unique(made.kinds):
        name = f"Gate: “{kind}” refused, other pictures so made fitted to"
        lines[name] = _share(refused[made.kinds == kind])
    lines |= _unseen_kinds(numbers, fitted, held_out)
    return lines | _unseen_hospitals(numbers, fitted, validation)


def refusals(numbers: GateNumbers, seen: Seen) -> NDArray[np.bool_]:
    """Tell which samples the gate refuses."""
    return np.asarray(margins_of(numbers, seen) < numbers.least_margin)


def words(kind: str) -> str:
    """Name a kind of picture for a person."""
    return WORDS.get(str(kind), str(kind))


def _unseen_kinds(numbers: GateNumbers, fitted: Seen, held_out: Seen) -> dict[str, str]:
    """Fit once more without each kind in turn, then count all of that kind."""
    lines, place = {}, lay_out(fitted)
    for kind in np.unique(fitted.kinds[fitted.kinds != FILM]):
        layer = fit_layer(fitted, place, fitted.kinds != kind)
        every = fitted.where(fitted.kinds == kind).and_(held_out.where(held_out.kinds == kind))
        refused = margins_of(layer, every) < numbers.least_margin
        lines[f"Gate: {words(kind)} refused, the kind unknown to the gate"] = _share(refused)
    return lines


def _unseen_hospitals(numbers: GateNumbers, fitted: Seen, validation: Seen) -> dict[str, str]:
    """Fit once more without each hospital in turn, then count its validation films."""
    lines = {}
    for hospital in HOSPITALS:
        theirs = np.char.startswith(fitted.sources, hospital)
        test = np.char.startswith(validation.sources, hospital)
        if not test.any() or not (~theirs & (fitted.kinds == FILM)).any():
            continue
        part = fitted.where(~theirs)
        layer = fit_layer(part, lay_out(part))
        refused = margins_of(layer, validation.where(test)) < numbers.least_margin
        name = f"Gate: {hospital} validation films refused, the place unknown to the gate"
        lines[name] = _share(refused)
    return lines


def _share(flags: NDArray[np.bool_]) -> str:
    return share_text(int(flags.sum()), len(flags))
