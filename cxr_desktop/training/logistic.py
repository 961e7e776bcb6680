"""Logistic regression with weights, by Newton's method: small, exact, always the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
ROUNDS = 100
CLOSE = 1e-10
LEAST_STEP = 1e-12  # is taken whatever the loss says: rounding decides no more


def logistic(values: Numbers) -> Numbers:
    """Return log-odds as probabilities."""
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -60, 60))), dtype=np.float64)


def fit_logistic(
    x: Numbers, targets: Numbers, weights: Numbers, start: Numbers, ridge: Numbers | float = 0.0
) -> Numbers:
    """Return the beta with the least weighted log loss of ``logistic(x @ beta)``.

    `x` is (films, columns), `targets` are 0 to 1, `weights` say how much a film counts, `start` is
    where the search begins. ``ridge * beta ** 2`` is added to the loss, `ridge` being one number or
    one for each column. Steps that would raise the loss are halved.
    """
    penalty = np.broadcast_to(np.asarray(ridge, dtype=np.float64), (x.shape[1],))

    def loss(beta: Numbers) -> float:
        margins = x @ beta
        data = float((weights * (np.logaddexp(0.0, margins) - targets * margins)).sum())
        return data + float((penalty * beta**2).sum())

    beta = np.array(start, dtype=np.float64)
    for _ in range(ROUNDS):
        p = logistic(x @ beta)
        gradient = x.T @ (weights * (p - targets)) + 2 * penalty * beta
        curvature = (x * (weights * p * (1 - p))[:, None]).T @ x + np.diag(2 * penalty + 1e-12)
        step = np.linalg.solve(curvature, gradient)
        while loss(beta - step) > loss(beta) and np.abs(step).max() > LEAST_STEP:
            step /= 2
        beta = beta - step
        if np.abs(step).max() < CLOSE:
            break
    return beta
