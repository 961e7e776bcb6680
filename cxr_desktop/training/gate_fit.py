"""Fit the gate: where the training films lie, one linear layer, and how strict it is.

Everything is convex or exact and seeded: the same films give the same gate.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from cxr_desktop.inference.film_gate import (
    CLASSES,
    FARTHEST,
    FilmSpace,
    GateNumbers,
    Numbers,
    gate_inputs,
    margins,
)
from cxr_desktop.training.gate_data import FILM, SEED, Seen, half_of

FEATURE_AXES = 64
PICTURE_AXES = 24
BANK = 600
REFUSED_FILMS = 0.01  # of training films the gate was not fitted to
RIDGE = 1e-3
ROUNDS = 100
CROPPED_TOO = "small in a page"
SHARES = {
    "film": 0.5, "upside down": 0.06, "turned": 0.06, "inverted": 0.06, "cropped": 0.08,
    "other": 0.24,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """The spaces of a set of films, and every sample's inputs in them."""

    network: FilmSpace
    picture: FilmSpace
    inputs: Numbers


def class_of(kind: str) -> str:
    """Return the class a kind of picture belongs to."""
    if kind == CROPPED_TOO:
        return "cropped"
    return kind if kind in CLASSES else "other"


def fit_gate(seen: Seen) -> GateNumbers:
    """Fit to samples: films of kind "film" and others. The strictness comes from cross-fitting."""
    return replace(fit_layer(seen, lay_out(seen)), least_margin=_least_margin(seen))


def lay_out(seen: Seen) -> Place:
    """Find the films' spaces and place every sample in them."""
    films = np.flatnonzero(seen.kinds == FILM)
    bank = np.random.default_rng(SEED).permutation(len(films))[:BANK]
    own = np.full(len(seen.kinds), -1)
    own[films[bank]] = np.arange(len(bank))
    network, picture = (
        film_space(values[films], seen.sources[films], axes, bank)
        for values, axes in ((seen.features, FEATURE_AXES), (seen.pictures, PICTURE_AXES))
    )
    placed = network.place(seen.features, own)
    return Place(network, picture, gate_inputs(placed, picture, seen.pictures, own))


def film_space(
    values: Numbers, sources: NDArray[np.str_], axes: int, bank: NDArray[np.int64]
) -> FilmSpace:
    """Return the main axes of films' values, their sources' means and those in the bank."""
    mean = values.mean(0)
    centred = values - mean
    variance, directions = np.linalg.eigh(centred.T @ centred / len(values))
    count = min(axes, len(values) - 1)
    main = np.ascontiguousarray(directions[:, ::-1][:, :count])
    scale = np.sqrt(np.maximum(variance[::-1][:count], 1e-9))
    at = centred @ main / scale
    centres = np.array([at[sources == source].mean(0) for source in np.unique(sources)])
    return FilmSpace(mean, main, scale, centres, at[bank])


def fit_layer(seen: Seen, place: Place, chosen: NDArray[np.bool_] | None = None) -> GateNumbers:
    """Fit the linear layer to the `chosen` samples (all, by default): weighted logistic regression.

    Multinomial, with a ridge, by L-BFGS. Half of the weight is films', every source the same.
    """
    chosen = np.ones(len(seen.kinds), dtype=np.bool_) if chosen is None else chosen
    inputs = place.inputs[chosen]
    centre, spread = inputs.mean(0), inputs.std(0) + 1e-6
    x = torch.from_numpy(np.clip((inputs - centre) / spread, -FARTHEST, FARTHEST)).float()
    classes = np.array([CLASSES.index(class_of(str(kind))) for kind in seen.kinds[chosen]])
    y = torch.from_numpy(classes)
    shares = torch.from_numpy(_weights(seen.where(chosen))).float()
    weights = torch.zeros(len(CLASSES), x.shape[1], requires_grad=True)
    bias = torch.zeros(len(CLASSES), requires_grad=True)
    search = torch.optim.LBFGS(
        [weights, bias], max_iter=ROUNDS, history_size=20, line_search_fn="strong_wolfe"
    )

    def loss() -> torch.Tensor:
        search.zero_grad()
        each = torch.nn.functional.cross_entropy(x @ weights.T + bias, y, reduction="none")
        total = (each * shares).sum() + RIDGE * (weights**2).sum()
        total.backward()  # type: ignore[no-untyped-call] # torch's stub has no types here
        return total

    with _one_thread():
        search.step(loss)  # type: ignore[no-untyped-call] # torch's stub has no types here
    return GateNumbers(
        place.network,
        place.picture,
        centre,
        spread,
        weights.detach().numpy().astype(np.float64),
        bias.detach().numpy().astype(np.float64),
        least_margin=0.0,
    )


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute in one thread: so little gains nothing from more, and on a busy machine they wait."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _weights(seen: Seen) -> Numbers:
    """Weigh samples by the share of their class; in it films by source, others by kind."""
    weights = np.zeros(len(seen.kinds))
    classes = np.array([class_of(str(kind)) for kind in seen.kinds])
    for name, share in SHARES.items():
        names = np.where(classes == name, seen.sources if name == FILM else seen.kinds, "")
        present, counts = np.unique(names[classes == name], return_counts=True)
        # A kind with few pictures counts less than one with many, but not in proportion.
        parts = np.ones(len(counts)) if name == FILM else np.sqrt(counts)
        for one, count, part in zip(present, counts, parts, strict=True):
            members = (classes == name) & (names == one)
            weights[members] = share * part / parts.sum() / count
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _least_margin(seen: Seen) -> float:
    """Choose the margin that refuses so many films of patients who were not fitted to."""
    is_film = seen.kinds == FILM
    halves = np.array([half_of(str(group)) for group in seen.groups])
    found = []
    for half in (0, 1):
        part = seen.where(~is_film | (halves == half))
        numbers = fit_layer(part, lay_out(part))
        rest = seen.where(is_film & (halves != half))
        found.append(margins(numbers.scores(numbers.inputs(rest.features, rest.pictures))))
    return float(np.quantile(np.concatenate(found), REFUSED_FILMS))


def margins_of(numbers: GateNumbers, seen: Seen) -> Numbers:
    """Return every sample's log-odds of being a film."""
    return margins(numbers.scores(numbers.inputs(seen.features, seen.pictures)))
