"""How much a film looks like those of one source: a linear layer over the network's features.

One scaling for all films cannot be right where a network scores every film of one source too high,
the ill and the well. So films that look like that source's get a shift of their own
(`scaling.Scores`). What is recognised are the pictures of that source, not what they show: of
another hospital's children it may recognise none, and then nothing is shifted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cxr_desktop.training.films import Film
from cxr_desktop.training.gate_data import Sample, Seen, balanced_films, film_samples
from cxr_desktop.training.logistic import Numbers, fit_logistic, logistic

SOURCE = "kermany"
FILMS_PER_GROUP = 400  # of one source and label
RIDGE = 1e-3
RARE = 1 / 50  # how often, before it is seen, a film is taken to be of that source
SEED = 20261129


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """``logistic(features @ weights + bias)``: 0 for films unlike the source's, 1 for its own."""

    weights: Numbers
    bias: float

    def __call__(self, features: Numbers) -> Numbers:
        """Return the likeness of each row of features, (films, channels) to (films,)."""
        return logistic(features @ self.weights + self.bias)


def likeness_samples(trained: Sequence[Film]) -> Iterator[Sample]:
    """Yield the training films that a likeness is fitted to; none without the source's own."""
    if any(film.source == SOURCE for film in trained):
        rng = np.random.default_rng(SEED)
        yield from film_samples(balanced_films(trained, rng, FILMS_PER_GROUP))


def fit_likeness(seen: Seen) -> Likeness | None:
    """Fit to training films; None where one side is missing.

    The source and all others weigh half each; then the odds are taken to those of a rare source,
    so that a film must look much like it before anything is shifted.
    """
    own = seen.sources == SOURCE
    if own.all() or not own.any():
        return None
    centre, spread = seen.features.mean(0), seen.features.std(0) + 1e-6
    x = np.column_stack([(seen.features - centre) / spread, np.ones(len(own))])
    weights = np.where(own, 0.5 / own.sum(), 0.5 / (~own).sum())
    ridge = np.append(np.full(len(centre), RIDGE), 0.0)
    beta = fit_logistic(x, own.astype(np.float64), weights, np.zeros(x.shape[1]), ridge)
    slopes = beta[:-1] / spread
    prior = math.log(RARE / (1 - RARE))
    return Likeness(slopes, float(beta[-1] - centre @ slopes + prior))
