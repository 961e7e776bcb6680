"""Validation per source: the area under the ROC curve, never pooled over sources."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from cxr_desktop.domain.model_input import InputSpec
from cxr_desktop.training.film_store import FilmStore
from cxr_desktop.training.films import Film
from cxr_desktop.training.network import YoloV5Classifier
from cxr_desktop.training.precision import autocast


def validation_groups(films: Sequence[Film]) -> dict[str, NDArray[np.int64]]:
    """Group validation films so that each group has both labels.

    `nih_boxed` sets radiologist-boxed films against radiologist-normal ones; `nih_text` holds the
    text-mined labels of NIH ChestX-ray14, whose normals are often not normal.
    """
    names = {"nih_bbox": "nih_boxed", "nih_normal_rsna": "nih_boxed", "nih_cxr14": "nih_text"}
    groups: dict[str, list[int]] = {}
    for index, film in enumerate(films):
        groups.setdefault(names.get(film.source, film.source), []).append(index)
    return {name: np.array(members) for name, members in sorted(groups.items())}


def auc(scores: NDArray[np.float64], abnormal: NDArray[np.bool_]) -> float:
    """Probability that an abnormal film scores above a normal one, ties half (Mann-Whitney U).

    Returns nan when a label is missing.
    """
    positives, negatives = scores[abnormal], scores[~abnormal]
    if not len(positives) or not len(negatives):
        return float("nan")
    differences = np.sign(positives[:, None] - negatives[None, :])
    return float((differences.mean() + 1) / 2)


@torch.inference_mode()
def score_films(
    network: YoloV5Classifier, store: FilmStore, spec: InputSpec, batch: int = 32
) -> NDArray[np.float64]:
    """Return P(abnormal) of every film of the store, in order."""
    network.eval()
    device = next(network.parameters()).device
    scores = []
    for start in range(0, len(store.films), batch):
        indices = range(start, min(start + batch, len(store.films)))
        tensor = torch.from_numpy(store.prepared(indices, spec)).to(device)
        tensor = tensor.contiguous(memory_format=torch.channels_last)
        with autocast(device):
            logits = network(tensor)
        scores.append(torch.softmax(logits.float(), 1)[:, 1].cpu().numpy())
    return np.concatenate(scores).astype(np.float64)


def auc_per_group(films: Sequence[Film], scores: NDArray[np.float64]) -> dict[str, float]:
    """AUC of every validation group."""
    abnormal = np.array([film.is_abnormal for film in films])
    return {
        name: auc(scores[members], abnormal[members])
        for name, members in validation_groups(films).items()
    }
