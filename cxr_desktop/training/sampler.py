"""Which films a batch holds: hospitals by share, labels and views balanced, trust weighed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.training.films import Film

TRUST = (
    ("very low", 0.15),
    ("medium-low", 0.5),
    ("medium-high", 0.8),
    ("medium", 0.6),
    ("high", 1.0),
)


def trust(film: Film) -> float:
    """Weight of a film by how far its label can be believed (column `label_confidence`)."""
    return next((weight for prefix, weight in TRUST if film.confidence.startswith(prefix)), 0.5)


def sampling_weights(films: Sequence[Film], shares: Mapping[str, float]) -> NDArray[np.float64]:
    """Return the probability of each film to be drawn, summing to 1.

    Each hospital gets its share; inside it, normal and abnormal get half each, and the views of a
    label share its half equally, so that neither the hospital nor AP/PA tells the label.
    """
    trusts = np.array([trust(film) for film in films])
    groups: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index, film in enumerate(films):
        groups[film.hospital, film.label][film.view].append(index)
    weights = np.zeros(len(films))
    for (hospital, _label), views in groups.items():
        for members in views.values():
            share = shares.get(hospital, 0.0) / 2 / len(views)
            weights[members] = share * trusts[members] / trusts[members].sum()
    total = weights.sum()
    if total <= 0:
        raise ValueError("no film belongs to a hospital of the recipe")
    return np.asarray(weights / total, dtype=np.float64)


class BalancedSampler:
    """Draws batches of film indices with replacement."""

    def __init__(self, weights: NDArray[np.float64], rng: np.random.Generator) -> None:
        self._weights = weights
        self._rng = rng

    def draw(self, batch: int) -> NDArray[np.int64]:
        """Return `batch` indices."""
        return self._rng.choice(len(self._weights), size=batch, p=self._weights)
