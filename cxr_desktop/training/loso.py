"""Leave one source out: train on all hospitals but one, test on every film of that one.

The only figure that says how films of a hospital outside the training data are read: a validation
film of a hospital that was trained on shares its shortcuts (docs/model.md).
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from cxr_desktop.domain.performance import Estimate, auc
from cxr_desktop.training.film_store import FilmStore
from cxr_desktop.training.films import TRAIN_SPLITS, VAL_SPLITS, Film
from cxr_desktop.training.final_file import read_final
from cxr_desktop.training.recipe import Recipe, smaller_before
from cxr_desktop.training.train import load_weights, train
from cxr_desktop.training.validate import score_films, validation_groups

log = logging.getLogger(__name__)

HOSPITALS = ("shenzhen", "nih", "kermany")
BLUR_SIGMA = 1.0
NORMAL_OF_BOXED = "nih_normal_rsna"
BOXED = "nih_bbox"


class BlurredStore(FilmStore):
    """The same films after a Gaussian blur: the collections' picture pipelines differ in sharpness.

    `sigma` is in pixels of the stored film.
    """

    def __init__(self, films: Sequence[Film], sigma: float = BLUR_SIGMA) -> None:
        super().__init__(films)
        self._sigma = sigma

    def pixels(self, index: int) -> NDArray[np.float32]:
        """Return film `index`, float32, 0..1."""
        sharp = super().pixels(index)
        return np.asarray(cv2.GaussianBlur(sharp, (0, 0), self._sigma), dtype=np.float32)


def hospitals_seen(stored: Mapping[str, Any]) -> set[str]:
    """Return the hospitals in a stored recipe and in those of the networks it was grown from."""
    before = smaller_before(stored)
    seen = set(stored["hospital_shares"]) - {stored.get("hold_out", "")}
    return seen.union(*(hospitals_seen(one) for one in before))


def held_out_films(films: Iterable[Film], hospital: str) -> list[Film]:
    """Return every labelled film of a hospital, whatever its split."""
    splits = (*TRAIN_SPLITS, *VAL_SPLITS)
    return [f for f in films if f.hospital == hospital and f.split in splits and f.label != "ood"]


def leave_one_out(
    films: Sequence[Film],
    recipe: Recipe,
    folder: Path,
    hospitals: Sequence[str] = HOSPITALS,
    seedlings: Sequence[Path] = (),
) -> dict[str, Estimate]:
    """Train one network per held-out hospital, resuming what was begun; return AUC per test group.

    Writes each run into `folder/<hospital>` and all figures into `folder/loso.json`. `seedlings`
    are networks to start from. Raises ValueError when one of them was trained on a hospital that
    is to be held out: the figure would say nothing.
    """
    seen = {name for one in seedlings for name in hospitals_seen(read_final(one).stored)}
    if known := sorted(seen & set(hospitals)):
        raise ValueError(f"a network to start from was trained on: {', '.join(known)}")
    figures: dict[str, Estimate] = {}
    for hospital in hospitals:
        run = folder / hospital
        one = replace(
            recipe,
            hold_out=hospital,
            hospital_shares={n: s for n, s in recipe.hospital_shares.items() if n != hospital},
        )
        if not (run / "final.pt").exists():
            train(films, one, run, resume=True, seedlings=seedlings)
        figures |= score_held_out(run / "final.pt", held_out_films(films, hospital), one)
        text = {name: [e.value, e.low, e.high] for name, e in figures.items()}
        (folder / "loso.json").write_text(json.dumps(text, indent=1) + "\n", encoding="utf-8")
        log.info("left out so far: %s", json.dumps(text))
    return figures


def score_held_out(final: Path, films: Sequence[Film], recipe: Recipe) -> dict[str, Estimate]:
    """AUC of each group of held-out films, as they are and blurred; boxed findings one by one."""
    network = load_weights(final).to("cuda" if torch.cuda.is_available() else "cpu")
    spec = recipe.input_spec(recipe.stages[-1].size)
    figures = {}
    for suffix, store in (("", FilmStore(films)), (", blurred", BlurredStore(films))):
        scores = score_films(network, store, spec)
        for name, members in groups_to_test(films).items():
            ill = np.array([films[i].is_abnormal for i in members])
            figure = auc(scores[members], ill)
            if not math.isnan(figure.value):  # a finding of a single film has no interval
                figures[f"{name}{suffix}"] = figure
    return figures


def groups_to_test(films: Sequence[Film]) -> dict[str, NDArray[np.int64]]:
    """Return the validation groups, and each boxed finding against the normals of radiologists."""
    groups = validation_groups(films)
    normal = [i for i, film in enumerate(films) if film.source == NORMAL_OF_BOXED]
    boxed = {i: film.finding.split("|") for i, film in enumerate(films) if film.source == BOXED}
    for finding in sorted({name for names in boxed.values() for name in names if name}):
        ill = [i for i, names in boxed.items() if finding in names]
        groups[f"nih_boxed: {finding}"] = np.array([*normal, *ill])
    return groups
